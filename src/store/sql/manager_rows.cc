#include "store/sql/manager_rows.h"

#include <charconv>

namespace qn::store {
namespace {

// Whatever is no number is left out.
std::vector<int> split_menu_ids(std::string_view text) {
  std::vector<int> ids;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    int id = 0;
    const auto [end, failed] = std::from_chars(item.data(), item.data() + item.size(), id);
    if (failed == std::errc() && end == item.data() + item.size()) ids.push_back(id);
    text.remove_prefix(std::min(item.size() + 1, text.size()));
  }
  return ids;
}

}  // namespace

model::Manager manager_from(const Row& row) {
  return {.id = ManagerId(row.integer(0)),
          .username = std::string(row.text(1)),
          .avatar = std::string(row.text(2)),
          .menu_ids = split_menu_ids(row.text(3)),
          .enabled = row.integer(4) == 1,
          .super = row.integer(5) == 1,
          .create_time = row.time(6),
          .update_time = row.time(7)};
}

std::string join_menu_ids(const std::vector<int>& ids) {
  std::string text;
  for (const int id : ids) {
    if (!text.empty()) text += ',';
    text += std::to_string(id);
  }
  return text;
}

}  // namespace qn::store
