#pragma once

#include <string>
#include <vector>

#include "model/manager.h"
#include "store/database.h"
#include "store/sql/sql_text.h"

namespace qn::store {

// The columns manager_from() reads, in its order.
inline constexpr Sql kManagerColumns(R"(
  manager.id, manager.username, manager.avatar, manager.auth, manager.status, manager.super,
  manager.create_time, manager.update_time)");
inline constexpr int kManagerColumnCount = 8;

model::Manager manager_from(const Row& row);

// The text of column `auth`: 1,2,29.
std::string join_menu_ids(const std::vector<int>& ids);

}  // namespace qn::store
