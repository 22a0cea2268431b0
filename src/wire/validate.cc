#include "wire/validate.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/text.h"
#include "wire/escapes.h"

namespace qn::wire {
namespace {

// What the reference puts in place of a limit that is missing or wider.
constexpr std::int64_t kMaxNumber = 10'000'000'000'000'000;
constexpr std::int64_t kMaxLength = 10'000'000;

// A value as it was found. `view` lives in the sources, unless the text had to
// be made.
struct Raw {
  std::string_view view = {};
  std::optional<std::string> made = {};
  const json::value* structured = nullptr;  // an object, array or null of the body

  std::string_view text() const { return made ? std::string_view(*made) : view; }
};

struct Limits {
  std::int64_t min;
  std::int64_t max;
};

std::optional<Raw> find_raw(const Sources& sources, std::string_view name);
Result<Values::Value> check_rule(const Rule& rule, const Sources& sources);
Values::Value fallback_value(const Rule& rule);
Result<Values::Value> convert(const Rule& rule, const Raw& raw);
Result<void> check_length(const Rule& rule, std::string_view text);
Result<std::int64_t> to_integer(const Rule& rule, std::string_view text);
Result<double> to_number(const Rule& rule, std::string_view text);
Result<std::int64_t> to_flag(const Rule& rule, std::string_view text);
Result<json::array> to_array(const Rule& rule, const Raw& raw);
Result<void> check_member(const Rule& rule, std::string_view text);

// Messages, see the header for their source.

std::string label(const Rule& rule) {
  return std::string(rule.desc.empty() ? rule.name : rule.desc);
}

std::string quote(std::string_view text) {
  return '`' + std::string(text) + '`';
}

Error invalid(std::string text) {
  return {ErrorCode::kInvalid, std::move(text), {}};
}

Error missing(const Rule& rule) {
  return invalid(label(rule) + "不能为空");
}

Error wrong_type(const Rule& rule, std::string_view text, std::string_view type) {
  return invalid(label(rule) + " 的值 " + quote(text) + " 的类型不是 " + quote(type));
}

Error wrong_structure(const Rule& rule, std::string_view text) {
  return invalid(label(rule) + " 的值 " + quote(text) + R"( 与指定结构 (`{"type":"array"}`) 冲突)");
}

// `what` is the length or the value. The reference has two wordings, by
// whether one of the limits is zero.
Error out_of_limits(const Rule& rule, std::string_view what, Limits limits) {
  const std::string min = std::to_string(limits.min), max = std::to_string(limits.max);
  const std::string head = label(rule) + " 的" + std::string(what) + " 必须 ";
  if (limits.min != 0 && limits.max != 0)
    return invalid(head + "在 " + min + " 和 " + max + " 之间");
  return invalid(head + "大于等于 " + quote(min) + " 小于等于 " + quote(max));
}

Error not_member(const Rule& rule, std::string_view text) {
  std::string members = quote(rule.in);
  constexpr std::string_view kJoiner = "`、`";
  for (auto at = members.find('|'); at != std::string::npos; at = members.find('|', at)) {
    members.replace(at, 1, kJoiner);
  }
  return invalid(label(rule) + " 的值 " + quote(text) + " 必须在 [" + members + "] 中");
}

// Looking values up.

std::string text_of(const json::value& value) {
  if (value.is_double()) return js_number(value.get_double());
  return to_json(value);
}

std::optional<Raw> find_pair(std::span<const std::pair<std::string, std::string>> pairs,
                             std::string_view name) {
  const auto found = std::ranges::find(pairs, name, &std::pair<std::string, std::string>::first);
  if (found == pairs.end()) return std::nullopt;
  Raw raw{.view = found->second};
  if (!is_utf8(raw.view)) raw.made = scrub_utf8(found->second);
  return raw;
}

std::optional<Raw> find_member(const json::object* body, std::string_view name) {
  const json::value* value = body == nullptr ? nullptr : body->if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (const json::string* text = value->if_string()) return Raw{.view = *text};
  Raw raw{.made = text_of(*value)};
  if (value->is_structured() || value->is_null()) raw.structured = value;
  return raw;
}

// The first place that has the name decides, even with an empty value; that
// value then counts as missing.
std::optional<Raw> find_raw(const Sources& sources, std::string_view name) {
  auto raw = find_pair(sources.path, name);
  if (!raw && sources.query_first) raw = find_pair(sources.query, name);
  if (!raw) raw = find_member(sources.body, name);
  if (!raw && !sources.query_first) raw = find_pair(sources.query, name);
  if (raw && raw->text().empty()) return std::nullopt;
  return raw;
}

// Checking and converting.

Result<Values::Value> check_rule(const Rule& rule, const Sources& sources) {
  const auto raw = find_raw(sources, rule.name);
  if (!raw && rule.required) return missing(rule);
  if (!raw && rule.fallback) return fallback_value(rule);
  if (!raw) return Values::Value{.name = rule.name};
  auto value = convert(rule, *raw);
  if (!value && rule.fallback) return fallback_value(rule);
  return value;
}

// A default is taken as it is: the limits are for what clients send.
Values::Value fallback_value(const Rule& rule) {
  Values::Value plain{.name = rule.name, .present = true, .text = std::string(*rule.fallback)};
  if (plain.text.empty()) return plain;
  const Rule unlimited{.name = rule.name, .type = rule.type};
  auto value = convert(unlimited, Raw{.view = *rule.fallback});
  return value ? std::move(*value) : plain;
}

Result<Values::Value> convert(const Rule& rule, const Raw& raw) {
  const std::string_view text = raw.text();
  Values::Value value{.name = rule.name, .present = true};
  switch (rule.type) {
    case Type::kString: {
      CHECK_OK(check_length(rule, text));
      break;
    }
    case Type::kInt: {
      TRY(value.integer, to_integer(rule, text));
      value.number = static_cast<double>(value.integer);
      break;
    }
    case Type::kNumber: {
      TRY(value.number, to_number(rule, text));
      value.integer = static_cast<std::int64_t>(value.number);
      break;
    }
    case Type::kBool: {
      TRY(value.integer, to_flag(rule, text));
      break;
    }
    case Type::kArray: {
      TRY(value.array, to_array(rule, raw));
      break;
    }
  }
  if (rule.type != Type::kArray) {
    CHECK_OK(check_member(rule, text));
  }
  value.text = text;
  return value;
}

Result<void> check_length(const Rule& rule, std::string_view text) {
  const Limits limits{rule.min.value_or(0), std::min(rule.max.value_or(kMaxLength), kMaxLength)};
  const auto length = static_cast<std::int64_t>(count_code_points(text));
  if (length < limits.min || length > limits.max) return out_of_limits(rule, "长度", limits);
  return {};
}

Limits number_limits(const Rule& rule) {
  return {std::max(rule.min.value_or(-kMaxNumber), -kMaxNumber),
          std::min(rule.max.value_or(kMaxNumber), kMaxNumber)};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// ^[+-]?\d+$
bool is_integer_text(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

Result<std::int64_t> to_integer(const Rule& rule, std::string_view text) {
  if (!is_integer_text(text)) return wrong_type(rule, text, "int");
  const std::string_view signless = text.starts_with('+') ? text.substr(1) : text;
  std::int64_t n = 0;
  const auto parsed = std::from_chars(signless.data(), signless.data() + signless.size(), n);
  const Limits limits = number_limits(rule);
  if (parsed.ec != std::errc() || n < limits.min || n > limits.max) {
    return out_of_limits(rule, "数值", limits);
  }
  return n;
}

std::size_t skip_digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

// ^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$
bool is_number_text(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  std::size_t at = skip_digits(text, 0);
  std::size_t digits = at;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    digits += at - fraction;
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  return is_integer_text(text.substr(at + 1));
}

// A number that no double can hold is beyond every limit.
Result<double> to_number(const Rule& rule, std::string_view text) {
  if (!is_number_text(text)) return wrong_type(rule, text, "number");
  const std::string_view signless = text.starts_with('+') ? text.substr(1) : text;
  double n = 0;
  const auto parsed = std::from_chars(signless.data(), signless.data() + signless.size(), n);
  const Limits limits = number_limits(rule);
  if (parsed.ec != std::errc() || n < static_cast<double>(limits.min) ||
      n > static_cast<double>(limits.max)) {
    return out_of_limits(rule, "数值", limits);
  }
  return n;
}

Result<std::int64_t> to_flag(const Rule& rule, std::string_view text) {
  if (text == "true" || text == "1") return 1;
  if (text == "false" || text == "0") return 0;
  return wrong_type(rule, text, "bool");
}

// JavaScript's truth of a parsed JSON text.
bool is_truthy(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return false;
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
      return value.get_int64() != 0;
    case json::kind::uint64:
      return value.get_uint64() != 0;
    case json::kind::double_:
      return value.get_double() != 0;
    case json::kind::string:
      return !value.get_string().empty();
    case json::kind::array:
    case json::kind::object:
      return true;
  }
  return true;
}

json::array split_at_commas(std::string_view text) {
  json::array out;
  while (true) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

Result<json::array> as_array(const Rule& rule, const json::value& value, std::string_view text) {
  if (const json::array* array = value.if_array()) return *array;
  if (value.is_object()) return wrong_structure(rule, text);
  return wrong_type(rule, text, "json");
}

// An array, a text that holds one, or a text that is no JSON (or a falsy one)
// and is split at its commas.
Result<json::array> to_array(const Rule& rule, const Raw& raw) {
  if (raw.structured != nullptr) return as_array(rule, *raw.structured, raw.text());
  const auto parsed = parse_json(raw.text());
  if (parsed && is_truthy(*parsed)) return as_array(rule, *parsed, raw.text());
  CHECK_OK(check_member(rule, raw.text()));
  return split_at_commas(raw.text());
}

Result<void> check_member(const Rule& rule, std::string_view text) {
  if (rule.in.empty()) return {};
  std::string_view rest = rule.in;
  while (true) {
    const std::size_t bar = rest.find('|');
    if (rest.substr(0, bar) == text) return {};
    if (bar == std::string_view::npos) return not_member(rule, text);
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace

Result<Values> validate(std::span<const Rule> rules, const Sources& sources) {
  Values values;
  values.reserve(rules.size());
  for (const Rule& rule : rules) {
    TRY(auto value, check_rule(rule, sources));
    values.add(std::move(value));
  }
  return values;
}

std::optional<std::string> find_text(const Sources& sources, std::string_view name) {
  auto raw = find_raw(sources, name);
  if (!raw) return std::nullopt;
  return raw->made ? std::move(*raw->made) : std::string(raw->view);
}

bool Values::has(std::string_view name) const {
  return at(name).present;
}
const std::string& Values::text(std::string_view name) const {
  return at(name).text;
}
std::int64_t Values::integer(std::string_view name) const {
  return at(name).integer;
}
double Values::number(std::string_view name) const {
  return at(name).number;
}
bool Values::boolean(std::string_view name) const {
  return at(name).integer != 0;
}
const json::array& Values::array(std::string_view name) const {
  return at(name).array;
}

void Values::reserve(std::size_t count) {
  values_.reserve(count);
}

void Values::add(Value value) {
  values_.push_back(std::move(value));
}

const Values::Value& Values::at(std::string_view name) const {
  static const Value kAbsent;
  const auto found = std::ranges::find(values_, name, &Value::name);
  assert(found != values_.end() && "the field is not in the rules");
  return found == values_.end() ? kAbsent : *found;
}

}  // namespace qn::wire
