#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/message_log.h"
#include "net/websocket.h"

namespace qn::gateway {

// Frames to clients (chat-realtime.md §2). Pure.
net::WsFramePtr chat_frame(std::string_view body, Time now);
// For clients that acknowledge: which message it is (docs/protocol.md).
net::WsFramePtr numbered_frame(std::string_view body, model::ConversationId conversation,
                               model::Seq seq, Time now);
// Makes a numbered frame of a plain one.
net::WsFramePtr number_frame(const net::WsFrame& plain, model::ConversationId conversation,
                             model::Seq seq);
net::WsFramePtr welcome_frame(Time now);
net::WsFramePtr pong_frame(Time now);
net::WsFramePtr fail_frame(std::string_view text);
const net::WsFramePtr& heartbeat_frame();
const net::WsFramePtr& synced_frame();
const net::WsFramePtr& force_logout_frame();

// Most acknowledgements in one frame; what is beyond them is ignored.
inline constexpr std::size_t kMaxAcks = 1'000;

// A frame from a client (chat-realtime.md §3, docs/protocol.md).
struct ClientFrame {
  enum class Kind { kIgnored, kPing, kAck, kSync };
  Kind kind = Kind::kIgnored;
  bool has_token = false;  // of a ping
  std::string token;
  std::vector<std::pair<model::ConversationId, model::Seq>> acks;
};
// Never fails: what it does not know is kIgnored.
ClientFrame parse_client_frame(std::string_view text);

}  // namespace qn::gateway
