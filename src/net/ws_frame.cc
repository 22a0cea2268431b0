#include "net/ws_frame.h"

#include <array>

#include "base/text.h"
#include "net/ws_deflate.h"

namespace qn::net {
namespace {

constexpr std::size_t kSmallestDeflated = 64;  // below, compressing costs more than it saves

void write_big_endian(char* out, std::uint64_t n, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0; n >>= 8) out[i] = static_cast<char>(n & 0xff);
}

std::string encode(WsOpcode opcode, std::string_view payload, WsCompressed compressed) {
  std::array<char, kMaxWsHeader> header;
  const std::size_t size = write_ws_header(header.data(), opcode, payload.size(), compressed);
  std::string out;
  out.reserve(size + payload.size());
  return out.append(header.data(), size).append(payload);
}

}  // namespace

std::size_t write_ws_header(char* out, WsOpcode opcode, std::size_t payload,
                            WsCompressed compressed) {
  const unsigned rsv1 = compressed == WsCompressed::kYes ? 0x40 : 0;
  out[0] = static_cast<char>(0x80 | rsv1 | static_cast<unsigned>(opcode));
  if (payload < 126) {
    out[1] = static_cast<char>(payload);
    return 2;
  }
  const bool is_short = payload <= 0xffff;
  out[1] = static_cast<char>(is_short ? 126 : 127);
  write_big_endian(out + 2, payload, is_short ? 2 : 8);
  return is_short ? 4 : 10;
}

WsFrame::WsFrame(Key, WsOpcode opcode, std::string_view payload)
    : bytes_(encode(opcode, payload, WsCompressed::kNo)), header_(bytes_.size() - payload.size()) {}

WsFramePtr WsFrame::text(std::string_view payload) {
  return make_ws_frame(WsOpcode::kText, payload);
}

WsFramePtr WsFrame::binary(std::string_view payload) {
  return make_ws_frame(WsOpcode::kBinary, payload);
}

std::string_view WsFrame::deflated() const {
  std::call_once(deflate_once_, [this] {
    const auto opcode = static_cast<WsOpcode>(bytes_[0] & 0x0f);
    const bool is_data = opcode == WsOpcode::kText || opcode == WsOpcode::kBinary;
    if (!is_data || payload().size() < kSmallestDeflated) return;
    const std::string small = ws_deflate(payload());
    if (!small.empty() && small.size() < payload().size()) {
      deflated_ = encode(opcode, small, WsCompressed::kYes);
    }
  });
  return deflated_;
}

WsFramePtr make_ws_frame(WsOpcode opcode, std::string_view payload) {
  return std::make_shared<const WsFrame>(WsFrame::Key(), opcode, payload);
}

WsFramePtr make_ws_ping(std::uint64_t number) {
  std::array<char, 8> payload;
  write_big_endian(payload.data(), number, payload.size());
  return make_ws_frame(WsOpcode::kPing, {payload.data(), payload.size()});
}

WsFramePtr make_ws_close(std::uint16_t code, std::string_view reason) {
  std::array<char, 2> bytes;
  write_big_endian(bytes.data(), code, bytes.size());
  if (code == 0) return make_ws_frame(WsOpcode::kClose, {});
  std::string payload(bytes.data(), bytes.size());
  std::size_t room = kMaxWsControlPayload - payload.size();
  if (reason.size() > room) {
    while (room > 0 && (static_cast<unsigned char>(reason[room]) & 0xc0) == 0x80) --room;
    reason = reason.substr(0, room);
  }
  return make_ws_frame(WsOpcode::kClose, payload.append(reason));
}

void WsHandler::on_binary(std::string_view payload) {
  if (is_utf8(payload)) on_message(payload);
}

}  // namespace qn::net
