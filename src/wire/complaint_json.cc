#include "wire/complaint_json.h"

#include <algorithm>
#include <utility>

#include "base/time_text.h"

namespace qn::wire {
namespace {

constexpr std::int64_t kMaxMillis = 32'503'680'000'000;  // the year 3000

json::value author(const model::Complaint& complaint) {
  if (!complaint.author) return nullptr;
  const auto& user = *complaint.author;
  return json::object{{"id", user.id.value},
                      {"uuid", user.uuid},
                      {"username", user.username},
                      {"nickname", user.nickname},
                      {"avatar", user.avatar}};
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<std::vector<std::string>> texts_of(const json::array& array) {
  std::vector<std::string> texts;
  for (const auto& item : array) {
    if (!item.is_string()) return std::nullopt;
    if (!item.get_string().empty()) texts.emplace_back(item.get_string());
  }
  return texts;
}

// A field as text, "" when it is none.
std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : to_json(*value);
}

// What a message says: `data` is a text, or {data: text, …} or the JSON of it.
std::string said(const json::value& data, int depth) {
  if (data.is_object()) {
    const auto* inner = data.get_object().if_contains("data");
    return inner && depth > 0 ? said(*inner, depth - 1) : to_json(data);
  }
  if (!data.is_string()) return to_json(data);
  const std::string_view text = data.get_string();
  if (depth > 0 && text.starts_with('{')) {
    const auto parsed = parse_json(text);
    if (parsed.has_value() && parsed->is_object()) return said(*parsed, depth - 1);
  }
  return std::string(text);
}

std::optional<Time> time_at(const json::object& object) {
  const auto* value = object.if_contains("create_time");
  if (!value || !value->is_int64()) return std::nullopt;
  const auto ms = value->get_int64();
  if (ms <= 0 || ms > kMaxMillis) return std::nullopt;
  return time_from_millis(ms);
}

QuotedMessage quoted(const json::value& item) {
  QuotedMessage message;
  if (!item.is_object()) {
    message.text = item.is_string() ? std::string(item.get_string()) : to_json(item);
    return message;
  }
  const auto& fields = item.get_object();
  message.sender = text_at(fields, "from_name");
  if (const auto id = text_at(fields, "from_id"); !id.empty()) {
    message.sender += (message.sender.empty() ? "" : " ") + ("(id:" + id + ")");
  }
  message.type = text_at(fields, "type");
  message.at = time_at(fields);
  const auto* data = fields.if_contains("data");
  message.text = data ? said(*data, 3) : to_json(item);
  return message;
}

}  // namespace

json::object complaint(const model::Complaint& c) {
  json::array images;
  for (const auto& image : c.images) images.emplace_back(image);
  return {{"images", std::move(images)},
          {"id", c.id.value},
          {"target_id", c.target_id},
          {"target_type", model::to_string(c.target_type)},
          {"target_name", c.target_name},
          {"reason", c.reason},
          {"content", c.content},
          {"status", static_cast<int>(c.status)},
          {"admin_reply", c.admin_reply ? json::value(*c.admin_reply) : json::value(nullptr)},
          {"create_time", iso_utc(c.create_time)},
          {"update_time", iso_utc(c.update_time)},
          {"user", author(c)}};
}

std::optional<std::vector<std::string>> image_list(const json::value& value) {
  if (value.is_array()) return texts_of(value.get_array());
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  const auto parsed = parse_json(text);
  if (parsed.has_value() && parsed->is_array()) return texts_of(parsed->get_array());
  if (text.starts_with('[') || text.starts_with('{')) return std::nullopt;
  return split_at_commas(text);
}

std::optional<std::string> quotes_text(const json::value& value) {
  if (value.is_array()) return to_json(value);
  if (!value.is_string()) return std::nullopt;
  const auto parsed = parse_json(value.get_string());
  if (!parsed.has_value() || !parsed->is_array()) return std::nullopt;
  return to_json(*parsed);
}

std::vector<QuotedMessage> quoted_messages(std::string_view stored, std::size_t limit) {
  std::vector<QuotedMessage> messages;
  const auto parsed = parse_json(stored);
  if (!parsed.has_value() || !parsed->is_array()) return messages;
  for (const auto& item : parsed->get_array()) {
    if (messages.size() == limit) break;
    messages.push_back(quoted(item));
  }
  return messages;
}

}  // namespace qn::wire
