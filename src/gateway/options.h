#pragma once

#include <chrono>
#include <cstddef>

#include "base/bytes.h"

namespace qn::gateway {

// How the gateway behaves. The defaults are what the contract and old clients
// want; tests shorten the times.
struct GatewayOptions {
  using Span = std::chrono::milliseconds;

  // Life of a socket.
  Span tick{100};             // how finely time is measured here
  Span heartbeat{30'000};     // {"type":"ping"} and a protocol ping
  Span dead_after{75'000};    // without a sign of life: dropped
  Span enter_wait{10'000};    // for the store to say who it is
  Span logout_grace{10'000};  // for a client that logged out to close by itself
  Span revalidate{300'000};   // how often a session must prove to be good still
  Span stop_grace{500};       // for the last acknowledgements when the server stops
  Span stop_wait{3'000};      // and for the store to take them

  // Delivery.
  Span ack_interval{250};     // at most one ping for acknowledgement in this time
  Span ack_write{100};        // acknowledgements are collected this long
  Span rest_most{5};          // between two turns of a large fan-out
  Span fetch_wait{2'000};     // for a client that is behind to ask for what it missed
  Span takeover_wait{3'000};  // for an older socket to acknowledge what is on its way there
  Span early_fetch{10'000};   // a fetch that comes before its socket is remembered this long
  Span store_wait{10'000};    // the deadline of a call to the store
  Span retry_first{200};      // after a failure of the store, doubling up to
  Span retry_most{5'000};
  int catch_up_batch = 1'000;            // messages found at once
  std::size_t page_rows = 128;           // bodies read at once
  std::size_t outbound_room = 64_KiB;    // more waiting than this: nothing further is read
  std::size_t outbound_burst = 256_KiB;  // more than this: nothing further is sent
  std::size_t max_held = 256;            // live messages held back per session
  std::size_t max_held_bytes = 256_KiB;  // and their size
  std::size_t max_unconfirmed = 4'000;   // messages of a catch-up that wait for confirmation
  std::size_t max_stretches = 16'384;    // stretches that wait for acknowledgement, per session
  std::size_t ack_batch = 1'000;         // stretches written at once
  std::size_t max_entering = 64;         // sockets of one loop asking the store at once
  std::size_t max_reads = 32;            // reads of one loop at the store at once
  std::size_t max_inbox = 65'536;        // messages on their way to one loop
  std::size_t max_inbox_bytes = 64_MiB;
  std::size_t slice = 16'384;  // members looked at in one turn of a loop

  // Storms.
  bool per_address = true;  // false: addresses are not limited
  int sockets_per_token = 8;
  double openings_per_token = 1;  // a second, on top of a burst
  double burst_per_token = 20;
  double openings_per_address = 200;
  double burst_per_address = 2'000;
};

}  // namespace qn::gateway
