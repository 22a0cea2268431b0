#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "base/metrics.h"

namespace qn::bus {

enum class CacheOp { kGet, kSet, kSetIfAbsent, kErase, kIncrement, kClear };

// The metrics every cache keeps under the same names, looked up once. Owned by
// the cache; any thread.
class CacheMetrics {
 public:
  explicit CacheMetrics(Metrics& metrics);

  void count_get(bool hit) { (hit ? hits_ : misses_).add(); }
  void count_ok(CacheOp op) { ok_[static_cast<std::size_t>(op)]->add(); }
  void count_unavailable(CacheOp op) { unavailable_[static_cast<std::size_t>(op)]->add(); }

  Gauge& up;  // 1 while the cache answers

 private:
  Counter& hits_;
  Counter& misses_;
  std::array<Counter*, 6> ok_;
  std::array<Counter*, 6> unavailable_;
};

// Callers compute a remaining lifetime; one that has just ended is still a
// lifetime and not an error.
inline std::chrono::milliseconds at_least_1_ms(std::chrono::milliseconds ttl) {
  return ttl.count() > 0 ? ttl : std::chrono::milliseconds(1);
}

}  // namespace qn::bus
