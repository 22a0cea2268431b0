#include "chat/userset.h"

#include <boost/json.hpp>

namespace qn::chat {
namespace json = boost::json;
namespace {

const json::value* member(const json::value* value, std::string_view name) {
  const json::object* object = value ? value->if_object() : nullptr;
  return object ? object->if_contains(name) : nullptr;
}

}  // namespace

bool is_userset(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  return !failed && value.is_object();
}

std::string public_userset(std::string_view text) {
  if (text.empty()) return {};
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  const json::value* chatset = failed ? nullptr : member(&value, "chatset");
  if (chatset == nullptr) return {};
  return json::serialize(json::object{{"chatset", *chatset}});
}

StrangersMayWrite may_strangers_write(std::string_view userset, model::Role sender) {
  boost::system::error_code failed;
  const json::value document = json::parse(userset, failed);
  if (failed) return StrangersMayWrite::kOneMessage;
  const json::value* setting = member(member(&document, "chatset"), model::to_string(sender));
  // The oldest clients stored the bare number.
  if (setting != nullptr && setting->is_object()) setting = member(setting, "sendCount");
  const bool is_count = setting != nullptr && setting->is_int64() && setting->get_int64() >= 0 &&
                        setting->get_int64() <= 2;
  return is_count ? static_cast<StrangersMayWrite>(setting->get_int64())
                  : StrangersMayWrite::kOneMessage;
}

}  // namespace qn::chat
