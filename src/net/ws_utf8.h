#pragma once

#include <cstdint>
#include <string_view>

namespace qn::net {

// Checks UTF-8 (RFC 3629: no surrogates, no overlong forms) that arrives in
// pieces, and says no at the first byte that cannot be right any more.
class Utf8Checker {
 public:
  // False: not UTF-8, whatever comes.
  bool feed(std::string_view bytes);
  // Whether the text may end here.
  bool is_complete() const { return missing_ == 0; }
  void reset() { *this = Utf8Checker(); }

 private:
  bool feed_byte(unsigned char byte);

  // Bytes the current character still needs; the next must be in [low_, high_].
  std::uint8_t missing_ = 0;
  std::uint8_t low_ = 0x80;
  std::uint8_t high_ = 0xbf;
};

}  // namespace qn::net
