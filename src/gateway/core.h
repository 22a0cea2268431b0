#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "gateway/admission.h"
#include "gateway/gateway.h"
#include "gateway/home_directory.h"
#include "gateway/options.h"

namespace qn::gateway {

class GatewayLoop;

// What the parts of the gateway share. Sockets and coroutines keep it alive:
// they may end after the Gateway.
struct GatewayCore : std::enable_shared_from_this<GatewayCore> {
  GatewayCore(Gateway::Needs needs, GatewayOptions with);
  ~GatewayCore();

  Instant now() const;
  // On that loop, soon. In the order of the calls from one thread.
  void post(std::size_t loop, std::function<void(GatewayLoop&)> fn);
  std::uint64_t next_socket_id(std::size_t loop) { return ++sockets_made << 8 | loop; }
  static std::size_t loop_of(std::uint64_t socket) { return socket & 0xff; }

  // Brings the gauges up to date.
  void count_online();

  // Constant after construction.
  chat::Inbox& inbox;
  bus::Presence& presence;
  EventLoops& loops;
  Random& random;
  const Clock& clock;
  const GatewayOptions options;
  Gauge& online_users;
  Gauge& online_sockets;
  Counter& deliveries;
  Counter& catch_ups;
  Counter& overflows;
  Histogram& ack_batch;
  std::vector<std::unique_ptr<GatewayLoop>> parts;  // one per loop

  // Any thread.
  HomeDirectory homes;
  const std::shared_ptr<Admission> admission;
  std::atomic<std::uint64_t> sockets_made{0};
  std::atomic<bool> is_stopping{false};  // nothing is delivered any more
  std::atomic<bool> is_stopped{false};   // everything has been done
};

}  // namespace qn::gateway
