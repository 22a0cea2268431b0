#pragma once

#include <string_view>

namespace qn::net {

// By the extension of a file name; application/octet-stream when unknown.
std::string_view content_type_of(std::string_view file_name);
// Whether a browser that opens it shows or plays it and can do no more: pictures
// but not SVG, sound, film, PDF, plain text, style sheets.
bool is_inert(std::string_view content_type);

}  // namespace qn::net
