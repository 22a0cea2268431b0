#pragma once

#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "bus/cache.h"

namespace qn::app {

// The cache `cache.url` names: in this process, or Redis. A Redis that is away
// is no error: the node starts and serves from its store until it is back.
Result<std::unique_ptr<bus::Cache>> make_cache(const Settings& settings, EventLoops& loops,
                                               Clock& clock, Random& random, Metrics& metrics);

}  // namespace qn::app
