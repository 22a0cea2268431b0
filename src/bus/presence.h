#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"

namespace qn::bus {

// Who is connected, on any node of the system. A set of sockets per user: what one
// node forgets never takes away what another one knows (chat-realtime.md §8). It is
// information for people; delivery does not depend on it. Any loop; calls end
// within the implementation's timeout and fail with kUnavailable when it is away.
class Presence {
 public:
  virtual ~Presence() = default;

  virtual Task<Result<void>> enter(UserId user, std::uint64_t socket) = 0;
  virtual Task<Result<void>> leave(UserId user, std::uint64_t socket) = 0;
  // In the order of `users`.
  virtual Task<Result<std::vector<bool>>> are_online(std::vector<UserId> users) = 0;
  virtual Task<Result<std::int64_t>> count_users() = 0;
};

}  // namespace qn::bus
