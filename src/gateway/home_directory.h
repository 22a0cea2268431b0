#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/ids.h"
#include "gateway/line.h"

namespace qn::gateway {

// On which loop the sessions of a user live. The first socket of a user decides,
// and it stays so while anything of the user is left: every open socket and every
// session counts as one hold. So all sessions of a user are on one loop at a time
// and need no lock, wherever their sockets are. Asked when sockets come and go,
// never per message. Any thread; one mutex per shard.
//
// It also keeps fetches that came before their session: a fetch is remembered
// first and then looked for, a session is registered first and then asks whether
// there is one. Under the shard's mutex one of the two sees the other.
class HomeDirectory {
 public:
  struct Entered {
    std::size_t home = 0;
    bool had_sockets = false;  // another socket of the user is open
  };
  // A socket whose user is known now, on the loop `here`.
  Entered enter(UserId user, std::size_t here);
  void leave(UserId user);
  // A session, which lives where enter() said.
  void hold(UserId user);
  void release(UserId user);

  // The client of a session asks for what it missed; the user's home if any.
  std::optional<std::size_t> remember_fetch(UserId user, const std::string& session, Instant now,
                                            Instant until);
  // Whether there is a fetch to be answered; it is forgotten.
  bool take_fetch(UserId user, const std::string& session, Instant now);

  std::int64_t users() const { return users_.load(std::memory_order_relaxed); }
  std::int64_t sockets() const { return sockets_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kShards = 64;
  // Fetches that are remembered in one shard; more are not.
  static constexpr std::size_t kMaxFetches = 4'096;

  struct Place {
    std::uint32_t home = 0;
    std::uint32_t sockets = 0;
    std::uint32_t sessions = 0;
  };
  struct Shard {
    std::mutex mu;
    std::unordered_map<UserId, Place> places;          // guarded by mu
    std::unordered_map<std::string, Instant> fetches;  // guarded by mu
  };
  Shard& shard(UserId user) { return shards_[static_cast<std::size_t>(user.value) % kShards]; }
  static void forget_if_empty(Shard& shard, UserId user);

  std::array<Shard, kShards> shards_;
  std::atomic<std::int64_t> users_{0};  // with a socket
  std::atomic<std::int64_t> sockets_{0};
};

}  // namespace qn::gateway
