#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/ids.h"
#include "model/group.h"

namespace qn::model {

enum class ChatType { kSingle, kGroup };

// Where a tap on a notice leads (chat-realtime.md §4). `desc` is JSON or "".
struct Redirect {
  std::string url;
  std::string type = "navigateTo";
  std::string desc = {};
  std::string action = {};  // doaction; "" = absent
};

// A message as clients see it (chat-realtime.md §4), before it is JSON.
struct Message {
  std::string id;  // UUID v4; of a recall: the recalled message's
  // The sender: a user, or for notices with an entry of their own a text such as
  // redirect-applyFriend-1003.
  std::variant<UserId, std::string> from;
  std::string from_name;
  std::string from_avatar;
  std::int64_t to_id = 0;  // the recipient, or the group
  std::string to_name;
  std::string to_avatar;
  ChatType chat_type = ChatType::kSingle;
  std::string type = "text";  // or systemNotice, iconMenus, image, audio, video
  // What people send: a JSON object as text, {data, dataType, otherData}. "": a
  // notice, whose inner data is made of `text`.
  std::string payload = {};
  std::string text = {};  // of a notice: the inner data {data: text, dataType: false, …}
  std::optional<std::string> options = "{}";  // JSON text of an object; nothing: null
  std::optional<Redirect> redirect = {};
  std::optional<Group> group = {};
  bool is_recall = false;     // actionType "revoke", and a group that is null
  bool is_guide = false;      // a group that is {}
  std::string sender_uuid{};  // sendUUid; "" = absent
  Time create_time;
  std::string msgid_key = {};  // equals `from` of a notice with an entry of its own; "" = absent
};

}  // namespace qn::model
