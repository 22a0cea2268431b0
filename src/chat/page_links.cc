#include "chat/page_links.h"

namespace qn::chat {
namespace {

constexpr std::string_view kUnreserved = "-_.!~*'()";
constexpr std::string_view kBreaking = "&#?%=+ ";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_escape(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

}  // namespace

std::string encode_component(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char c : text) {
    if (is_alphanumeric(c) || kUnreserved.find(c) != kUnreserved.npos) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

std::string encode_breaking(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kBreaking.find(c) == kBreaking.npos) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

}  // namespace qn::chat
