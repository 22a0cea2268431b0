#include "wire/escapes.h"

#include <cstddef>

namespace qn::wire {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Length a character with this first byte has; 1 for a byte that begins none.
std::size_t length_by_lead(char lead) {
  const auto b = static_cast<unsigned char>(lead);
  if (b >= 0xf0) return 4;
  if (b >= 0xe0) return 3;
  return b >= 0xc0 ? 2 : 1;
}

}  // namespace

Unescaped unescape(std::string_view text, Plus plus) {
  Unescaped out;
  out.text.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high >= 0 && low >= 0) {
        out.text += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
      out.has_broken_escape = true;
    }
    out.text += c == '+' && plus == Plus::kSpace ? ' ' : c;
  }
  return out;
}

std::string scrub_utf8(std::string bytes) {
  if (is_utf8(bytes)) return bytes;
  const std::string_view in = bytes;
  std::string out;
  for (std::size_t i = 0; i < in.size();) {
    const std::string_view character = in.substr(i, length_by_lead(in[i]));
    const bool good = is_utf8(character);
    out += good ? character : kReplacement;
    i += good ? character.size() : 1;
  }
  return out;
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void append_html(std::string& out, std::string_view text) {
  constexpr std::string_view kSpecial = "&<>\"'";
  while (!text.empty()) {
    const auto at = text.find_first_of(kSpecial);
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return;
    switch (text[at]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += "&#39;";
    }
    text.remove_prefix(at + 1);
  }
}

}  // namespace qn::wire
