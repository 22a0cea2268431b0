#include "chat/send_message.h"

#include <utility>

#include "chat/message_rules.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

void address_to_user(model::Message& m, const store::SingleFacts& facts);
void address_to_group(model::Message& m, const store::GroupPlace& place);
Error explain(Error error);

}  // namespace

// A message on its way: checked here, addressed inside the transaction.
struct SendMessage::Draft {
  model::Message message;
  Payload payload;
  bool wants_answer = false;
  std::string client_msg_id;
  std::string recipient_uuid{};
};

// The life of a message. What the client sent becomes a draft; the log asks the
// rules in the transaction that appends it; once that is durable the log's
// listener delivers it (gateway/), the sender has its answer, and a prepared
// answer may follow.
Task<Result<std::string>> SendMessage::send(Caller caller, Outgoing outgoing, Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kSendUser, std::to_string(caller.user.value)));
  CO_TRY(auto draft, make_draft(std::move(outgoing)));
  draft.message.from = caller.user;
  if (draft.message.chat_type == model::ChatType::kGroup) {
    co_return co_await send_to_group(caller.user, draft, by);
  }
  co_return co_await send_to_user(caller.user, draft, by);
}

Result<SendMessage::Draft> SendMessage::make_draft(Outgoing outgoing) {
  CHECK_OK(check_type(outgoing.type));
  CHECK_OK(check_client_msg_id(outgoing.client_msg_id));
  TRY(auto payload, read_payload(std::move(outgoing.data), payload_limits_));
  auto options = read_options(outgoing.options, payload_limits_);

  Draft draft;
  draft.message.id = random_.uuid();
  draft.message.chat_type = outgoing.chat_type;
  draft.message.to_id = outgoing.to;
  draft.message.type = std::move(outgoing.type);
  draft.message.payload = payload.json;
  draft.message.options = std::move(options.json);
  draft.payload = std::move(payload);
  draft.wants_answer = options.wants_answer;
  draft.client_msg_id = std::move(outgoing.client_msg_id);
  return draft;
}

Task<Result<std::string>> SendMessage::send_to_user(UserId sender, Draft& draft, Deadline by) {
  const UserId recipient(draft.message.to_id);
  store::MessageLog::Rule<store::SingleFacts> rule =
      [this, sender, &draft](const store::SingleFacts& facts) -> Result<store::NewMessage> {
    draft.message.create_time = clock_.now();
    CHECK_OK(check_single(facts, draft.message.create_time));
    address_to_user(draft.message, facts);
    draft.recipient_uuid = facts.recipient->uuid;
    // A message to oneself does arrive; others have only the answer of their own.
    const UserId hidden_from = facts.recipient->id == sender ? UserId() : sender;
    auto message = finish(draft, sender, hidden_from);
    message.by_stranger = is_from_stranger(facts);
    return message;
  };
  auto sent =
      co_await log_.append_single(sender, recipient, draft.client_msg_id, std::move(rule), by);
  if (!sent.has_value()) co_return explain(std::move(sent).error());
  if (draft.wants_answer && !sent->is_repeat) {
    answers_.on_question({.asker = sender,
                          .owner = recipient,
                          .owner_uuid = draft.recipient_uuid,
                          .payload = std::move(draft.payload),
                          .message = std::move(draft.message)});
  }
  co_return std::move(sent->body);
}

Task<Result<std::string>> SendMessage::send_to_group(UserId sender, Draft& draft, Deadline by) {
  const GroupId group(draft.message.to_id);
  store::MessageLog::Rule<store::GroupFacts> rule =
      [this, sender, &draft](const store::GroupFacts& facts) -> Result<store::NewMessage> {
    draft.message.create_time = clock_.now();
    CHECK_OK(check_group(facts, draft.message.create_time));
    address_to_group(draft.message, facts.place);
    return finish(draft, sender, sender);
  };
  auto sent = co_await log_.append_group(sender, group, draft.client_msg_id, std::move(rule), by);
  if (!sent.has_value()) co_return explain(std::move(sent).error());
  co_return std::move(sent->body);
}

store::NewMessage SendMessage::finish(const Draft& draft, UserId sender, UserId hidden_from) const {
  return {.uuid = draft.message.id,
          .sender = sender,
          .hidden_from = hidden_from,
          .type = draft.message.type,
          .body = write_message_(draft.message),
          .text = draft.message.type == "text" ? draft.payload.text : std::string(),
          .created_at = draft.message.create_time};
}

namespace {

void address_to_user(model::Message& m, const store::SingleFacts& facts) {
  const model::Role role = facts.sender.role;
  m.from_name = name_in_message(facts.sender, facts.theirs, role);
  m.from_avatar = facts.sender.avatar;
  m.to_name = name_in_message(*facts.recipient, facts.mine, role);
  m.to_avatar = facts.recipient->avatar;
  m.sender_uuid = facts.sender.uuid;
}

void address_to_group(model::Message& m, const store::GroupPlace& place) {
  name_in_group(m, place);
  m.group = place.group;
  m.sender_uuid = place.user.uuid;
}

Error explain(Error error) {
  if (error.code == ErrorCode::kNotFound) return refused(texts::kNoGroupToPost);
  if (error.code == ErrorCode::kConflict) return refused(texts::kClientMsgIdTaken);
  return error;
}

}  // namespace

}  // namespace qn::chat
