#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qn::wire {

// A header of the form `value; name=token; name="quoted"`, as Content-Type and
// Content-Disposition are. `value` and the names are in lower case; of equal
// names the first counts. A plain value, safe to copy.
struct HeaderValue {
  std::string value;
  std::vector<std::pair<std::string, std::string>> params;

  const std::string* find(std::string_view name) const;
};

// Never fails: what does not look like a parameter is left out.
HeaderValue parse_header_value(std::string_view text);

// The text of an extended parameter (RFC 8187): UTF-8''%e9%9d%92. Nothing when
// the charset is another one, an escape is broken or the text is not UTF-8.
std::optional<std::string> decode_extended(std::string_view text);

}  // namespace qn::wire
