#pragma once

#include <string>
#include <string_view>

namespace qn::store {

// Longer than any text that is searched; also far below what LIKE takes.
inline constexpr std::size_t kMaxKeyword = 4096;

// Whether a text can contain the keyword at all. LIKE would read a pattern with
// a zero byte only up to it.
inline bool is_searchable(std::string_view keyword) {
  return keyword.size() <= kMaxKeyword && keyword.find('\0') == std::string_view::npos;
}

// The pattern of LIKE … ESCAPE '\' for "contains", with the wildcards of the
// keyword made literal; "" for the empty keyword.
inline std::string contains_pattern(std::string_view keyword) {
  if (keyword.empty()) return {};
  std::string pattern = "%";
  for (const char c : keyword) {
    if (c == '\\' || c == '%' || c == '_') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace qn::store
