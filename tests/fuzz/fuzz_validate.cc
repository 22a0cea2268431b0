// The validator: the first line of the input is a query, the second the value
// of the path parameter, the rest a JSON body. A refusal names a declared
// field; what passes keeps to its rules.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "require.h"
#include "wire/body.h"
#include "wire/validate.h"

namespace qn::wire {
namespace {

using fuzz::require;

constexpr Rule kRules[] = {
    {.name = "id", .type = Type::kInt, .min = 1, .desc = "群id"},
    {.name = "username", .required = true, .min = 4, .max = 20, .desc = "账号"},
    {.name = "value", .type = Type::kInt, .min = 0, .max = 10, .desc = "属性值"},
    {.name = "flag", .type = Type::kInt, .in = "0|1", .desc = "开关"},
    {.name = "limit", .type = Type::kInt, .min = 1, .fallback = "10", .desc = "条数"},
    {.name = "state", .in = "agree|refuse", .desc = "状态"},
    {.name = "price", .type = Type::kNumber, .min = -1, .max = 100, .desc = "数"},
    {.name = "on", .type = Type::kBool, .desc = "是否"},
    {.name = "userIds", .type = Type::kArray},
    {.name = "images", .type = Type::kArray, .fallback = "", .desc = "图片"},
    {.name = "note", .max = 5, .fallback = "", .desc = "备注"},
};

void check_error(const Error& error) {
  require(error.code == ErrorCode::kInvalid);
  require(is_utf8(error.text));
  require(std::ranges::any_of(kRules, [&](const Rule& rule) {
    return error.text.starts_with(rule.desc.empty() ? rule.name : rule.desc);
  }));
}

bool is_member(std::string_view text, std::initializer_list<std::string_view> members) {
  return std::ranges::find(members, text) != members.end();
}

void check_values(const Values& values) {
  require(values.has("username") && values.has("limit") && values.has("images"));
  const std::size_t length = count_code_points(values.text("username"));
  require(length >= 4 && length <= 20);
  require(!values.has("id") || values.integer("id") >= 1);
  require(values.integer("id") <= 10'000'000'000'000'000);
  require(values.integer("value") >= 0 && values.integer("value") <= 10);
  require(!values.has("flag") || is_member(values.text("flag"), {"0", "1"}));
  require(!values.has("state") || is_member(values.text("state"), {"agree", "refuse"}));
  require(values.integer("limit") >= 1);
  require(values.number("price") >= -1 && values.number("price") <= 100);
  require(count_code_points(values.text("note")) <= 5);
  for (const Rule& rule : kRules) {
    require(is_utf8(values.text(rule.name)));
    require(is_utf8(to_json(values.array(rule.name))));
  }
}

void check_sources(const Sources& sources) {
  const auto values = validate(kRules, sources);
  if (values) check_values(*values);
  if (!values) check_error(values.error());
  for (const Rule& rule : kRules) {
    const auto text = find_text(sources, rule.name);
    require(!text || (!text->empty() && is_utf8(*text)));
  }
}

// Takes the text up to the next line end, and the line end with it.
std::string_view take_line(std::string_view& input) {
  const std::size_t end = input.find('\n');
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(std::min(line.size() + 1, input.size()));
  return line;
}

void check(std::string_view input) {
  const auto query = parse_pairs(take_line(input));
  std::vector<std::pair<std::string, std::string>> path;
  if (const auto id = take_line(input); !id.empty()) path.emplace_back("id", id);
  const auto body = parse_json(input);
  const json::object* fields = body ? body->if_object() : nullptr;
  check_sources({.path = path, .query = query, .body = fields});
  check_sources({.path = path, .query = query, .body = fields, .query_first = true});
}

}  // namespace
}  // namespace qn::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  qn::wire::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
