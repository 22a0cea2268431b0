#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/metrics.h"

namespace qn::net {

// Why a WebSocket ended without an orderly goodbye, or none that was answered.
enum class WsLoss { kOverflow, kProtocol, kPeer, kTimeout, kServer, kStop, kError };

// The figures of one loop's WebSockets. Counted without atomics and handed to the
// registry once per turn: publish().
class WsMetrics {
 public:
  explicit WsMetrics(Metrics& metrics)
      : open_(metrics.gauge("qn_ws_connections", "Open WebSockets.")),
        messages_in_(messages(metrics, "in")),
        messages_out_(messages(metrics, "out")),
        bytes_in_(bytes(metrics, "in")),
        bytes_out_(bytes(metrics, "out")) {
    static constexpr std::array kCauses = {"overflow", "protocol", "peer", "timeout",
                                           "server",   "stop",     "error"};
    for (std::size_t i = 0; i < kCauses.size(); ++i) {
      lost_[i] = &metrics.counter("qn_ws_dropped_total",
                                  "WebSockets that ended without a completed closing handshake.",
                                  {{"cause", kCauses[i]}});
    }
  }

  void opened() { open_.add(1); }
  void closed() { open_.add(-1); }
  void lost(WsLoss cause) { lost_[static_cast<std::size_t>(cause)]->add(); }
  void message_in() { ++messages_in_.pending; }
  void message_out() { ++messages_out_.pending; }
  void read(std::size_t n) { bytes_in_.pending += n; }
  void written(std::size_t n) { bytes_out_.pending += n; }

  void publish() {
    for (Tally* tally : {&messages_in_, &messages_out_, &bytes_in_, &bytes_out_}) {
      if (tally->pending > 0) tally->counter.add(tally->pending);
      tally->pending = 0;
    }
  }

 private:
  struct Tally {
    explicit Tally(Counter& c) : counter(c) {}
    Counter& counter;
    std::uint64_t pending = 0;
  };

  static Tally messages(Metrics& metrics, const char* direction) {
    return Tally(metrics.counter("qn_ws_messages_total", "Messages over WebSockets.",
                                 {{"direction", direction}}));
  }
  static Tally bytes(Metrics& metrics, const char* direction) {
    return Tally(metrics.counter("qn_ws_bytes_total", "Bytes over WebSockets, before TLS.",
                                 {{"direction", direction}}));
  }

  Gauge& open_;
  Tally messages_in_;
  Tally messages_out_;
  Tally bytes_in_;
  Tally bytes_out_;
  std::array<Counter*, 7> lost_{};
};

}  // namespace qn::net
