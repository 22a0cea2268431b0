#pragma once

#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "base/metrics.h"
#include "bus/cache.h"

namespace qn::bus {

struct MemoryCacheOptions {
  std::size_t max_entries = 1'000'000;  // values and counters together
};

// The cache of a single node: hash maps in this process, sharded so that loops
// rarely meet. Owned by app/; any thread; no call but clear() suspends. Full
// shards forget what has expired, then what was not read lately, so it never
// fails for want of room. After stop() every call answers kUnavailable.
std::unique_ptr<Cache> make_memory_cache(Clock& clock, MemoryCacheOptions options,
                                         Metrics& metrics);

}  // namespace qn::bus
