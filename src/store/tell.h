#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "model/message_log.h"

namespace qn::store {

// A message that is to be appended.
struct NewMessage {
  std::string uuid;    // what clients know it by
  UserId sender;       // none: a notice
  UserId hidden_from;  // the member who does not get it; none: everybody does
  std::string type;
  std::string body;  // the message object, JSON
  std::string text{};
  bool by_stranger = false;
  Time created_at;
};

// A message and the conversation it goes to.
struct Addressed {
  model::ConversationKey to;
  NewMessage message;
};

// What is told of a change: a pure function of what happened, called on a database
// thread inside the transaction of the change. What it returns becomes durable
// together with the change. Not called when nothing changes.
template <class Outcome>
using Tell = std::function<std::vector<Addressed>(const Outcome&)>;

}  // namespace qn::store
