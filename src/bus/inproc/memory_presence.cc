#include "bus/inproc/memory_presence.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace qn::bus {
namespace {

constexpr std::size_t kShards = 64;

class MemoryPresence final : public Presence {
 public:
  Task<Result<void>> enter(UserId user, std::uint64_t socket) override;
  Task<Result<void>> leave(UserId user, std::uint64_t socket) override;
  Task<Result<std::vector<bool>>> are_online(std::vector<UserId> users) override;
  Task<Result<std::int64_t>> count_users() override;

 private:
  struct Shard {
    std::mutex mu;
    std::unordered_multimap<UserId, std::uint64_t> sockets;  // guarded by mu
    std::int64_t users = 0;                                  // guarded by mu
  };
  Shard& shard(UserId user) { return shards_[static_cast<std::size_t>(user.value) % kShards]; }

  std::array<Shard, kShards> shards_;
};

Task<Result<void>> MemoryPresence::enter(UserId user, std::uint64_t socket) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  const auto [first, last] = s.sockets.equal_range(user);
  const std::pair<const UserId, std::uint64_t> wanted(user, socket);
  if (std::find(first, last, wanted) != last) co_return Result<void>();
  if (first == last) ++s.users;
  s.sockets.insert(wanted);
  co_return Result<void>();
}

Task<Result<void>> MemoryPresence::leave(UserId user, std::uint64_t socket) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  const auto [first, last] = s.sockets.equal_range(user);
  const std::pair<const UserId, std::uint64_t> wanted(user, socket);
  const auto found = std::find(first, last, wanted);
  if (found == last) co_return Result<void>();
  s.sockets.erase(found);
  if (!s.sockets.contains(user)) --s.users;
  co_return Result<void>();
}

Task<Result<std::vector<bool>>> MemoryPresence::are_online(std::vector<UserId> users) {
  std::vector<bool> online;
  online.reserve(users.size());
  for (const UserId user : users) {
    Shard& s = shard(user);
    const std::lock_guard lock(s.mu);
    online.push_back(s.sockets.contains(user));
  }
  co_return std::move(online);
}

Task<Result<std::int64_t>> MemoryPresence::count_users() {
  std::int64_t users = 0;
  for (Shard& s : shards_) {
    const std::lock_guard lock(s.mu);
    users += s.users;
  }
  co_return users;
}

}  // namespace

std::unique_ptr<Presence> make_memory_presence() {
  return std::make_unique<MemoryPresence>();
}

}  // namespace qn::bus
