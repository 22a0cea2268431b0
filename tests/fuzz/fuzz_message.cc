// What a message says: the first line of the input is `options`, the rest `data`.
// Whatever comes, others get JSON they can read, and what is well-formed comes
// through unchanged.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "chat/payload.h"
#include "require.h"
#include "wire/json.h"
#include "wire/message_json.h"

namespace qn::chat {
namespace {

using fuzz::require;
namespace json = wire::json;

constexpr PayloadLimits kLimits{.data = 4'096, .options = 256};

json::object object_of(const std::string& text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  require(!failed && value.is_object());
  return value.as_object();
}

void check_payload(const Payload& payload, std::string_view data) {
  const json::object object = object_of(payload.json);
  require(payload.json.size() <= kLimits.data);
  require(object.contains("data") && object.contains("dataType") && object.contains("otherData"));
  require(!object.at("data").is_null() && !object.at("data").is_structured());
  const bool is_wrapped = payload.text == data;
  require(is_wrapped || payload.json.starts_with(data.substr(0, data.rfind('}'))));
  object_of(with_inner_data(payload, "answer"));
}

void check_message(const Payload& payload, const MessageOptions& options) {
  model::Message m;
  m.from = UserId(1);
  m.payload = payload.json;
  m.options = options.json;
  const json::object message = object_of(wire::write_message(m));
  require(message.at("data").as_string() == payload.json);
  require(message.at("options").is_object() == options.json.has_value());
}

void check(std::string_view input) {
  if (!is_utf8(input)) return;  // refused with the request
  const std::string_view first = input.substr(0, input.find('\n'));
  const std::string_view data = input.substr(std::min(first.size() + 1, input.size()));
  const MessageOptions options = read_options(first, kLimits);
  if (options.json) {
    require(options.json->size() <= kLimits.options);
    object_of(*options.json);
  }
  const auto payload = read_payload(std::string(data), kLimits);
  if (!payload) {
    require(payload.error().code == ErrorCode::kRefused);
    return;
  }
  check_payload(*payload, data);
  check_message(*payload, options);
}

}  // namespace
}  // namespace qn::chat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  qn::chat::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
