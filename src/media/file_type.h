#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::media {

// As many bytes as file_type() looks at.
inline constexpr std::size_t kTypeHead = 64 * 1024;

// The media type of bytes by what they are, not by their name: "image/png";
// "application/octet-stream" when nobody knows. Any thread, each with a database
// of its own; blocks for a millisecond at first. kInternal: no database.
Result<std::string> file_type(std::string_view head);

}  // namespace qn::media
