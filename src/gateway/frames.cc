#include "gateway/frames.h"

#include "gateway/live_message.h"
#include "wire/envelope.h"
#include "wire/json.h"

namespace qn::gateway {
namespace {

constexpr std::string_view kChatHead = R"({"type":"singleChat","data":)";
// Larger ones would not be exact in a JavaScript client.
constexpr std::int64_t kMaxNumber = (std::int64_t{1} << 53) - 1;

std::string chat_text(std::string_view body, Time now) {
  std::string out;
  out.reserve(body.size() + 128);
  out.append(kChatHead).append(body);
  out.append(R"(,"timestamp":)").append(std::to_string(to_millis(now))).append("}");
  return out;
}

void add_numbers(std::string& text, model::ConversationId conversation, model::Seq seq) {
  text.pop_back();
  text.append(R"(,"conversation":)").append(std::to_string(conversation.value));
  text.append(R"(,"seq":)").append(std::to_string(seq)).append("}");
}

bool is_number(const wire::json::value& value, std::int64_t& out) {
  if (!value.is_int64() || value.as_int64() < 1 || value.as_int64() > kMaxNumber) return false;
  out = value.as_int64();
  return true;
}

void read_acks(const wire::json::object& frame, ClientFrame& out) {
  const auto* acks = frame.if_contains("acks");
  if (!acks || !acks->is_array()) return;
  for (const auto& pair : acks->as_array()) {
    if (out.acks.size() == kMaxAcks) return;
    if (!pair.is_array() || pair.as_array().size() != 2) continue;
    std::int64_t conversation = 0;
    std::int64_t seq = 0;
    if (!is_number(pair.as_array()[0], conversation)) continue;
    if (!is_number(pair.as_array()[1], seq)) continue;
    out.acks.emplace_back(conversation, seq);
  }
}

void read_token(const wire::json::object& frame, ClientFrame& out) {
  const auto* token = frame.if_contains("token");
  if (!token || token->is_null()) return;
  out.has_token = true;
  if (token->is_string()) {
    out.token = std::string(token->as_string());
    out.has_token = !out.token.empty();
  }
}

}  // namespace

net::WsFramePtr chat_frame(std::string_view body, Time now) {
  return net::WsFrame::text(chat_text(body, now));
}

net::WsFramePtr numbered_frame(std::string_view body, model::ConversationId conversation,
                               model::Seq seq, Time now) {
  std::string text = chat_text(body, now);
  add_numbers(text, conversation, seq);
  return net::WsFrame::text(text);
}

net::WsFramePtr number_frame(const net::WsFrame& plain, model::ConversationId conversation,
                             model::Seq seq) {
  std::string text(plain.payload());
  add_numbers(text, conversation, seq);
  return net::WsFrame::text(text);
}

net::WsFramePtr welcome_frame(Time now) {
  return net::WsFrame::text(R"({"type":"system","data":"欢迎您访问我们的系统！","timestamp":)" +
                            std::to_string(to_millis(now)) + '}');
}

net::WsFramePtr pong_frame(Time now) {
  return net::WsFrame::text(R"({"type":"pong","timestamp":)" + std::to_string(to_millis(now)) +
                            '}');
}

net::WsFramePtr fail_frame(std::string_view text) {
  return net::WsFrame::text(wire::fail_envelope(text));
}

const net::WsFramePtr& heartbeat_frame() {
  static const auto frame = net::WsFrame::text(R"({"type":"ping"})");
  return frame;
}

const net::WsFramePtr& synced_frame() {
  static const auto frame = net::WsFrame::text(R"({"type":"synced"})");
  return frame;
}

const net::WsFramePtr& force_logout_frame() {
  static const auto frame =
      net::WsFrame::text(R"({"msg":"force_logout","data":"你的账号在其他设备登录"})");
  return frame;
}

ClientFrame parse_client_frame(std::string_view text) {
  ClientFrame out;
  if (text == "ping" || text == R"({"type":"ping"})") {
    out.kind = ClientFrame::Kind::kPing;
    return out;
  }
  const auto parsed = wire::parse_json(text);
  if (!parsed.has_value() || !parsed->is_object()) return out;
  const auto& frame = parsed->as_object();
  const auto* type = frame.if_contains("type");
  if (!type || !type->is_string()) return out;
  if (type->as_string() == "ping") {
    out.kind = ClientFrame::Kind::kPing;
    read_token(frame, out);
  } else if (type->as_string() == "ack") {
    out.kind = ClientFrame::Kind::kAck;
    read_acks(frame, out);
  } else if (type->as_string() == "sync") {
    out.kind = ClientFrame::Kind::kSync;
  }
  return out;
}

const net::WsFramePtr& LiveView::frame(bool is_numbered) {
  if (!is_numbered) return message_.frame;
  if (!numbered_) numbered_ = number_frame(*message_.frame, message_.conversation, message_.seq);
  return numbered_;
}

}  // namespace qn::gateway
