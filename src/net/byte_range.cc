#include "net/byte_range.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace qn::net {
namespace {

constexpr ByteRange kUnsatisfiable{ByteRange::Kind::kUnsatisfiable, 0, 0};

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t n = 0;
  const auto* last = digits.data() + digits.size();
  const auto [end, ec] = std::from_chars(digits.data(), last, n);
  if (ec != std::errc{} || end != last) return std::nullopt;
  return n;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

ByteRange parse_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!field.starts_with(kUnit)) return {};
  const auto spec = trim(field.substr(kUnit.size()));
  if (spec.find(',') != std::string_view::npos) return {};
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return kUnsatisfiable;

  const auto last = number(spec.substr(dash + 1));
  if (dash == 0) {  // the last n bytes
    if (!last || *last == 0 || size == 0) return kUnsatisfiable;
    const std::uint64_t length = std::min(*last, size);
    return {ByteRange::Kind::kPart, size - length, length};
  }
  const auto first = number(spec.substr(0, dash));
  const bool is_open = dash + 1 == spec.size();
  if (!first || (!last && !is_open) || (last && *last < *first) || *first >= size) {
    return kUnsatisfiable;
  }
  const std::uint64_t end = is_open ? size - 1 : std::min(*last, size - 1);
  return {ByteRange::Kind::kPart, *first, end - *first + 1};
}

}  // namespace qn::net
