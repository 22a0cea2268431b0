#include "store/sql/conversation_rows.h"

#include <string>
#include <utility>

namespace qn::store {
namespace {

using Kind = model::ConversationKey::Kind;

// Taking the next number is what makes writers wait for one another. Reading it
// is a statement of its own, here and for the message's id: in SQLite RETURNING
// costs several times as much.
constexpr std::string_view kTakeNumber = R"(
UPDATE conversation SET last_seq = last_seq + 1 WHERE kind = $1 AND low = $2 AND high = $3)";
constexpr std::string_view kSelectPlace = R"(
SELECT id, last_seq, members_version FROM conversation WHERE kind = $1 AND low = $2 AND high = $3)";

// The same for one that is not there, or has just been made by somebody else.
constexpr std::string_view kMakeConversation = R"(
INSERT INTO conversation (kind, low, high, last_seq, members_version, create_time)
VALUES ($1, $2, $3, 1, 1, $4)
ON CONFLICT (kind, low, high) DO UPDATE SET last_seq = conversation.last_seq + 1
RETURNING id, last_seq, members_version)";

constexpr std::string_view kInsertUsers = R"(
INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq)
VALUES ($1, $2, 0, 0, 0) ON CONFLICT (conversation_id, user_id) DO NOTHING)";

// WHERE, so that ON CONFLICT is not read as a join.
constexpr std::string_view kInsertGroup = R"(
INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq)
SELECT CAST($1 AS BIGINT), user_id, 0, 0, 0 FROM group_user WHERE group_id = $2 AND status = 1
ON CONFLICT (conversation_id, user_id) DO NOTHING)";

constexpr std::string_view kInsertMessage = R"(
INSERT INTO message (conversation_id, seq, uuid, sender_id, hidden_from, type, body, text,
                     client_msg_id, by_stranger, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))";
constexpr std::string_view kSelectPosition =
    "SELECT id FROM message WHERE conversation_id = $1 AND seq = $2";

// Who has everything before a message that is hidden from him has everything with it.
constexpr std::string_view kSkipHidden = R"(
UPDATE member SET delivered_seq = $3
WHERE conversation_id = $1 AND user_id = $2 AND delivered_seq = $3 - 1 AND left_seq IS NULL)";

constexpr std::string_view kSelectListeners =
    "SELECT user_id FROM member WHERE conversation_id = $1 AND left_seq IS NULL";

// A conversation and the number in it that belongs to the caller.
struct Place {
  model::ConversationId conversation;
  model::Seq seq = 0;
  std::int64_t members_version = 0;
};

Result<Place> select_place(Connection& c, std::string_view sql, std::span<const Param> params) {
  Place place;
  CHECK_OK(c.query(sql, params, [&](const Row& row) {
    place = {model::ConversationId(row.integer(0)), row.integer(1), row.integer(2)};
  }));
  if (!place.conversation) return internal_error("a conversation was neither found nor made");
  return place;
}

Result<void> insert_members(Connection& c, model::ConversationId id,
                            const model::ConversationKey& key) {
  const Param low[] = {id.value, key.low};
  const bool is_group = key.kind == Kind::kGroup;
  CHECK_OK(c.execute(is_group ? kInsertGroup : kInsertUsers, low));
  if (key.kind == Kind::kSingle && key.high != key.low) {
    const Param high[] = {id.value, key.high};
    CHECK_OK(c.execute(kInsertUsers, high));
  }
  return {};
}

Result<Place> take_place(Connection& c, const model::ConversationKey& key, Time now) {
  const Param known[] = {kind_text(key.kind), key.low, key.high};
  TRY(const auto taken, c.execute(kTakeNumber, known));
  if (taken != 0) return select_place(c, kSelectPlace, known);
  const Param unknown[] = {kind_text(key.kind), key.low, key.high, param(now)};
  TRY(const auto made, select_place(c, kMakeConversation, unknown));
  CHECK_OK(insert_members(c, made.conversation, key));
  return made;
}

Result<model::LogPosition> insert_message(Connection& c, const Place& place,
                                          const NewMessage& message,
                                          std::string_view client_msg_id) {
  model::LogPosition position = 0;
  const Param params[] = {place.conversation.value,
                          place.seq,
                          message.uuid,
                          message.sender.value,
                          message.hidden_from.value,
                          message.type,
                          message.body,
                          message.text,
                          client_msg_id.empty() ? Param(nullptr) : Param(client_msg_id),
                          std::int64_t{message.by_stranger ? 1 : 0},
                          param(message.created_at)};
  CHECK_OK(c.execute(kInsertMessage, params));
  const Param at[] = {place.conversation.value, place.seq};
  CHECK_OK(c.query(kSelectPosition, at, [&](const Row& row) { position = row.integer(0); }));
  return position;
}

// The users that the key of a conversation names.
UserList users_of(const model::ConversationKey& key) {
  auto users = std::make_shared<std::vector<UserId>>();
  users->reserve(2);
  users->emplace_back(key.low);
  if (key.kind == Kind::kSingle && key.high != key.low) users->emplace_back(key.high);
  return users;
}

}  // namespace

std::string_view kind_text(Kind kind) {
  if (kind == Kind::kSingle) return "single";
  return kind == Kind::kGroup ? "group" : "notice";
}

Kind kind_from(std::string_view text) {
  if (text == "single") return Kind::kSingle;
  return text == "group" ? Kind::kGroup : Kind::kNotice;
}

Result<UserList> select_listeners(Connection& c, model::ConversationId conversation) {
  auto users = std::make_shared<std::vector<UserId>>();
  const Param params[] = {conversation.value};
  CHECK_OK(c.query(kSelectListeners, params,
                   [&](const Row& row) { users->emplace_back(row.integer(0)); }));
  return UserList(std::move(users));
}

Result<model::LogPosition> append_message(Connection& c, const model::ConversationKey& to,
                                          NewMessage message, std::string_view client_msg_id,
                                          const FindListeners& find_listeners) {
  TRY(const auto place, take_place(c, to, message.created_at));
  TRY(const auto position, insert_message(c, place, message, client_msg_id));
  if (message.hidden_from) {
    const Param params[] = {place.conversation.value, message.hidden_from.value, place.seq};
    CHECK_OK(c.execute(kSkipHidden, params));
  }
  UserList members;
  if (to.kind == Kind::kGroup) {
    TRY(members, find_listeners(c, place.conversation, place.members_version));
  } else {
    members = users_of(to);
  }
  c.announce({position, place.conversation, place.seq, message.hidden_from, std::move(message.body),
              std::move(members)});
  return position;
}

}  // namespace qn::store
