#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::wire {

namespace json = boost::json;

// Parses a JSON text (RFC 8259, UTF-8, at most 32 levels deep). Of equal keys
// the last counts; numbers are read exactly. Fails with kMalformed.
Result<json::value> parse_json(std::string_view text);

// Compact JSON as JSON.stringify writes it: numbers in JavaScript's shortest
// form (infinity is null), non-ASCII unescaped, keys in the order they came.
// Integers keep all their digits.
std::string to_json(const json::value& value);
void append_json(std::string& out, const json::value& value);

// A JavaScript number as String(n) prints it.
std::string js_number(double v);

// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace qn::wire
