#pragma once

#include <memory>

#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "bus/cache.h"
#include "bus/redis/redis_options.h"

namespace qn::bus {

// The cache of several nodes: Redis 6 or newer, one connection per event loop,
// commands of one turn of a loop sent together. Owned by app/: stop() it before
// the loops stop, destroy it once they have. Any thread may call, callers on a
// loop need no hop. Connecting starts at once and never ends before stop(); while
// Redis is away every call fails at once with kUnavailable.
//
// An erasure that Redis did not confirm is never forgotten, because it may
// revoke a session: it answers kUnavailable, is remembered (past max_erasures:
// "everything under our prefix"), hides the key from this process, and is
// applied after reconnecting and before anything else is answered. The same
// holds for clear(), which is remembered as "everything". Another node that
// reconnects first may read the old value until we are back: at most
// max_backoff later, unless this process ends before.
//
// Ignores SIGPIPE for the process if nobody else handles it: hiredis writes
// with plain write(2).
std::unique_ptr<Cache> make_redis_cache(EventLoops& loops, RedisOptions options, Random& random,
                                        Metrics& metrics);

}  // namespace qn::bus
