#include "console/csv.h"

namespace qn::console {
namespace {

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

}  // namespace

void append_csv_field(std::string& out, std::string_view text) {
  if (!out.empty() && out.back() != '\n' && !out.ends_with(kCsvMark)) out += ',';
  out += '"';
  if (starts_formula(text)) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void end_csv_line(std::string& out) {
  out += "\r\n";
}

}  // namespace qn::console
