#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/json.h"

namespace qn::wire {

// The reference's validation language (admin-framework.md §5.3,
// chat-http-api.md §0.4, texts as recorded). Rules are constexpr tables:
//
//   constexpr Rule kRules[] = {
//       {.name = "username", .type = Type::kString, .required = true,
//        .min = 4, .max = 20, .desc = "账号"},
//   };
enum class Type { kString, kInt, kNumber, kBool, kArray };

struct Rule {
  std::string_view name;
  Type type = Type::kString;
  bool required = false;
  std::optional<std::int64_t> min = {};  // kString: code points; kInt, kNumber: the value
  std::optional<std::int64_t> max = {};
  std::string_view in = {};  // members separated by '|'; compared with the raw text
  // defValue: stands for a value that is invalid, or missing when not required.
  // Taken as it is, without the limits; "" is the empty array.
  std::optional<std::string_view> fallback = {};
  std::string_view desc = {};  // name in messages; empty: `name`
};

// Where values are looked for: path, then body and query (POST) or query and
// body (GET). The pointed-to objects must outlive the call.
struct Sources {
  std::span<const std::pair<std::string, std::string>> path = {};
  std::span<const std::pair<std::string, std::string>> query = {};
  const json::object* body = nullptr;
  bool query_first = false;  // GET and HEAD
};

// The declared fields of one request, converted; a plain value owned by its
// handler. Asking for an undeclared field is a bug: an assertion in debug builds,
// an absent value otherwise.
class Values {
 public:
  bool has(std::string_view name) const;                 // present, or defaulted
  const std::string& text(std::string_view name) const;  // "" when absent
  std::int64_t integer(std::string_view name) const;     // 0 when absent
  double number(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const json::array& array(std::string_view name) const;

  struct Value {
    std::string_view name;
    bool present = false;
    std::string text = {};
    std::int64_t integer = 0;
    double number = 0;
    json::array array = {};
  };
  void reserve(std::size_t count);
  void add(Value value);

 private:
  const Value& at(std::string_view name) const;
  std::vector<Value> values_;
};

// Checks the rules in order. The error is kInvalid with the text of the first
// failing field.
Result<Values> validate(std::span<const Rule> rules, const Sources& sources);

// The raw text of a value as the reference's validator sees it; nothing when it
// is missing or "". Objects and arrays become compact JSON.
std::optional<std::string> find_text(const Sources& sources, std::string_view name);

}  // namespace qn::wire
