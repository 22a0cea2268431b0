#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qn {

// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);
// Code points; the input must be UTF-8.
std::size_t count_code_points(std::string_view utf8);
// UTF-16 code units, which is what JavaScript's String.length counts.
std::size_t count_utf16_units(std::string_view utf8);
// The form under which names are compared: NFKC, case folded. "Ａlice" and
// "alice" are the same name; the original spelling is what is shown.
std::string fold_name(std::string_view utf8);
// Percent-decoding; '+' becomes a space when `plus_is_space`. A malformed
// escape leaves the whole text undecoded, as the reference's router does.
enum class Plus { kLiteral, kSpace };
std::string percent_decode(std::string_view text, Plus plus);
// Everything but the unreserved characters of RFC 3986 §2.3 as %XX: safe as a
// value in a query and as a segment of a path.
std::string percent_encode(std::string_view text);

}  // namespace qn
