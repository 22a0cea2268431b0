#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace qn::model {

// The picture of managers without one (admin-framework.md §6.1). There is no such
// file: pages draw one of their own.
inline constexpr std::string_view kManagerAvatar = "/public/assets/img/profiles/avatar-01.jpg";

// Somebody who may use the administration console; the row without the
// password hash (contract: admin-framework.md §6.1).
struct Manager {
  ManagerId id;
  std::string username;
  std::string avatar;
  std::vector<int> menu_ids;  // `auth`: the menu entries this manager may use
  bool enabled = true;
  bool super = false;  // may do everything
  Time create_time;
  Time update_time;
};

// One action of an operator, as it is shown; `before` and `after` are JSON
// objects of the fields that changed, or "".
struct AuditEntry {
  std::int64_t id = 0;
  Time created_at;
  ManagerId manager;  // none: nobody was logged in
  std::string manager_name;
  std::string address;
  std::string action;       // such as user.create
  std::string target_type;  // such as user; "" for none
  std::int64_t target_id = 0;
  std::string target_name;
  std::string before;
  std::string after;
};

}  // namespace qn::model
