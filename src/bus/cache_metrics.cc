#include "bus/cache_metrics.h"

namespace qn::bus {
namespace {

constexpr std::array<const char*, 6> kOpNames = {"get",   "set",       "set_if_absent",
                                                 "erase", "increment", "clear"};

Counter& commands(Metrics& metrics, const char* op, const char* result) {
  return metrics.counter("qn_cache_commands_total", "Commands to the cache by their outcome.",
                         {{"op", op}, {"result", result}});
}

}  // namespace

CacheMetrics::CacheMetrics(Metrics& metrics)
    : up(metrics.gauge("qn_cache_up", "1 while the cache answers, 0 while it is away.")),
      hits_(commands(metrics, "get", "hit")),
      misses_(commands(metrics, "get", "miss")) {
  for (std::size_t i = 0; i < kOpNames.size(); ++i) {
    ok_[i] = &commands(metrics, kOpNames[i], "ok");
    unavailable_[i] = &commands(metrics, kOpNames[i], "unavailable");
  }
}

}  // namespace qn::bus
