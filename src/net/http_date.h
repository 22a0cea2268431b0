#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qn::net {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7), seconds since the epoch.
std::string http_date(std::int64_t seconds);
// That form only; the obsolete ones are nothing.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace qn::net
