#include "wire/message_content.h"

#include <boost/json.hpp>

#include "wire/json.h"

namespace qn::wire {
namespace {

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : to_json(*value);
}

// The inner data of a message: an object, or the JSON text of one.
json::object inner_of(const json::object& message) {
  const auto* data = message.if_contains("data");
  if (!data) return {};
  if (data->is_object()) return data->get_object();
  if (!data->is_string()) return {};
  auto parsed = parse_json(data->get_string());
  if (!parsed.has_value() || !parsed->is_object()) return {};
  return std::move(parsed->get_object());
}

// A film's own address stands beside that of its cover.
std::string film_url(const json::object& inner) {
  const auto* other = inner.if_contains("otherData");
  const auto url = other && other->is_object() ? text_at(other->get_object(), "videoData") : "";
  return url.empty() ? text_at(inner, "data") : url;
}

}  // namespace

MessageContent message_content(std::string_view body) {
  const auto parsed = parse_json(body);
  if (!parsed.has_value() || !parsed->is_object()) return {std::string(body), {}};
  const auto& message = parsed->get_object();
  const auto type = text_at(message, "type");
  const auto inner = inner_of(message);
  if (!inner.contains("data")) return {text_at(message, "data"), {}};
  if (type == "video") return {{}, film_url(inner)};
  const bool is_picture = type == "iconMenus" && text_at(inner, "dataType") == "image";
  if (type == "image" || type == "audio" || is_picture) return {{}, text_at(inner, "data")};
  return {text_at(inner, "data"), {}};
}

}  // namespace qn::wire
