#include "chat/userset.h"

#include <boost/json.hpp>

namespace qn::chat {
namespace json = boost::json;

bool is_userset(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  return !failed && value.is_object();
}

std::string public_userset(std::string_view text) {
  if (text.empty()) return {};
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  const json::object* document = failed ? nullptr : value.if_object();
  const json::value* chatset = document ? document->if_contains("chatset") : nullptr;
  if (chatset == nullptr) return {};
  return json::serialize(json::object{{"chatset", *chatset}});
}

}  // namespace qn::chat
