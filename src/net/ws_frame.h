#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/websocket.h"

namespace qn::net {

// RFC 6455 §5.2, §11.8.
enum class WsOpcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xa,
};

// RFC 6455 §7.4.1: those the transport uses itself.
namespace ws_code {
constexpr std::uint16_t kProtocolError = 1002;
constexpr std::uint16_t kNoStatus = 1005;  // never sent: stands for a close frame without a code
constexpr std::uint16_t kInvalidPayload = 1007;
constexpr std::uint16_t kTooBig = 1009;
}  // namespace ws_code

constexpr std::size_t kMaxWsHeader = 10;           // of a frame without a mask
constexpr std::size_t kMaxWsControlPayload = 125;  // RFC 6455 §5.5

enum class WsCompressed { kNo, kYes };

// Writes the header of a final, unmasked frame to `out`; the number of its bytes.
std::size_t write_ws_header(char* out, WsOpcode opcode, std::size_t payload,
                            WsCompressed compressed);

// Any final frame.
WsFramePtr make_ws_frame(WsOpcode opcode, std::string_view payload);
WsFramePtr make_ws_ping(std::uint64_t number);
// 0: without a code. A reason that is too long is cut between two characters.
WsFramePtr make_ws_close(std::uint16_t code, std::string_view reason);

}  // namespace qn::net
