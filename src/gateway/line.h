#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "net/websocket.h"

namespace qn::gateway {

// A moment on a loop's own steady clock.
using Instant = std::chrono::milliseconds;

// For Line::close(): a close frame without a status code; the peer sees 1005.
constexpr std::uint16_t kNoCode = 0;

// One open socket as its session sees it. Owned by whoever made it, who detaches
// it from the session before it goes. Used on the session's loop; no call here
// calls back into the session.
class Line {
 public:
  virtual ~Line() = default;
  virtual void send(const net::WsFramePtr& frame) = 0;
  // The pong comes to DeliverySession::pong(); numbers start at 1.
  virtual void ping(std::uint64_t number) = 0;
  // With a close frame, or without.
  virtual void close(std::uint16_t code) = 0;
  virtual void drop() = 0;
  // Bytes that have been sent here and not yet been taken by the kernel.
  virtual std::size_t outbound() const = 0;

 private:
  // The session's notes about it.
  friend class DeliverySession;
  Line* older_ = nullptr;  // the next older socket of the same session
  std::uint64_t pings_ = 0;
  std::uint64_t pongs_ = 0;
  Instant pinged_at_{0};
  bool client_acks_ = false;
};

}  // namespace qn::gateway
