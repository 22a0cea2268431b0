#include "net/ws_parser.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"

namespace qn::net {
namespace {

constexpr std::size_t kMaxKept = 4_KiB;  // of memory, by an idle parser

void unmask(std::span<char> bytes, const std::array<char, 4>& mask, std::size_t at) {
  std::array<char, 8> turned;
  for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = mask[(at + i) % 4];
  std::uint64_t wide;
  std::memcpy(&wide, turned.data(), sizeof wide);
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t block;
    std::memcpy(&block, bytes.data() + i, sizeof block);
    block ^= wide;
    std::memcpy(bytes.data() + i, &block, sizeof block);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ turned[i % 8]);
}

// RFC 6455 §7.4 and the codes registered since (1012 to 1014).
bool may_be_sent(std::uint16_t code) {
  if (code >= 3000) return code < 5000;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

std::uint64_t read_big_endian(const unsigned char* bytes, std::size_t count) {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < count; ++i) n = n << 8 | bytes[i];
  return n;
}

}  // namespace

void WsParser::feed(std::span<char> bytes, WsInflater* inflater) {
  input_ = bytes;
  inflater_ = inflater;
}

bool WsParser::is_idle() const {
  return state_ == State::kHeader && header_size_ == 0 && opcode_ == WsOpcode::kContinuation &&
         input_.empty();
}

void WsParser::trim() {
  payload_ = {};
  if (is_stale_) message_.clear();
  is_stale_ = false;
  if (message_.capacity() > kMaxKept) std::string().swap(message_);
  if (inflated_.capacity() > kMaxKept) std::string().swap(inflated_);
}

WsParser::Event WsParser::next() {
  if (is_stale_) message_.clear();
  is_stale_ = false;
  for (;;) {
    if (state_ == State::kHeader && !read_header()) {
      return state_ == State::kOver ? Event::kFailed : Event::kNeedMore;
    }
    if (state_ == State::kOver) return Event::kNeedMore;
    const auto piece = take_payload();
    const auto event = is_control() ? read_control(piece) : read_data(piece);
    if (event != Event::kNeedMore || state_ == State::kOver) return event;
    if (state_ == State::kPayload) return Event::kNeedMore;
  }
}

bool WsParser::read_header() {
  while (header_size_ < header_wanted_) {
    if (input_.empty()) return false;
    const auto byte = static_cast<unsigned char>(input_.front());
    input_ = input_.subspan(1);
    header_[header_size_++] = byte;
    std::uint16_t wrong = 0;
    if (header_size_ == 1) wrong = check_first(byte);
    if (header_size_ == 2) {
      wrong = check_second(byte);
      const auto length = byte & 0x7f;
      header_wanted_ = static_cast<std::uint8_t>(length < 126 ? 6 : length == 126 ? 8 : 14);
    }
    if (wrong == 0 && header_size_ + 4 == header_wanted_) wrong = begin_frame();
    if (wrong != 0) {
      fail(wrong);
      return false;
    }
  }
  std::memcpy(mask_.data(), header_.data() + header_wanted_ - 4, mask_.size());
  mask_at_ = 0;
  state_ = State::kPayload;
  return true;
}

std::uint16_t WsParser::check_first(unsigned char byte) const {
  const auto opcode = static_cast<WsOpcode>(byte & 0x0f);
  const bool is_message = opcode == WsOpcode::kText || opcode == WsOpcode::kBinary;
  const bool is_compressed = (byte & 0x40) != 0;
  if ((byte & 0x30) != 0) return ws_code::kProtocolError;
  if (is_compressed && (!is_message || inflater_ == nullptr)) return ws_code::kProtocolError;
  switch (opcode) {
    case WsOpcode::kText:
    case WsOpcode::kBinary:
      return opcode_ == WsOpcode::kContinuation ? 0 : ws_code::kProtocolError;
    case WsOpcode::kContinuation:
      return opcode_ != WsOpcode::kContinuation ? 0 : ws_code::kProtocolError;
    case WsOpcode::kClose:
    case WsOpcode::kPing:
    case WsOpcode::kPong:
      return (byte & 0x80) != 0 ? 0 : ws_code::kProtocolError;  // never in fragments
  }
  return ws_code::kProtocolError;
}

// A client masks everything, and a control frame is short.
std::uint16_t WsParser::check_second(unsigned char byte) const {
  const bool is_masked = (byte & 0x80) != 0;
  const bool is_too_long = is_control() && (byte & 0x7f) > kMaxWsControlPayload;
  return is_masked && !is_too_long ? 0 : ws_code::kProtocolError;
}

