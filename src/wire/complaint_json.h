#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/complaint.h"
#include "wire/json.h"

namespace qn::wire {

// One complaint as its author and operators get it, key order of the reference
// (chat-http-api.md §11); the quoted messages are not in it.
json::object complaint(const model::Complaint& complaint);

// Addresses as clients send them: an array of texts, the same as JSON text, or
// texts joined with commas (defect C34). Nothing: anything else.
std::optional<std::vector<std::string>> image_list(const json::value& value);

// Quoted messages as clients send them, an array or the same as JSON text, as
// the JSON text of an array. Nothing: anything else.
std::optional<std::string> quotes_text(const json::value& value);

// A quoted message, as far as it can be read: its author wrote it, not we.
struct QuotedMessage {
  std::string sender;  // name and id, as they are there
  std::string type;    // such as text, image
  std::string text;    // what it says, or the whole of it as JSON
  std::optional<Time> at;
};
// At most `limit` of the stored text.
std::vector<QuotedMessage> quoted_messages(std::string_view stored, std::size_t limit);

}  // namespace qn::wire
