#pragma once

#include <chrono>
#include <string>

#include "base/ids.h"

namespace qn::chat {

// Which field of a profile was changed last, for a short while: the client opens a
// second socket after a change (chat-http-api.md §1.5), and the one after a new
// picture is greeted with E18. Written by ProfileService, taken by Inbox.
inline constexpr std::chrono::seconds kProfileMarkerTime{60};

inline std::string profile_marker_key(UserId user) {
  return "user:modify:" + std::to_string(user.value);
}

}  // namespace qn::chat
