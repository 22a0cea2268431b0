#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/ws_deflate.h"
#include "net/ws_frame.h"
#include "net/ws_utf8.h"

namespace qn::net {

// Turns the bytes of a WebSocket client into messages (RFC 6455 §5, §6.2, §8.1;
// RFC 7692), without I/O. Every violation is reported at the first byte that
// shows it, the same however the bytes are cut. A connection needs one only while
// it is_idle() does not hold; until then any parser of the same limit will do.
class WsParser {
 public:
  enum class Event {
    kNeedMore,  // everything fed is used up
    kText,      // payload() is a whole message
    kBinary,
    kPing,
    kPong,
    kClose,   // code() and payload(), the reason; nothing is read after it
    kFailed,  // tell the peer code() and read nothing more
  };

  explicit WsParser(std::size_t max_message) : max_message_(max_message) {}

  // The next bytes, which are unmasked in place and have to stay until next() has
  // answered kNeedMore. Without an inflater, compressed messages are violations.
  void feed(std::span<char> bytes, WsInflater* inflater);
  // What payload() shows is valid until the following call.
  Event next();

  std::string_view payload() const { return payload_; }
  std::uint16_t code() const { return code_; }
  // Between two messages, with nothing begun.
  bool is_idle() const;
  // Gives back memory, so that an idle parser may be kept.
  void trim();

 private:
  enum class State { kHeader, kPayload, kOver };

  // False: needs more bytes, or has failed.
  bool read_header();
  // 0, or the code of what is wrong with the first two bytes.
  std::uint16_t check_first(unsigned char byte) const;
  std::uint16_t check_second(unsigned char byte) const;
  std::uint16_t begin_frame();
  Event read_control(std::span<char> piece);
  Event end_control();
  Event end_close();
  Event read_data(std::span<char> piece);
  Event end_message(std::string_view whole);
  Event fail(std::uint16_t code);
  std::span<char> take_payload();
  bool is_control() const { return (header_[0] & 0x08) != 0; }
  bool is_final() const { return (header_[0] & 0x80) != 0; }
  std::size_t most_on_wire() const;

  const std::size_t max_message_;

  std::span<char> input_;
  WsInflater* inflater_ = nullptr;
  State state_ = State::kHeader;

  // The frame in progress.
  std::array<unsigned char, 14> header_{};
  std::uint8_t header_size_ = 0;    // bytes of it that are here
  std::uint8_t header_wanted_ = 2;  // as far as is known
  std::uint8_t mask_at_ = 0;        // where in the mask the next byte falls
  std::uint8_t control_size_ = 0;
  std::array<char, 4> mask_{};
  std::array<char, kMaxWsControlPayload> control_;
  std::uint64_t rest_ = 0;  // of its payload

  // The message in progress; kContinuation: none.
  WsOpcode opcode_ = WsOpcode::kContinuation;
  bool is_compressed_ = false;
  bool is_stale_ = false;  // `message_` was shown already
  Utf8Checker utf8_;
  std::string message_;
  std::string inflated_;

  std::string_view payload_;
  std::uint16_t code_ = 0;
};

}  // namespace qn::net
