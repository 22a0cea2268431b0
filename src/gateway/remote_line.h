#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/line.h"

namespace qn::gateway {

class GatewayLoop;
class OnlineSession;

// What a session wants done to a socket on another loop.
struct RemoteOp {
  enum class Kind : std::uint8_t { kSend, kPing, kClose, kDrop };
  Kind kind = Kind::kSend;
  std::uint64_t socket = 0;
  std::uint64_t number = 0;  // of the ping, or the close code
  net::WsFramePtr frame{};
};

// A socket that lives on another loop than its session. What is done to it is
// collected by the session's loop and posted in one piece per turn, so the order
// is kept; what happens to it is posted back the same way. On the home loop.
class RemoteLine final : public Line {
 public:
  RemoteLine(GatewayLoop& home, std::uint64_t socket) : home_(home), socket_(socket) {}

  void send(const net::WsFramePtr& frame) override;
  void ping(std::uint64_t number) override;
  void close(std::uint16_t code) override;
  void drop() override;
  std::size_t outbound() const override { return sent_ - taken_; }

  // So many bytes have been taken by the kernel since the socket was opened.
  void on_taken(std::size_t total) { taken_ = total; }

  std::shared_ptr<OnlineSession> session;  // none when it was refused

 private:
  GatewayLoop& home_;
  const std::uint64_t socket_;
  std::size_t sent_ = 0;
  std::size_t taken_ = 0;
  bool is_dropped_ = false;
};

}  // namespace qn::gateway
