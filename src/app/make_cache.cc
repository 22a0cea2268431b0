#include "app/make_cache.h"

#include "bus/inproc/memory_cache.h"
#include "bus/redis/redis_cache.h"
#include "bus/redis/redis_url.h"

namespace qn::app {

Result<std::unique_ptr<bus::Cache>> make_cache(const Settings& settings, EventLoops& loops,
                                               Clock& clock, Random& random, Metrics& metrics) {
  if (settings.cache_url == "memory:") return bus::make_memory_cache(clock, {}, metrics);
  TRY(auto options, bus::parse_redis_url(settings.cache_url));
  return bus::make_redis_cache(loops, std::move(options), random, metrics);
}

}  // namespace qn::app
