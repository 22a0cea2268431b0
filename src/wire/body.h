#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/json.h"
#include "wire/multipart_reader.h"

namespace qn::wire {

// One part of a multipart/form-data body. Only `data` may be anything but UTF-8.
struct Part : PartHead {
  std::string data;
};

struct Body {
  json::object fields;      // declared keys are read from here, others ignored
  std::vector<Part> files;  // multipart only
};

// Reads a request body by its content type: application/json (object; an array
// counts as empty), application/x-www-form-urlencoded, multipart/form-data.
// Anything else, and an empty body, is an empty object, as in the reference.
// kMalformed, with a text for the user: not the format it claims to be, a JSON
// scalar, invalid UTF-8, more than 1,000 fields of a form.
Result<Body> parse_body(std::string_view content_type, std::string_view body);

// name=value pairs of a query, in order; '+' is a space, the first of equal
// names is the one that counts. Never fails: a broken escape stays as it is,
// broken UTF-8 becomes U+FFFD.
std::vector<std::pair<std::string, std::string>> parse_pairs(std::string_view text);
// The same for a form: equal names and name[] become an array. A text with a
// broken escape is not decoded. kMalformed: broken UTF-8, too many fields.
Result<json::object> parse_form(std::string_view text);

// RFC 7578, in one pass. At most `max_parts` parts with headers of 8 KiB each.
// kMalformed: no boundary in the content type, a broken part, a body that ends
// early.
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                          std::size_t max_parts = 1'000);

}  // namespace qn::wire
