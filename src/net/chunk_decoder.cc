#include "net/chunk_decoder.h"

#include <algorithm>

namespace qn::net {
namespace {

constexpr int kMaxSizeDigits = 15;  // cannot overflow 64 bits

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) {
  const auto b = static_cast<unsigned char>(c);
  return b == '\t' || (b >= 0x20 && b != 0x7f);
}

}  // namespace

ChunkDecoder::State ChunkDecoder::decode(std::string_view& in, std::string& body) {
  while (!in.empty()) {
    if (part_ == Part::kData) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, in.size()));
      body.append(in.substr(0, n));
      in.remove_prefix(n);
      remaining_ -= n;
      if (remaining_ == 0) part_ = Part::kDataReturn;
      continue;
    }
    const char c = in.front();
    in.remove_prefix(1);
    if (const State state = step(c); state != State::kMore) return state;
  }
  return State::kMore;
}

ChunkDecoder::State ChunkDecoder::step(char c) {
  switch (part_) {
    case Part::kSize:
      return on_size(c);
    case Part::kExtension:
      return on_text(c, Part::kSizeEnd);
    case Part::kSizeEnd:
      return on_size_end(c);
    case Part::kData:
      break;
    case Part::kDataReturn:
      part_ = Part::kDataEnd;
      return c == '\r' ? State::kMore : State::kMalformed;
    case Part::kDataEnd:
      part_ = Part::kSize;
      return c == '\n' ? State::kMore : State::kMalformed;
    case Part::kTrailerStart:
      return on_trailer_start(c);
    case Part::kTrailer:
      return on_text(c, Part::kTrailerLineEnd);
    case Part::kTrailerLineEnd:
      part_ = Part::kTrailerStart;
      return c == '\n' ? State::kMore : State::kMalformed;
    case Part::kEnd:
      return c == '\n' ? State::kDone : State::kMalformed;
  }
  return State::kMalformed;
}

ChunkDecoder::State ChunkDecoder::on_size(char c) {
  if (const int digit = hex_digit(c); digit >= 0) {
    if (++digits_ > kMaxSizeDigits) return State::kMalformed;
    size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
    return State::kMore;
  }
  if (digits_ == 0) return State::kMalformed;
  if (c == '\r') {
    part_ = Part::kSizeEnd;
    return State::kMore;
  }
  part_ = Part::kExtension;
  return c == ';' ? State::kMore : State::kMalformed;
}

ChunkDecoder::State ChunkDecoder::on_text(char c, Part after_return) {
  if (c == '\r') {
    part_ = after_return;
    return State::kMore;
  }
  if (!is_text(c)) return State::kMalformed;
  return ++overhead_ > max_overhead_ ? State::kOverheadTooLarge : State::kMore;
}

ChunkDecoder::State ChunkDecoder::on_size_end(char c) {
  if (c != '\n') return State::kMalformed;
  if (size_ > max_body_ - total_) return State::kBodyTooLarge;
  total_ += size_;
  remaining_ = size_;
  part_ = size_ == 0 ? Part::kTrailerStart : Part::kData;
  size_ = 0;
  digits_ = 0;
  return State::kMore;
}

ChunkDecoder::State ChunkDecoder::on_trailer_start(char c) {
  if (c == '\r') {
    part_ = Part::kEnd;
    return State::kMore;
  }
  if (c == ' ' || c == '\t') return State::kMalformed;  // a folded line
  part_ = Part::kTrailer;
  return on_text(c, Part::kTrailerLineEnd);
}

}  // namespace qn::net
