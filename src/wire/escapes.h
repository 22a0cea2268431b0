#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace qn::wire {

// Percent-decoding that keeps a malformed escape as it stands and says so. The
// result need not be UTF-8.
struct Unescaped {
  std::string text;
  bool has_broken_escape = false;
};
Unescaped unescape(std::string_view text, Plus plus);

// The text with every byte that is not part of well-formed UTF-8 replaced by
// U+FFFD.
std::string scrub_utf8(std::string bytes);

std::string to_lower_ascii(std::string_view text);

// Appends the text as it may stand in an HTML element or a quoted attribute.
void append_html(std::string& out, std::string_view text);

}  // namespace qn::wire
