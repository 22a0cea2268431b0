#include "net/request_metrics.h"

#include <string>

namespace qn::net {
namespace {

constexpr std::size_t kMaxKnown = 4096;  // in case a route is no constant after all

}  // namespace

void RequestMetrics::record(std::string_view route, int status, std::chrono::nanoseconds took) {
  const Key key{route.data(), route.size(), status};
  auto it = known_.find(key);
  if (it == known_.end()) {
    if (known_.size() >= kMaxKnown) known_.clear();
    it = known_.emplace(key, look_up(route, status)).first;
  }
  it->second.requests->add();
  it->second.seconds->observe(std::chrono::duration<double>(took).count());
}

RequestMetrics::Entry RequestMetrics::look_up(std::string_view route, int status) {
  const std::string name(route);
  auto& requests = metrics_.counter("qn_http_requests_total", "HTTP requests answered.",
                                    {{"route", name}, {"status", std::to_string(status)}});
  auto& seconds = metrics_.histogram("qn_http_request_seconds",
                                     "From the complete request to the complete reply.",
                                     latency_buckets(), {{"route", name}});
  return {&requests, &seconds};
}

}  // namespace qn::net
