// JSON bodies: what parses survives the way to text and back.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "require.h"
#include "wire/body.h"
#include "wire/json.h"

namespace qn::wire {
namespace {

using fuzz::require;

double as_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return value.get_double();
}

bool same(const json::value& a, const json::value& b);

bool same_arrays(const json::array& a, const json::array& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

bool same_objects(const json::object& a, const json::object& b) {
  if (a.size() != b.size()) return false;
  for (auto left = a.begin(), right = b.begin(); left != a.end(); ++left, ++right) {
    if (left->key() != right->key() || !same(left->value(), right->value())) return false;
  }
  return true;
}

// JavaScript has one kind of number, and writes infinity as null.
bool same(const json::value& a, const json::value& b) {
  if (a.is_double() && std::isinf(a.get_double())) return b.is_null();
  if (a.is_number()) return b.is_number() && as_number(a) == as_number(b);
  if (a.is_array()) return b.is_array() && same_arrays(a.get_array(), b.get_array());
  if (a.is_object()) return b.is_object() && same_objects(a.get_object(), b.get_object());
  return a == b;
}

void check_round_trip(const json::value& value) {
  const std::string text = to_json(value);
  require(is_utf8(text));
  const auto again = parse_json(text);
  require(again.has_value());
  require(same(value, *again));
  require(to_json(*again) == text);
}

void check_string(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  const auto value = parse_json(quoted);
  require(value.has_value() && value->is_string());
  require(std::string_view(value->get_string()) == text);
}

void check(std::string_view text) {
  const auto value = parse_json(text);
  if (value) check_round_trip(*value);
  if (is_utf8(text)) check_string(text);
  const auto body = parse_body("application/json", text);
  if (body && value && value->is_object()) require(to_json(body->fields) == to_json(*value));
  if (!body) require(body.error().code == ErrorCode::kMalformed && !body.error().text.empty());
}

}  // namespace
}  // namespace qn::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  qn::wire::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
