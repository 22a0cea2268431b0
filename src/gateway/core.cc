#include "gateway/core.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gateway/gateway_loop.h"

namespace qn::gateway {

GatewayCore::GatewayCore(Gateway::Needs needs, GatewayOptions with)
    : inbox(needs.inbox),
      presence(needs.presence),
      loops(needs.loops),
      random(needs.random),
      clock(needs.clock),
      options(with),
      online_users(needs.metrics.gauge("qn_online_users", "Users with an open WebSocket.")),
      online_sockets(
          needs.metrics.gauge("qn_online_sockets", "Open WebSockets of authenticated users.")),
      deliveries(needs.metrics.counter("qn_deliveries_total", "Messages written to WebSockets.")),
      catch_ups(needs.metrics.counter("qn_catch_ups_total",
                                      "Times a session was sent what it had missed.")),
      overflows(needs.metrics.counter(
          "qn_gateway_overflows_total",
          "Times a queue to a client or to a loop was full; the log made up for it.")),
      ack_batch(needs.metrics.histogram(
          "qn_ack_batch", "Acknowledged stretches written in one transaction.", size_buckets())),
      admission(std::make_shared<Admission>(options, needs.metrics)) {
  for (std::size_t i = 0; i < loops.size(); ++i) {
    parts.push_back(std::make_unique<GatewayLoop>(*this, i));
  }
}

GatewayCore::~GatewayCore() = default;

Instant GatewayCore::now() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Instant>(now);
}

void GatewayCore::post(std::size_t loop, std::function<void(GatewayLoop&)> fn) {
  loops.post(loop,
             [core = shared_from_this(), loop, fn = std::move(fn)] { fn(*core->parts[loop]); });
}

void GatewayCore::count_online() {
  online_users.set(static_cast<double>(homes.users()));
  online_sockets.set(static_cast<double>(homes.sockets()));
}

}  // namespace qn::gateway
