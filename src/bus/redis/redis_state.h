#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "bus/redis/erasures.h"
#include "bus/redis/redis_options.h"

namespace qn::bus {

// How Redis itself knows one of our connections. Ids start again with every
// run of the server, hence the pair.
struct RedisClient {
  std::string run_id;
  std::int64_t id = 0;
  bool operator==(const RedisClient&) const = default;
};

// What the connections of one cache share: whether Redis is there, told to the
// operator once per change; the erasures to catch up on; the lost connections
// whose commands Redis may still find in its socket buffers. Any thread.
class RedisState {
 public:
  RedisState(RedisOptions options, std::size_t connections, Gauge& up);

  bool is_ready() const { return up_.load(std::memory_order_relaxed) == connections_; }
  void note_up();
  void note_lost();  // a connection that was up is not any more
  void note_away(std::string_view reason);

  void add_lost_client(const RedisClient& client);
  std::vector<RedisClient> lost_clients() const;
  void forget_lost_clients(const std::vector<RedisClient>& clients);

  const RedisOptions options;
  Erasures erasures;

 private:
  // Constant after construction.
  const std::size_t connections_;
  Gauge& up_gauge_;

  std::atomic<std::size_t> up_ = 0;

  // Guarded by mu_.
  mutable std::mutex mu_;
  std::optional<std::chrono::steady_clock::time_point> away_since_;
  std::vector<RedisClient> lost_clients_;
};

}  // namespace qn::bus
