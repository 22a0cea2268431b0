#pragma once

#include <string>
#include <string_view>

namespace qn::console {

// Starts a CSV file so that spreadsheets read it as UTF-8.
inline constexpr std::string_view kCsvMark = "\xef\xbb\xbf";

// Appends one field (RFC 4180), with a comma before it unless it is the first of
// its line. A text that a spreadsheet would run as a formula gets an apostrophe
// in front.
void append_csv_field(std::string& out, std::string_view text);
void end_csv_line(std::string& out);

}  // namespace qn::console
