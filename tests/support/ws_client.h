#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/raw_http_client.h"

namespace qn::test {

// One frame as it was on the wire.
struct WsTestFrame {
  unsigned opcode = 0;
  bool is_final = true;
  unsigned reserved = 0;  // bits 4, 2 and 1: RSV1, RSV2, RSV3
  bool is_masked = true;
  std::string payload;

  std::uint16_t close_code() const;  // 1005: none
  bool operator==(const WsTestFrame&) const = default;
};

// With a mask, in the shortest form.
std::string encode(const WsTestFrame& frame);
std::string text_frame(std::string_view payload);
std::string close_frame(std::uint16_t code, std::string_view reason = {});

// A handshake with RFC 6455's own key; extra fields end with CRLF each.
std::string ws_handshake(std::string_view target, std::string_view extra_fields = {});
constexpr std::string_view kWsAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// A WebSocket client that sends exactly the bytes it is told to and reads frames
// strictly. Waits are bounded as those of RawHttpClient.
class WsClient {
 public:
  explicit WsClient(std::uint16_t port) : http_(port) {}
  // With the handshake done.
  WsClient(std::uint16_t port, std::string_view target, std::string_view extra_fields = {});

  // The answer to the handshake.
  const std::optional<RawResponse>& answer() const { return answer_; }
  bool is_open() const { return answer_ && answer_->status == 101; }

  bool send(std::string_view bytes) { return http_.send(bytes); }
  bool send(const WsTestFrame& frame) { return send(encode(frame)); }
  bool send_text(std::string_view payload) { return send(text_frame(payload)); }
  // Nothing: the connection ended, or stayed silent, before a whole frame.
  std::optional<WsTestFrame> read();
  // The payload of the next frame, if that is a text; else what came instead.
  std::string read_text();
  // Whether the next is a close frame of that code, then the end.
  bool sees_close(std::uint16_t code);
  // Whether the connection ends without any further frame.
  bool sees_end() { return http_.sees_end(); }
  RawHttpClient& http() { return http_; }

 private:
  RawHttpClient http_;
  std::optional<RawResponse> answer_;
};

}  // namespace qn::test
