#include "chat/payload.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

namespace json = boost::json;

// Options come percent-encoded, so up to three times as long as they are, and
// what a client makes of a file it shows can be large. More is not looked at.
constexpr std::size_t kMaxEncodedOptions = 256_KiB;
// What is dropped first from options that are too long.
constexpr std::size_t kLargeMember = 512;

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

// What a chat page can show.
bool is_shown(const json::value* inner_data) {
  return inner_data != nullptr &&
         (inner_data->is_string() || inner_data->is_number() || inner_data->is_bool());
}

// `text` is a JSON object with at least one member; its own spelling is kept.
void add_member(std::string& text, std::string_view member) {
  text.resize(text.rfind('}'));
  text += ',';
  text += member;
  text += '}';
}

bool is_truthy(const json::value& v) {
  if (v.is_null()) return false;
  if (v.is_bool()) return v.get_bool();
  if (v.is_string()) return !v.get_string().empty();
  if (v.is_number()) return v.to_number<double>() != 0;
  return true;
}

std::optional<std::string> without_large_members(json::object object, std::size_t limit) {
  for (auto it = object.begin(); it != object.end();) {
    const std::size_t bytes = it->key().size() + json::serialize(it->value()).size();
    it = bytes > kLargeMember ? object.stable_erase(it) : it + 1;
  }
  std::string text = json::serialize(object);
  if (text.size() > limit) return std::nullopt;
  return text;
}

}  // namespace

Result<Payload> read_payload(std::string data, const PayloadLimits& limits) {
  Payload payload;
  const auto object = data.size() <= limits.data ? parse_object(data) : std::nullopt;
  const json::value* inner = object ? object->if_contains("data") : nullptr;
  if (is_shown(inner)) {
    if (const auto* text = inner->if_string()) payload.text = *text;
    payload.json = std::move(data);
    if (!object->contains("dataType")) add_member(payload.json, R"("dataType":false)");
    if (!object->contains("otherData")) add_member(payload.json, R"("otherData":null)");
  } else {
    payload.json = text_payload(data);
    payload.text = std::move(data);
  }
  if (payload.json.size() > limits.data) return refused(texts::kMessageTooLong);
  return payload;
}

std::string text_payload(std::string_view text) {
  return json::serialize(json::object{{"data", text}, {"dataType", false}, {"otherData", nullptr}});
}

std::string with_inner_data(const Payload& payload, std::string_view text) {
  auto object = parse_object(payload.json);
  if (!object) return text_payload(text);
  (*object)["data"] = text;
  return json::serialize(*object);
}

MessageOptions read_options(std::string_view text, const PayloadLimits& limits) {
  if (text.empty() || text.size() > kMaxEncodedOptions) return {};
  std::string decoded = percent_decode(text, Plus::kLiteral);
  auto object = parse_object(decoded);
  if (!object && decoded != text) {
    // A percent sign of the options themselves, from a client that encodes nothing.
    decoded = text;
    object = parse_object(decoded);
  }
  if (!object) return {};
  const json::value* asks = object->if_contains("askanswer");
  MessageOptions options{.wants_answer = asks != nullptr && is_truthy(*asks)};
  if (decoded.size() <= limits.options) {
    options.json = std::move(decoded);
  } else {
    options.json = without_large_members(std::move(*object), limits.options);
  }
  return options;
}

}  // namespace qn::chat
