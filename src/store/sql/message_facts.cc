#include "store/sql/message_facts.h"

#include <string>
#include <utility>

#include "store/sql/conversation_rows.h"
#include "store/sql/group_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

// kPersonColumns of a second user.
constexpr Sql kOtherColumns(R"(
  other.id, other.uuid, other.username, other.nickname, other.avatar, other.role, other.status,
  other.is_deleted)");

// Columns of a friend row that flags_from() reads: id, nickname, isblack, status.
constexpr int kFlagColumnCount = 4;

// Nobody's limit is near 100, and a stranger may have written for years.
constexpr auto kSelectSingle = Sql("SELECT") + kPersonColumns + R"(, "user".muted_until,)" +
                               kOtherColumns + R"(, other.userset,
  theirs.id, theirs.nickname, theirs.isblack, theirs.status,
  mine.id, mine.nickname, mine.isblack, mine.status,
  (SELECT count(*) FROM (
     SELECT 1 FROM message WHERE by_stranger = 1 AND sender_id = $1 AND conversation_id =
       (SELECT id FROM conversation WHERE kind = 'single' AND low = $3 AND high = $4)
     LIMIT 100) AS sent)
FROM "user"
LEFT JOIN "user" AS other ON other.id = $2
LEFT JOIN goodfriend AS theirs ON theirs.user_id = $2 AND theirs.friend_id = $1
LEFT JOIN goodfriend AS mine ON mine.user_id = $1 AND mine.friend_id = $2
WHERE "user".id = $1)";

constexpr auto kSelectGroup = Sql("SELECT") + kGroupColumns + "," + kPersonColumns + "," +
                              kMemberColumns + R"(, "user".muted_until, group_user.muted_until
FROM "group" JOIN "user" ON "user".id = $2
LEFT JOIN group_user ON group_user.group_id = "group".id AND group_user.user_id = $2
WHERE "group".id = $1)";

constexpr std::string_view kSelectRepeated = R"(
SELECT conversation.kind, conversation.low, conversation.high, message.body
FROM message JOIN conversation ON conversation.id = message.conversation_id
WHERE message.sender_id = $1 AND message.client_msg_id = $2)";

// Among the newest thousand of the caller, which an index finds: nobody has sent
// more by hand while a message can be recalled.
constexpr std::string_view kSelectRecallable = R"(
SELECT message.id, conversation.kind, conversation.low, conversation.high, message.sender_id,
  message.created_at, message.recalled_at, recall.body
FROM message JOIN conversation ON conversation.id = message.conversation_id
LEFT JOIN message AS recall ON recall.id = message.recalled_by
WHERE message.sender_id = $2 AND message.uuid = $1 AND message.id >= coalesce(
  (SELECT id FROM message WHERE sender_id = $2 ORDER BY id DESC LIMIT 1 OFFSET 1000), 0)
ORDER BY message.id DESC LIMIT 1)";

constexpr auto kSelectCaller = Sql("SELECT") + kPersonColumns + "," + kOtherColumns + R"(,
  friend.id, friend.nickname, friend.isblack, friend.status
FROM "user" LEFT JOIN "user" AS other ON other.id = $2
LEFT JOIN goodfriend AS friend ON friend.user_id = $1 AND friend.friend_id = $2
WHERE "user".id = $1)";

std::optional<FriendFlags> flags_from(const Row& row, int first) {
  if (row.is_null(first)) return std::nullopt;
  return FriendFlags{.remark = std::string(row.text(first + 1)),
                     .is_blocked = row.integer(first + 2) != 0,
                     .is_normal = row.integer(first + 3) == 1};
}

