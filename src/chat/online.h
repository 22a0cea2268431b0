#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/task.h"
#include "model/user.h"

namespace qn::chat {

// Why a session's sockets have to go (chat-realtime.md §9).
enum class EndReason {
  kReplaced,      // logged in elsewhere, or the password was changed
  kLoggedOut,     // the client closes by itself; dropped after a while if not
  kDisabled,      // the account was disabled or deleted
  kDisconnected,  // by an operator; the session lives on
};

// One open socket as operators see it.
struct OnlineSocket {
  std::uint64_t id = 0;  // of this process, for disconnect()
  UserId user;
  std::string username;
  std::string nickname;
  model::Role token_role = model::Role::kUser;
  std::string address;
  std::string user_agent;
  Time connected_at;
  std::uint64_t sent = 0;  // messages
};

// Who is connected, and what the rules do to them. Implemented by gateway/. Any
// loop; calls without a Task only hand over and return.
class Online {
 public:
  virtual ~Online() = default;

  // chatGetmessageOffLine: what the session has missed goes to its newest socket,
  // or to the one it is about to open.
  virtual void deliver_missed(UserId user, std::string session) = 0;
  // Nothing more is delivered to these sessions.
  virtual void end(std::vector<std::string> sessions, EndReason reason) = 0;

  struct Page {
    std::vector<OnlineSocket> sockets;  // newest first
    std::int64_t total = 0;             // of those that match
  };
  // `keyword`: part of the account name or nickname, or exactly the id; "" = all.
  virtual Task<Page> list(std::string keyword, std::size_t limit, std::size_t offset) = 0;
  // False: that user has no such socket any more. The client will come back by
  // itself.
  virtual Task<bool> disconnect(UserId user, std::uint64_t socket) = 0;

  struct Count {
    std::int64_t users = 0;
    std::int64_t sockets = 0;
  };
  virtual Count count() const = 0;
};

}  // namespace qn::chat
