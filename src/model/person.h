#pragma once

#include <string>

#include "base/ids.h"
#include "model/user.h"

namespace qn::model {

// What others see of a user, and whether that user may act at all.
struct Person {
  UserId id;
  std::string uuid;
  std::string username;
  std::string nickname;
  std::string avatar;
  Role role = Role::kUser;
  bool may_act = true;

  // Precedence of notices (chat-rules-and-tables.md §6).
  const std::string& name() const { return nickname.empty() ? username : nickname; }
};

}  // namespace qn::model