SingleFacts single_from(const Row& row) {
  constexpr int kMutedAt = kPersonColumnCount;
  constexpr int kOtherAt = kMutedAt + 1;
  constexpr int kUsersetAt = kOtherAt + kPersonColumnCount;
  constexpr int kTheirsAt = kUsersetAt + 1;
  constexpr int kMineAt = kTheirsAt + kFlagColumnCount;
  SingleFacts facts;
  facts.sender = person_from(row);
  facts.sender_muted_until = row.optional_time(kMutedAt);
  if (!row.is_null(kOtherAt)) facts.recipient = person_from(row, kOtherAt);
  facts.recipient_userset = row.text(kUsersetAt);
  facts.theirs = flags_from(row, kTheirsAt);
  facts.mine = flags_from(row, kMineAt);
  facts.sent_as_stranger = row.integer(kMineAt + kFlagColumnCount);
  return facts;
}

GroupFacts group_facts_from(const Row& row) {
  constexpr int kMemberAt = kGroupColumnCount + kPersonColumnCount;
  constexpr int kMutedAt = kMemberAt + kMemberColumnCount;
  GroupFacts facts;
  facts.place.group = group_from(row);
  facts.place.user = person_from(row, kGroupColumnCount);
  if (!row.is_null(kMemberAt)) facts.place.member = member_from(row, kMemberAt);
  facts.sender_muted_until = row.optional_time(kMutedAt);
  facts.member_muted_until = row.optional_time(kMutedAt + 1);
  return facts;
}

model::ConversationKey key_from(const Row& row, int first) {
  return {kind_from(row.text(first)), row.integer(first + 1), row.integer(first + 2)};
}

}  // namespace

Result<std::optional<SingleFacts>> select_single_facts(Connection& c, UserId sender,
                                                       UserId recipient) {
  std::optional<SingleFacts> facts;
  const auto key = model::ConversationKey::single(sender, recipient);
  const Param params[] = {sender.value, recipient.value, key.low, key.high};
  CHECK_OK(c.query(kSelectSingle, params, [&](const Row& row) { facts = single_from(row); }));
  return facts;
}

Result<std::optional<GroupFacts>> select_group_facts(Connection& c, UserId sender, GroupId group) {
  std::optional<GroupFacts> facts;
  const Param params[] = {group.value, sender.value};
  CHECK_OK(c.query(kSelectGroup, params, [&](const Row& row) { facts = group_facts_from(row); }));
  return facts;
}

Result<std::optional<Recallable>> select_recallable(Connection& c, std::string_view uuid,
                                                    UserId sender) {
  std::optional<Recallable> found;
  const Param params[] = {uuid, sender.value};
  CHECK_OK(c.query(kSelectRecallable, params, [&](const Row& row) {
    found.emplace();
    found->position = row.integer(0);
    found->facts.conversation = key_from(row, 1);
    found->facts.sender = UserId(row.integer(4));
    found->facts.created_at = row.time(5);
    found->facts.is_recalled = !row.is_null(6);
    found->facts.recall_body = row.text(7);
  }));
  return found;
}

Result<void> select_recall_people(Connection& c, UserId caller, RecallFacts& facts) {
  using Kind = model::ConversationKey::Kind;
  const auto& key = facts.conversation;
  UserId other;
  if (key.kind == Kind::kSingle) other = UserId(key.low == caller.value ? key.high : key.low);
  bool found = false;
  const Param params[] = {caller.value, other.value};
  CHECK_OK(c.query(kSelectCaller, params, [&](const Row& row) {
    found = true;
    facts.caller = person_from(row);
    if (!row.is_null(kPersonColumnCount)) facts.other = person_from(row, kPersonColumnCount);
    facts.mine = flags_from(row, 2 * kPersonColumnCount);
  }));
  if (!found) return Error{ErrorCode::kNotFound, {}, "no such caller"};
  if (key.kind == Kind::kGroup) {
    TRY(auto place, select_group_facts(c, caller, GroupId(key.low)));
    if (place) facts.place = std::move(place->place);
  }
  return {};
}

Result<std::optional<Repeated>> select_repeated(Connection& c, UserId sender,
                                                std::string_view client_msg_id) {
  std::optional<Repeated> found;
  const Param params[] = {sender.value, client_msg_id};
  CHECK_OK(c.query(kSelectRepeated, params, [&](const Row& row) {
    found = {key_from(row, 0), std::string(row.text(3))};
  }));
  return found;
}

}  // namespace qn::store
