#include "response_parser.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace qn::bench {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;

bool same_text(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
  });
}

// The value of a header field, or nothing.
std::optional<std::string_view> field(std::string_view head, std::string_view lower_name) {
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == line.npos || !same_text(line.substr(0, colon), lower_name)) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return std::nullopt;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  if (failure != std::errc() || end == text.data()) return std::nullopt;
  return n;
}

// The size of a chunked body with its last, empty chunk.
Parsed measure_chunks(std::string_view text, std::size_t& size) {
  std::size_t at = 0;
  for (;;) {
    const auto line_end = text.find("\r\n", at);
    if (line_end == text.npos) return Parsed::kNeedMore;
    const auto chunk = number(text.substr(at, line_end - at), 16);
    if (!chunk) return Parsed::kBroken;
    at = line_end + 2 + *chunk + 2;
    if (at > text.size()) return Parsed::kNeedMore;
    if (*chunk == 0) break;
  }
  size = at;
  return Parsed::kComplete;
}

Parsed measure_body(std::string_view head, std::string_view rest, int status, std::size_t& size) {
  if (status == 204 || status == 304) return Parsed::kComplete;
  if (const auto length = field(head, "content-length")) {
    const auto bytes = number(*length, 10);
    if (!bytes) return Parsed::kBroken;
    size = *bytes;
    return rest.size() < size ? Parsed::kNeedMore : Parsed::kComplete;
  }
  if (const auto coding = field(head, "transfer-encoding");
      coding && same_text(*coding, "chunked")) {
    return measure_chunks(rest, size);
  }
  return Parsed::kBroken;
}

}  // namespace

Parsed parse_response(std::string_view buffer, Response& out) {
  const auto head_end = buffer.find("\r\n\r\n");
  if (head_end == buffer.npos) {
    return buffer.size() > kMaxHead ? Parsed::kBroken : Parsed::kNeedMore;
  }
  const auto head = buffer.substr(0, head_end + 2);
  const auto status = head.starts_with("HTTP/1.") ? number(head.substr(9), 10) : std::nullopt;
  if (!status) return Parsed::kBroken;
  const auto rest = buffer.substr(head_end + 4);
  std::size_t body_size = 0;
  const auto parsed = measure_body(head, rest, static_cast<int>(*status), body_size);
  if (parsed != Parsed::kComplete) return parsed;
  out.status = static_cast<int>(*status);
  out.body = rest.substr(0, body_size);
  out.size = head_end + 4 + body_size;
  out.close = same_text(field(head, "connection").value_or(""), "close");
  return Parsed::kComplete;
}

}  // namespace qn::bench
