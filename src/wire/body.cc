#include "wire/body.h"

#include "base/text.h"
#include "wire/form_fields.h"
#include "wire/header_value.h"

namespace qn::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Error not_json(std::string detail) {
  return {ErrorCode::kMalformed, "请求体不是合法的 JSON", std::move(detail)};
}

bool is_json_type(std::string_view media_type) {
  return media_type == "application/json" || media_type == "application/csp-report" ||
         (media_type.starts_with("application/") && media_type.ends_with("+json"));
}

Result<Body> parse_json_body(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto parsed = parse_json(text);
  if (!parsed) return not_json(std::move(parsed.error().detail));
  Body body;
  if (parsed->is_object()) {
    body.fields = std::move(parsed->get_object());
  } else if (!parsed->is_array()) {
    return not_json("JSON: neither object nor array");
  }
  return body;
}

Result<Body> parse_form_body(std::string_view text) {
  Body body;
  TRY(body.fields, parse_form(text));
  return body;
}

Result<Body> parse_multipart_body(std::string_view content_type, std::string_view text) {
  TRY(auto parts, parse_multipart(content_type, text, kMaxFormFields));
  Body body;
  for (Part& part : parts) {
    if (part.is_file) {
      body.files.push_back(std::move(part));
      continue;
    }
    if (!is_utf8(part.data)) {
      return Error{ErrorCode::kMalformed, "请求体不是合法的表单", "multipart: field is not UTF-8"};
    }
    add_form_field(body.fields, part.name, part.data);
  }
  return body;
}

}  // namespace

Result<Body> parse_body(std::string_view content_type, std::string_view body) {
  if (body.empty()) return Body{};
  const std::string media_type = parse_header_value(content_type).value;
  if (is_json_type(media_type)) return parse_json_body(body);
  if (media_type == "application/x-www-form-urlencoded") return parse_form_body(body);
  if (media_type == "multipart/form-data") return parse_multipart_body(content_type, body);
  return Body{};
}

}  // namespace qn::wire
