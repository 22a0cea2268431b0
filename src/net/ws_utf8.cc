#include "net/ws_utf8.h"

#include <cstddef>
#include <cstring>

namespace qn::net {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// How many bytes at the front are ASCII, in steps of eight.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t block;
    std::memcpy(&block, bytes.data() + i, sizeof block);
    if ((block & kHighBits) != 0) break;
  }
  return i;
}

}  // namespace

bool Utf8Checker::feed(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (missing_ == 0) {
      i += ascii_prefix(bytes.substr(i));
      if (i == bytes.size()) return true;
    }
    if (!feed_byte(static_cast<unsigned char>(bytes[i++]))) return false;
  }
  return true;
}

bool Utf8Checker::feed_byte(unsigned char byte) {
  if (missing_ > 0) {
    if (byte < low_ || byte > high_) return false;
    --missing_;
    low_ = 0x80;
    high_ = 0xbf;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;
  missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0) low_ = 0xa0;   // overlong
  if (byte == 0xed) high_ = 0x9f;  // surrogates
  if (byte == 0xf0) low_ = 0x90;   // overlong
  if (byte == 0xf4) high_ = 0x8f;  // beyond U+10FFFF
  return true;
}

}  // namespace qn::net
