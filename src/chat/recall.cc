#include "chat/recall.h"

#include <utility>

#include "chat/message_rules.h"
#include "chat/texts.h"
#include "model/message.h"

namespace qn::chat {
namespace {

// What is the same whatever the conversation.
model::Message recall_of(const std::string& message, const store::RecallFacts& facts, Time now) {
  model::Message m;
  m.id = message;
  m.from = facts.caller.id;
  m.type = "systemNotice";
  m.is_recall = true;
  m.create_time = now;
  return m;
}

void address_to_group(model::Message& m, const store::GroupPlace& place) {
  m.chat_type = model::ChatType::kGroup;
  m.to_id = place.group.id.value;
  name_in_group(m, place);
  m.text = place.name() + " 撤回了一条消息";
}

UserId other_of(const model::ConversationKey& single, UserId user) {
  return UserId(single.low == user.value ? single.high : single.low);
}

void address_to_user(model::Message& m, const store::RecallFacts& facts) {
  m.from_name = facts.caller.name();
  m.from_avatar = facts.caller.avatar;
  m.to_id = other_of(facts.conversation, facts.caller.id).value;
  if (facts.other) {
    m.to_name = name_in_message(*facts.other, facts.mine, facts.caller.role);
    m.to_avatar = facts.other->avatar;
  }
  m.text = facts.caller.name() + "撤回了一条消息";
}

}  // namespace

Task<Result<std::string>> Recall::recall(Caller caller, std::string message, Deadline by) {
  // On a database thread, inside the transaction.
  store::MessageLog::Rule<store::RecallFacts> rule =
      [this, message](const store::RecallFacts& facts) -> Result<store::NewMessage> {
    const Time now = clock_.now();
    CHECK_OK(check_recall(facts, now));
    model::Message m = recall_of(message, facts, now);
    UserId hidden_from;
    if (facts.place) {
      address_to_group(m, *facts.place);
    } else {
      address_to_user(m, facts);
      // Who takes it back has the answer; the copy is for the other one.
      if (m.to_id != facts.caller.id.value) hidden_from = facts.caller.id;
    }
    return store::NewMessage{.uuid = message,
                             .sender = {},
                             .hidden_from = hidden_from,
                             .type = m.type,
                             .body = write_message_(m),
                             .created_at = now};
  };
  auto recalled = co_await log_.recall(std::move(message), caller.user, std::move(rule), by);
  if (!recalled.has_value() && recalled.error().code == ErrorCode::kNotFound) {
    co_return refused(texts::kNotYoursToRecall);
  }
  if (!recalled.has_value()) co_return std::move(recalled).error();
  co_return std::move(recalled->body);
}

}  // namespace qn::chat
