#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qn::net {

// Undoes the chunked coding (RFC 9112 §7.1), strictly: no white space around the
// size, CRLF and nothing else ends a line. Extensions and trailer fields are
// checked for their length and dropped. What comes out does not depend on how
// the input is cut. Our own because Beast's bounds neither extensions nor
// trailers. A value type without I/O; one per request.
class ChunkDecoder {
 public:
  enum class State { kMore, kDone, kMalformed, kBodyTooLarge, kOverheadTooLarge };

  // `max_body` bytes of content at most, `max_overhead` bytes of extensions and
  // of trailer fields.
  ChunkDecoder(std::uint64_t max_body, std::size_t max_overhead)
      : max_body_(max_body), max_overhead_(max_overhead) {}

  // Takes what it can from the front of `in` and appends content to `body`.
  // After anything but kMore the rest of `in` belongs to somebody else.
  State decode(std::string_view& in, std::string& body);

 private:
  enum class Part {
    kSize,
    kExtension,
    kSizeEnd,
    kData,
    kDataReturn,
    kDataEnd,
    kTrailerStart,
    kTrailer,
    kTrailerLineEnd,
    kEnd
  };

  State step(char c);
  State on_size(char c);
  State on_text(char c, Part after_return);
  State on_size_end(char c);
  State on_trailer_start(char c);

  std::uint64_t max_body_;
  std::size_t max_overhead_;
  std::uint64_t size_ = 0;       // of this chunk, as far as it is read
  std::uint64_t remaining_ = 0;  // of this chunk's data
  std::uint64_t total_ = 0;
  std::size_t overhead_ = 0;
  int digits_ = 0;
  Part part_ = Part::kSize;
};

}  // namespace qn::net