// The length is known; the mask may still be missing.
std::uint16_t WsParser::begin_frame() {
  const std::size_t extended = header_wanted_ - 6u;
  rest_ = header_[1] & 0x7f;
  if (extended > 0) rest_ = read_big_endian(header_.data() + 2, extended);
  // In the shortest form, and without the highest bit (§5.2).
  const bool is_padded = (extended == 2 && rest_ < 126) || (extended == 8 && rest_ <= 0xffff);
  if (is_padded || (rest_ >> 63) != 0) return ws_code::kProtocolError;
  control_size_ = 0;
  if (is_control()) return 0;
  const auto opcode = static_cast<WsOpcode>(header_[0] & 0x0f);
  if (opcode != WsOpcode::kContinuation) {
    opcode_ = opcode;
    is_compressed_ = (header_[0] & 0x40) != 0;
    utf8_.reset();
  }
  const std::size_t most = most_on_wire();
  return rest_ <= most && message_.size() <= most - rest_ ? 0 : ws_code::kTooBig;
}

// Compression can make a message that cannot be compressed a little longer.
std::size_t WsParser::most_on_wire() const {
  return is_compressed_ ? max_message_ + max_message_ / 64 + 64 : max_message_;
}

std::span<char> WsParser::take_payload() {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, input_.size()));
  const auto piece = input_.first(size);
  input_ = input_.subspan(size);
  rest_ -= size;
  unmask(piece, mask_, mask_at_);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + size) % 4);
  if (rest_ == 0) {
    state_ = State::kHeader;
    header_size_ = 0;
    header_wanted_ = 2;
  }
  return piece;
}

WsParser::Event WsParser::read_control(std::span<char> piece) {
  std::copy(piece.begin(), piece.end(), control_.begin() + control_size_);
  control_size_ = static_cast<std::uint8_t>(control_size_ + piece.size());
  return state_ == State::kHeader ? end_control() : Event::kNeedMore;
}

WsParser::Event WsParser::end_control() {
  payload_ = {control_.data(), control_size_};
  switch (static_cast<WsOpcode>(header_[0] & 0x0f)) {
    case WsOpcode::kPing:
      return Event::kPing;
    case WsOpcode::kPong:
      return Event::kPong;
    default:
      return end_close();
  }
}

WsParser::Event WsParser::end_close() {
  code_ = ws_code::kNoStatus;
  if (!payload_.empty()) {
    if (payload_.size() == 1) return fail(ws_code::kProtocolError);
    code_ = static_cast<std::uint16_t>(
        read_big_endian(reinterpret_cast<const unsigned char*>(control_.data()), 2));
    if (!may_be_sent(code_)) return fail(ws_code::kProtocolError);
    payload_.remove_prefix(2);
    Utf8Checker reason;
    if (!reason.feed(payload_) || !reason.is_complete()) return fail(ws_code::kInvalidPayload);
  }
  state_ = State::kOver;
  input_ = {};
  return Event::kClose;
}

WsParser::Event WsParser::read_data(std::span<char> piece) {
  const std::string_view bytes(piece.data(), piece.size());
  const bool is_checked = opcode_ == WsOpcode::kText && !is_compressed_;
  if (is_checked && !utf8_.feed(bytes)) return fail(ws_code::kInvalidPayload);
  const bool is_frame_over = state_ == State::kHeader;
  if (is_frame_over && is_final()) {
    if (message_.empty()) return end_message(bytes);  // nearly always: no copy
    message_.append(bytes);
    return end_message(message_);
  }
  message_.append(bytes);
  return Event::kNeedMore;
}

WsParser::Event WsParser::end_message(std::string_view whole) {
  const bool is_text = opcode_ == WsOpcode::kText;
  opcode_ = WsOpcode::kContinuation;
  is_stale_ = true;
  payload_ = whole;
  if (is_compressed_) {
    switch (inflater_->inflate(whole, max_message_, inflated_)) {
      case WsInflater::Result::kTooLarge:
        return fail(ws_code::kTooBig);
      case WsInflater::Result::kBroken:
        return fail(ws_code::kInvalidPayload);
      case WsInflater::Result::kOk:
        payload_ = inflated_;
    }
    if (is_text && !utf8_.feed(payload_)) return fail(ws_code::kInvalidPayload);
  }
  if (is_text && !utf8_.is_complete()) return fail(ws_code::kInvalidPayload);
  return is_text ? Event::kText : Event::kBinary;
}

WsParser::Event WsParser::fail(std::uint16_t code) {
  code_ = code;
  payload_ = {};
  state_ = State::kOver;
  input_ = {};
  return Event::kFailed;
}

}  // namespace qn::net
