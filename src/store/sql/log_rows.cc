#include "store/sql/log_rows.h"

#include <optional>

#include "store/sql/conversation_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

constexpr std::string_view kSelectConversation =
    "SELECT id, last_seq FROM conversation WHERE kind = 'group' AND low = $1 AND high = 0";

// In all of these: $1 the conversation, $2 the group, $3 the end of the log so far.
constexpr Sql kIsInGroup(R"(
EXISTS (SELECT 1 FROM group_user WHERE group_user.group_id = $2
        AND group_user.user_id = member.user_id AND group_user.status = 1))");

constexpr auto kLeave = Sql(R"(
UPDATE member SET left_seq = $3
WHERE conversation_id = $1 AND left_seq IS NULL AND NOT )") +
                        kIsInGroup;

// Whoever rejoins does not get what was said in between, but still what he had
// missed before: then the time in between counts as delivered out of turn.
constexpr auto kSkipAbsence = Sql(R"(
INSERT INTO delivered_ahead (conversation_id, user_id, first_seq, last_seq)
SELECT conversation_id, user_id, left_seq + 1, $3 FROM member
WHERE conversation_id = $1 AND left_seq IS NOT NULL AND delivered_seq < left_seq
  AND left_seq < $3 AND )") + kIsInGroup;

constexpr auto kRejoin = Sql(R"(
UPDATE member SET
  joined_seq = CASE WHEN delivered_seq < left_seq THEN joined_seq ELSE $3 END,
  delivered_seq = CASE WHEN delivered_seq < left_seq THEN delivered_seq ELSE $3 END,
  left_seq = NULL
WHERE conversation_id = $1 AND left_seq IS NOT NULL AND )") +
                         kIsInGroup;

constexpr Sql kJoin(R"(
INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq)
SELECT CAST($1 AS BIGINT), user_id, $3, $3, $3 FROM group_user AS newcomer
WHERE group_id = $2 AND status = 1
  AND NOT EXISTS (SELECT 1 FROM member WHERE member.conversation_id = $1
                  AND member.user_id = newcomer.user_id))");

// The same for one user, $4.
constexpr Sql kOfUser(" AND user_id = $4");
constexpr auto kLeaveOne = kLeave + kOfUser;
constexpr auto kSkipAbsenceOfOne = kSkipAbsence + kOfUser;
constexpr auto kRejoinOne = kRejoin + kOfUser;
constexpr auto kJoinOne = kJoin + kOfUser;

constexpr std::string_view kBumpVersion =
    "UPDATE conversation SET members_version = members_version + 1 WHERE id = $1";

struct Statements {
  std::string_view leave, skip_absence, rejoin, join;
};
constexpr Statements kForAll{kLeave, kSkipAbsence, kRejoin, kJoin};
constexpr Statements kForOne{kLeaveOne, kSkipAbsenceOfOne, kRejoinOne, kJoinOne};

struct Group {
  std::int64_t conversation = 0;
  model::Seq last_seq = 0;
};

Result<std::optional<Group>> find_group(Connection& c, GroupId group) {
  std::optional<Group> found;
  const Param params[] = {group.value};
  CHECK_OK(c.query(kSelectConversation, params, [&](const Row& row) {
    found = {row.integer(0), row.integer(1)};
  }));
  return found;
}

// A conversation that does not exist yet will be made with everybody who is in
// the group by then.
Result<void> sync(Connection& c, GroupId group, const Statements& sql, std::optional<UserId> one) {
  TRY(const auto found, find_group(c, group));
  if (!found) return {};
  std::vector<Param> params = {found->conversation, group.value, found->last_seq};
  if (one) params.emplace_back(one->value);
  TRY(const auto left, c.execute(sql.leave, params));
  CHECK_OK(c.execute(sql.skip_absence, params));
  TRY(const auto rejoined, c.execute(sql.rejoin, params));
  TRY(const auto joined, c.execute(sql.join, params));
  if (left + rejoined + joined == 0) return {};
  const Param by_id[] = {found->conversation};
  CHECK_OK(c.execute(kBumpVersion, by_id));
  return {};
}

}  // namespace

// Without the lists that the message log keeps: what a transaction has changed
// must not be remembered before it is committed, and notices are rare.
Result<void> append_messages(Connection& c, const std::vector<Addressed>& messages) {
  const FindListeners find_listeners = [](Connection& connection, model::ConversationId id,
                                          std::int64_t) {
    return select_listeners(connection, id);
  };
  for (const Addressed& addressed : messages) {
    CHECK_OK(append_message(c, addressed.to, addressed.message, "", find_listeners));
  }
  return {};
}

Result<void> sync_member(Connection& c, GroupId group, UserId user) {
  return sync(c, group, kForOne, user);
}

Result<void> sync_members(Connection& c, GroupId group) {
  return sync(c, group, kForAll, std::nullopt);
}

}  // namespace qn::store
