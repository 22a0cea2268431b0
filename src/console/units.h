#pragma once

#include <cstdint>
#include <string>

namespace qn::console {

// 1234567 as 1,234,567.
std::string grouped(std::int64_t n);
// 1536 as 1.5 KB; powers of 1024, at most one decimal.
std::string bytes_text(std::int64_t bytes);

}  // namespace qn::console
