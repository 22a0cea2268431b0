#pragma once

#include <algorithm>
#include <cstdint>

namespace qn::chat {

// A page as clients ask for it, counted from 1.
struct Paging {
  std::int64_t page = 1;
  std::int64_t limit = 10;

  // With both in bounds (defect C21); far behind any data offset() still fits.
  Paging clamped(std::int64_t max_limit) const {
    constexpr std::int64_t kMaxPage = 1'000'000'000;
    return {std::clamp<std::int64_t>(page, 1, kMaxPage),
            std::clamp<std::int64_t>(limit, 1, max_limit)};
  }
  std::int64_t offset() const { return (page - 1) * limit; }
};

}  // namespace qn::chat
