#include "wire/json.h"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace qn::wire {
namespace {

constexpr std::size_t kMaxDepth = 32;
// The longest shortest form of a double: sign, 17 digits, '.', "e-324".
constexpr std::size_t kDoubleChars = 32;

// Builds the value while Boost's parser reads. Differs from the library's own
// handler in one point: Boost's conversion of decimal text is off in the last
// bit for a quarter of all 17-digit numbers, so that 116.39747200000001 would
// come out changed; from_chars is exact.
struct Handler {
  constexpr static std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  constexpr static std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  constexpr static std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  constexpr static std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  using View = json::string_view;
  using Code = json::error_code;

  Handler(unsigned char* buffer, std::size_t size) : stack({}, buffer, size) { stack.reset(); }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }
  bool on_number_part(View, Code&) { return true; }
  bool on_object_end(std::size_t n, Code&) { return stack.push_object(n), true; }
  bool on_array_end(std::size_t n, Code&) { return stack.push_array(n), true; }
  bool on_key_part(View s, std::size_t, Code&) { return stack.push_chars(s), true; }
  bool on_key(View s, std::size_t, Code&) { return stack.push_key(s), true; }
  bool on_string_part(View s, std::size_t, Code&) { return stack.push_chars(s), true; }
  bool on_string(View s, std::size_t, Code&) { return stack.push_string(s), true; }
  bool on_int64(std::int64_t i, View, Code&) { return stack.push_int64(i), true; }
  bool on_uint64(std::uint64_t u, View, Code&) { return stack.push_uint64(u), true; }
  bool on_bool(bool b, Code&) { return stack.push_bool(b), true; }
  bool on_null(Code&) { return stack.push_null(), true; }

  // The whole text is one buffer, so `text` is the whole number. Beyond the
  // range of a double `approximate` is already right: infinity or zero.
  bool on_double(double approximate, View text, Code&) {
    double exact = approximate;
    std::from_chars(text.data(), text.data() + text.size(), exact);
    return stack.push_double(exact), true;
  }

  json::value_stack stack;
};

void append_object(std::string& out, const json::object& object) {
  out += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, member.key());
    out += ':';
    append_json(out, member.value());
  }
  out += '}';
}

void append_array(std::string& out, const json::array& array) {
  out += '[';
  bool first = true;
  for (const auto& element : array) {
    if (!first) out += ',';
    first = false;
    append_json(out, element);
  }
  out += ']';
}

template <class Integer>
void append_integer(std::string& out, Integer n) {
  std::array<char, 24> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), n).ptr;
  out.append(buffer.data(), end);
}

constexpr bool needs_escape(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\';
}

// Position of the first byte that needs an escape at or after `from`. Looks at
// eight bytes at a time. A borrow can mark bytes behind a true hit falsely, but
// never one before it, so the first mark is right.
std::size_t find_escape(std::string_view text, std::size_t from) {
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHigh = kOnes * 0x80;
    for (; from + 8 <= text.size(); from += 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + from, 8);
      const std::uint64_t quote = word ^ (kOnes * '"');
      const std::uint64_t backslash = word ^ (kOnes * '\\');
      const std::uint64_t hit = (((word - kOnes * 0x20) & ~word) | ((quote - kOnes) & ~quote) |
                                 ((backslash - kOnes) & ~backslash)) &
                                kHigh;
      if (hit != 0) return from + static_cast<std::size_t>(std::countr_zero(hit)) / 8;
    }
  }
  while (from < text.size() && !needs_escape(static_cast<unsigned char>(text[from]))) ++from;
  return from;
}

void append_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 0xf];
  }
}

// ECMAScript's Number::toString: `digits` × 10^(point - digits.size()).
std::string place_point(std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  std::string out;
  if (count <= point && point <= 21) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits.substr(0, static_cast<std::size_t>(point))).append(1, '.');
    out.append(digits.substr(static_cast<std::size_t>(point)));
  } else if (-6 < point && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out.append(digits.substr(0, 1));
    if (count > 1) out.append(1, '.').append(digits.substr(1));
    out.append(point > 0 ? "e+" : "e-").append(std::to_string(std::abs(point - 1)));
  }
  return out;
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  unsigned char buffer[4096];
  json::basic_parser<Handler> parser(options, buffer, sizeof buffer);
  json::error_code code;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  if (!code && used < text.size()) code = json::error::extra_data;
  if (code) return Error{ErrorCode::kMalformed, {}, "JSON: " + code.message()};
  return parser.handler().stack.release();
}

std::string to_json(const json::value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

void append_json(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      return append_integer(out, value.get_int64());
    case json::kind::uint64:
      return append_integer(out, value.get_uint64());
    case json::kind::double_: {
      const double d = value.get_double();
      out += std::isfinite(d) ? js_number(d) : "null";
      return;
    }
    case json::kind::string:
      return append_json_string(out, value.get_string());
    case json::kind::array:
      return append_array(out, value.get_array());
    case json::kind::object:
      return append_object(out, value.get_object());
  }
}

std::string js_number(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v < 0 ? "-Infinity" : "Infinity";
  if (v == 0) return "0";
  std::array<char, kDoubleChars> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(v),
                                  std::chars_format::scientific)
                        .ptr;
  // "d[.ddd]e±xx": the digits without the point, and the exponent.
  const char* const e = std::find(static_cast<const char*>(buffer.data()), end, 'e');
  std::string digits(static_cast<const char*>(buffer.data()), e);
  if (digits.size() > 1) digits.erase(1, 1);
  int exponent = 0;
  std::from_chars(e[1] == '+' ? e + 2 : e + 1, end, exponent);
  return (v < 0 ? "-" : "") + place_point(digits, exponent + 1);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0;
  while (true) {
    const std::size_t to = find_escape(text, from);
    out.append(text, from, to - from);
    if (to == text.size()) break;
    append_escape(out, static_cast<unsigned char>(text[to]));
    from = to + 1;
  }
  out += '"';
}

}  // namespace qn::wire
