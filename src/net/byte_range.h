#pragma once

#include <cstdint>
#include <string_view>

namespace qn::net {

// What a Range field asks of a file of known size.
struct ByteRange {
  enum class Kind {
    kWhole,          // no range, several, or another unit: send everything
    kPart,           // bytes [first, first + length)
    kUnsatisfiable,  // malformed, or beyond the end: 416
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// RFC 9110 §14.1.2. "" is no field.
ByteRange parse_range(std::string_view field, std::uint64_t size);

}  // namespace qn::net
