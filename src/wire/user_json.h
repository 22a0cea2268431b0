#pragma once

#include <chrono>
#include <vector>

#include "model/session.h"
#include "model/user.h"
#include "wire/json.h"

namespace qn::wire {

// The row as login, registration and the visitor routes return it, key order of
// the reference, without `token` (chat-http-api.md §1.2).
json::object user_row(const model::User& user, std::chrono::minutes utc_offset);

// One hit of searchUser (§3.1).
json::object search_hit(const model::User& user);

// Relation userinfo of the profiles.
json::object user_info(const model::UserInfo& info);

// The public profile (§3.2); `user.userset` is emitted as it is.
json::object profile(const model::Profile& profile);

}  // namespace qn::wire
