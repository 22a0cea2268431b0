#include "wire/body.h"
#include "wire/escapes.h"
#include "wire/form_fields.h"

namespace qn::wire {
namespace {

Error malformed_form(std::string_view detail) {
  return {ErrorCode::kMalformed, "请求体不是合法的表单", std::string(detail)};
}

// Takes the next "name=value" off `rest`; false at the end. Empty pieces
// between two '&' are no pairs.
bool take_pair(std::string_view& rest, std::string_view& name, std::string_view& value) {
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view piece = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    name = piece.substr(0, equals);
    value = equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1);
    return true;
  }
  return false;
}

// As the reference's query parser does, what cannot be decoded stays,
// so that a stray '%' in a link is no error.
std::string decode_query(std::string_view text) {
  return scrub_utf8(unescape(text, Plus::kSpace).text);
}

// As the reference's form parser does, a text with a malformed escape
// is not decoded at all: a password "100%" arrives whole.
std::string decode_form(std::string_view text) {
  Unescaped decoded = unescape(text, Plus::kSpace);
  if (!decoded.has_broken_escape) return std::move(decoded.text);
  std::string raw(text);
  for (char& c : raw) {
    if (c == '+') c = ' ';
  }
  return raw;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_pairs(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string_view name, value;
  while (take_pair(text, name, value)) {
    pairs.emplace_back(decode_query(name), decode_query(value));
  }
  return pairs;
}

Result<json::object> parse_form(std::string_view text) {
  json::object fields;
  std::size_t count = 0;
  std::string_view raw_name, raw_value;
  while (take_pair(text, raw_name, raw_value)) {
    if (++count > kMaxFormFields) return malformed_form("too many form fields");
    const std::string name = decode_form(raw_name);
    const std::string value = decode_form(raw_value);
    if (!is_utf8(name) || !is_utf8(value)) return malformed_form("form is not UTF-8");
    add_form_field(fields, name, value);
  }
  return fields;
}

void add_form_field(json::object& fields, std::string_view name, std::string_view value) {
  constexpr std::string_view kListSuffix = "[]";
  const bool is_list = name.size() > kListSuffix.size() && name.ends_with(kListSuffix);
  if (is_list) name.remove_suffix(kListSuffix.size());
  const auto [place, is_new] = fields.emplace(name, nullptr);
  json::value& field = place->value();
  if (is_new && !is_list) {
    field = value;
    return;
  }
  if (!field.is_array()) {
    json::array list;
    if (!is_new) list.push_back(std::move(field));
    field = std::move(list);
  }
  field.get_array().emplace_back(value);
}

}  // namespace qn::wire
