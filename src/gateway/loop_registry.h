#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/ids.h"
#include "chat/online.h"
#include "gateway/online_session.h"

namespace qn::gateway {

// The sessions that live on one loop, by user and by id, and for a while those
// that have ended: a socket may have been authenticated just before. One loop.
class LoopRegistry {
 public:
  // The first session of a user; the others follow by next_of_user.
  OnlineSession* sessions_of(UserId user) const {
    const auto it = users_.find(user);
    return it == users_.end() ? nullptr : it->second;
  }
  OnlineSession* find(std::string_view id) const;
  void add(std::shared_ptr<OnlineSession> session);
  void remove(OnlineSession& session);
  const auto& all() const { return sessions_; }

  void remember_end(const std::string& id, chat::EndReason reason, Instant until);
  std::optional<chat::EndReason> find_end(const std::string& id, Instant now) const;
  void forget_ends(Instant now);

 private:
  // Far more logins than a machine can do in the time they are remembered.
  static constexpr std::size_t kMaxEnds = 65'536;
  struct Ended {
    chat::EndReason reason;
    Instant until;
  };

  std::unordered_map<UserId, OnlineSession*> users_;
  std::unordered_map<std::string_view, std::shared_ptr<OnlineSession>> sessions_;
  std::unordered_map<std::string, Ended> ended_;
};

}  // namespace qn::gateway
