#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/user.h"

namespace qn::chat {

// Longest time one request may work; every Deadline of the API is made from it.
inline constexpr std::chrono::seconds kRequestTime{10};

// Who is asking, proven by a session. Only SessionService makes one.
struct Caller {
  UserId user;
  model::Role token_role = model::Role::kUser;  // decides what a visitor may reach
  model::Role row_role = model::Role::kUser;    // decides the rules between people
  std::string session;
  Time session_expires;  // unless it is used before
};

// Where a request comes from; noted in sessions, counted by rate limits.
struct Origin {
  std::string address;
  std::string user_agent;
};

}  // namespace qn::chat
