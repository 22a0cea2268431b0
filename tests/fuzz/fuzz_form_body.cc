// Queries and urlencoded bodies: bounded by their '&', always UTF-8, and equal
// after encoding them again.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "require.h"
#include "wire/body.h"

namespace qn::wire {
namespace {

using fuzz::require;

std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(1, '%').append(to_hex({&c, 1}));
  return out;
}

std::size_t count_values(const json::object& fields) {
  std::size_t n = 0;
  for (const auto& field : fields) {
    const json::array* list = field.value().if_array();
    require(is_utf8(field.key()));
    require(list != nullptr || field.value().is_string());
    n += list != nullptr ? list->size() : 1;
  }
  return n;
}

void check_pairs(std::string_view text, std::size_t most) {
  const auto pairs = parse_pairs(text);
  require(pairs.size() <= most);
  std::string again;
  for (const auto& [name, value] : pairs) {
    require(is_utf8(name) && is_utf8(value));
    again += '&' + encode(name) + '=' + encode(value);
  }
  require(parse_pairs(again) == pairs);
}

void check_form(std::string_view text, std::size_t most) {
  const auto fields = parse_form(text);
  if (!fields) {
    require(fields.error().code == ErrorCode::kMalformed);
    return;
  }
  const std::size_t values = count_values(*fields);
  require(values <= most && values <= 1'000);
  require(values == parse_pairs(text).size());
  require(is_utf8(to_json(*fields)));
}

}  // namespace
}  // namespace qn::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto most = static_cast<std::size_t>(std::ranges::count(text, '&')) + 1;
  qn::wire::check_pairs(text, most);
  qn::wire::check_form(text, most);
  return 0;
}
