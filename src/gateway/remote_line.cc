#include "gateway/remote_line.h"

#include "base/bytes.h"
#include "gateway/gateway_loop.h"

namespace qn::gateway {
namespace {

// The transport's own bound is lower; this one is for a loop that does not run.
constexpr std::size_t kMaxOutbound = 4_MiB;

}  // namespace

void RemoteLine::send(const net::WsFramePtr& frame) {
  if (is_dropped_) return;
  sent_ += frame->bytes().size();
  home_.send_remote({RemoteOp::Kind::kSend, socket_, 0, frame});
  if (outbound() > kMaxOutbound) drop();
}

void RemoteLine::ping(std::uint64_t number) {
  home_.send_remote({RemoteOp::Kind::kPing, socket_, number});
}

void RemoteLine::close(std::uint16_t code) {
  home_.send_remote({RemoteOp::Kind::kClose, socket_, code});
}

void RemoteLine::drop() {
  is_dropped_ = true;
  home_.send_remote({RemoteOp::Kind::kDrop, socket_});
}

}  // namespace qn::gateway
