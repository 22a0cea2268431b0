#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "bus/redis/redis_cache.h"
#include "support/await.h"

namespace qn::test {

// Waits for a condition instead of for a time.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds bound = std::chrono::seconds(20)) {
  const auto deadline = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// Two event loops and what a cache needs besides; calls from the test's thread
// run on one of the loops.
class CacheWorld {
 public:
  ~CacheWorld() {
    if (cache) cache->stop();
    loops.stop();
  }

  template <class T>
  std::future<T> start(Task<T> task, std::size_t loop = 0) {
    return start_on(loops.executor(loop), std::move(task));
  }
  template <class T>
  T run(Task<T> task, std::size_t loop = 0) {
    auto future = start(std::move(task), loop);
    if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
      throw std::runtime_error("the cache does not answer");
    }
    return future.get();
  }

  // Replaces the cache by one on this Redis; does not wait for it.
  void connect(bus::RedisOptions options) {
    if (cache) cache->stop();
    cache = bus::make_redis_cache(loops, std::move(options), random, metrics);
  }
  bool wait_ready() {
    return eventually([&] { return cache->is_ready(); });
  }

  Metrics metrics;
  SystemRandom random;
  EventLoops loops{2, metrics};
  std::unique_ptr<bus::Cache> cache;
};

}  // namespace qn::test
