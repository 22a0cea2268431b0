#include "support/ws_client.h"

#include <array>

namespace qn::test {
namespace {

constexpr std::array<char, 4> kMask = {'\x37', '\xfa', '\x21', '\x3d'};

std::string big_endian(std::uint64_t n, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; n >>= 8) out[i] = static_cast<char>(n & 0xff);
  return out;
}

std::uint64_t number(std::string_view bytes) {
  std::uint64_t n = 0;
  for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

}  // namespace

std::uint16_t WsTestFrame::close_code() const {
  return payload.size() < 2 ? 1005 : static_cast<std::uint16_t>(number(payload.substr(0, 2)));
}

std::string encode(const WsTestFrame& frame) {
  const std::size_t size = frame.payload.size();
  const unsigned masked = frame.is_masked ? 0x80 : 0;
  std::string out;
  out += static_cast<char>((frame.is_final ? 0x80u : 0u) | frame.reserved << 4 | frame.opcode);
  const unsigned length = size < 126 ? static_cast<unsigned>(size) : size <= 0xffff ? 126 : 127;
  out += static_cast<char>(masked | length);
  if (length >= 126) out += big_endian(size, length == 126 ? 2 : 8);
  if (!frame.is_masked) return out + frame.payload;
  out.append(kMask.data(), kMask.size());
  for (std::size_t i = 0; i < size; ++i) {
    out += static_cast<char>(frame.payload[i] ^ kMask[i % 4]);
  }
  return out;
}

std::string text_frame(std::string_view payload) {
  WsTestFrame frame;
  frame.opcode = 1;
  frame.payload = payload;
  return encode(frame);
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  WsTestFrame frame;
  frame.opcode = 8;
  if (code != 0) frame.payload = big_endian(code, 2).append(reason);
  return encode(frame);
}

std::string ws_handshake(std::string_view target, std::string_view extra_fields) {
  return std::string("GET ")
      .append(target)
      .append(
          " HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
      .append(extra_fields)
      .append("\r\n");
}

WsClient::WsClient(std::uint16_t port, std::string_view target, std::string_view extra_fields)
    : http_(port) {
  if (http_.send(ws_handshake(target, extra_fields))) answer_ = http_.read_response();
}

std::optional<WsTestFrame> WsClient::read() {
  std::string head;
  if (!http_.read_exactly(2, head)) return std::nullopt;
  WsTestFrame frame;
  const auto first = static_cast<unsigned char>(head[0]);
  const auto second = static_cast<unsigned char>(head[1]);
  frame.opcode = first & 0x0fu;
  frame.is_final = (first & 0x80) != 0;
  frame.reserved = (first >> 4) & 7u;
  frame.is_masked = (second & 0x80) != 0;
  std::uint64_t size = second & 0x7f;
  if (size >= 126) {
    std::string extended;
    if (!http_.read_exactly(size == 126 ? 2 : 8, extended)) return std::nullopt;
    size = number(extended);
  }
  if (!http_.read_exactly(static_cast<std::size_t>(size), frame.payload)) return std::nullopt;
  return frame;
}

std::string WsClient::read_text() {
  const auto frame = read();
  if (!frame) return "(nothing)";
  if (frame->opcode == 1) return frame->payload;
  return "(opcode " + std::to_string(frame->opcode) + ") " + frame->payload;
}

bool WsClient::sees_close(std::uint16_t code) {
  const auto frame = read();
  return frame && frame->opcode == 8 && frame->close_code() == code && sees_end();
}

}  // namespace qn::test
