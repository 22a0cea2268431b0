#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/user.h"

namespace qn::model {

// One login. The row decides whether a token is valid; the token only names it.
struct Session {
  std::string id;  // 128 random bits as 32 hex digits; the token's `sid`
  UserId user;
  Role token_role = Role::kUser;  // decides the visitor whitelist, may differ from the row's role
  Time created_at;
  Time last_seen_at;
  Time expires_at;  // slides with use
  std::string address;
  std::string user_agent;
};

// What an authenticated request needs to know; kept in the session cache.
struct SessionState {
  std::string id;
  UserId user;
  Role token_role = Role::kUser;
  Role row_role = Role::kUser;
  bool may_act = false;  // the user's row: status 1 and not deleted
  Time last_seen_at;
  Time expires_at;
};

}  // namespace qn::model
