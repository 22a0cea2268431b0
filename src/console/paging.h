#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console/admin_request.h"
#include "console/page.h"

namespace qn::console {

// ?page= and ?limit= of a list, clamped (admin-pages.md §2.7, defect D-33).
struct PageChoice {
  int page = 1;    // from 1
  int limit = 10;  // 1 to 100

  std::int64_t offset() const { return std::int64_t{page - 1} * limit; }
  Pager pager(std::int64_t total) const { return {page, limit, total}; }
};
PageChoice page_choice(const AdminRequest& request);

// The query parameters of `names` that are not empty, for the links of a page.
std::vector<std::pair<std::string, std::string>> kept_query(
    const AdminRequest& request, std::initializer_list<std::string_view> names);

}  // namespace qn::console
