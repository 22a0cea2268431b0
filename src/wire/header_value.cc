#include "wire/header_value.h"

#include "wire/escapes.h"

namespace qn::wire {
namespace {

constexpr std::string_view kSpace = " \t";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Takes the text up to the next ';' or the end, and the ';' with it.
std::string_view take_token(std::string_view& rest) {
  const std::size_t end = rest.find(';');
  const std::string_view token = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(token);
}

// Takes a quoted string whose opening quote is gone, and everything up to the
// next ';'. A backslash escapes only '"' and itself: old browsers send whole
// Windows paths unescaped.
std::string take_quoted(std::string_view& rest) {
  std::string out;
  std::size_t i = 0;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    const char next = i + 1 < rest.size() ? rest[i + 1] : '\0';
    if (rest[i] == '\\' && (next == '"' || next == '\\')) ++i;
    out += rest[i];
  }
  rest.remove_prefix(i);
  take_token(rest);
  return out;
}

}  // namespace

const std::string* HeaderValue::find(std::string_view name) const {
  for (const auto& [key, text] : params) {
    if (key == name) return &text;
  }
  return nullptr;
}

HeaderValue parse_header_value(std::string_view text) {
  HeaderValue out;
  std::string_view rest = text;
  out.value = to_lower_ascii(take_token(rest));
  while (!rest.empty()) {
    const std::size_t name_end = rest.find_first_of("=;");
    if (name_end == std::string_view::npos) break;
    if (rest[name_end] == ';') {
      rest.remove_prefix(name_end + 1);
      continue;
    }
    std::string name = to_lower_ascii(trim(rest.substr(0, name_end)));
    rest.remove_prefix(name_end + 1);
    const std::size_t begin = rest.find_first_not_of(kSpace);
    const bool quoted = begin != std::string_view::npos && rest[begin] == '"';
    if (quoted) rest.remove_prefix(begin + 1);
    std::string value = quoted ? take_quoted(rest) : std::string(take_token(rest));
    if (!name.empty()) out.params.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

std::optional<std::string> decode_extended(std::string_view text) {
  const std::size_t charset_end = text.find('\'');
  if (charset_end == std::string_view::npos) return std::nullopt;
  const std::size_t language_end = text.find('\'', charset_end + 1);
  if (language_end == std::string_view::npos) return std::nullopt;
  if (to_lower_ascii(text.substr(0, charset_end)) != "utf-8") return std::nullopt;
  Unescaped value = unescape(text.substr(language_end + 1), Plus::kLiteral);
  if (value.has_broken_escape || !is_utf8(value.text)) return std::nullopt;
  return std::move(value.text);
}

}  // namespace qn::wire
