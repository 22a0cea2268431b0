#include "store/sql/delivery_rows.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace qn::store {
namespace {

// Numbers that do not exist yet come from clients only.
constexpr std::string_view kAdvance = R"(
UPDATE member SET delivered_seq = CASE WHEN conversation.last_seq < $3
                                  THEN conversation.last_seq ELSE $3 END
FROM conversation
WHERE member.conversation_id = $1 AND member.user_id = $2 AND member.delivered_seq < $3
  AND conversation.id = $1)";

// What a cursor has reached is no longer ahead of it.
constexpr std::string_view kSelectReached = R"(
SELECT max(last_seq) FROM delivered_ahead
WHERE conversation_id = $1 AND user_id = $2 AND first_seq <= $3 + 1)";
constexpr std::string_view kDeleteReached = R"(
DELETE FROM delivered_ahead WHERE conversation_id = $1 AND user_id = $2 AND first_seq <= $3 + 1)";

constexpr std::string_view kSelectCursor = R"(
SELECT member.delivered_seq, coalesce(member.left_seq, conversation.last_seq)
FROM member JOIN conversation ON conversation.id = member.conversation_id
WHERE member.conversation_id = $1 AND member.user_id = $2)";

constexpr std::string_view kSelectBefore = R"(
SELECT first_seq, last_seq FROM delivered_ahead
WHERE conversation_id = $1 AND user_id = $2 AND first_seq <= $3
ORDER BY first_seq DESC LIMIT 1)";

// Whether the user has anything to get between two numbers.
constexpr std::string_view kSelectBetween = R"(
SELECT 1 FROM message
WHERE conversation_id = $1 AND hidden_from <> $2 AND seq > $3 AND seq < $4 LIMIT 1)";

constexpr std::string_view kSelectTouching = R"(
SELECT max(last_seq) FROM delivered_ahead
WHERE conversation_id = $1 AND user_id = $2 AND first_seq >= $3 AND first_seq <= $4 + 1)";
constexpr std::string_view kDeleteTouching = R"(
DELETE FROM delivered_ahead
WHERE conversation_id = $1 AND user_id = $2 AND first_seq >= $3 AND first_seq <= $4 + 1)";

constexpr std::string_view kInsertAhead = R"(
INSERT INTO delivered_ahead (conversation_id, user_id, first_seq, last_seq)
VALUES ($1, $2, $3, $4))";

constexpr std::string_view kSelectLastUntil = R"(
SELECT seq FROM message WHERE conversation_id = $1 AND seq <= $2 AND id <= $3
ORDER BY seq DESC LIMIT 1)";

struct Stretch {
  model::Seq first = 0;
  model::Seq last = 0;
};

// One user's place in one conversation.
class Cursor {
 public:
  Cursor(Connection& c, const model::Delivered& of)
      : c_(c), conversation_(of.conversation.value), user_(of.user.value) {}

  // Everything up to `last` has arrived, and with it what is ahead and touches it.
  Result<void> advance(model::Seq last);

  // The stretch has arrived while something before it may be missing.
  Result<void> note_ahead(Stretch arrived);

 private:
  struct Known {
    model::Seq delivered = 0;
    model::Seq end = 0;
  };
  Result<std::optional<Known>> find() {
    std::optional<Known> found;
    const Param params[] = {conversation_, user_};
    CHECK_OK(c_.query(kSelectCursor, params, [&](const Row& row) {
      found = {row.integer(0), row.integer(1)};
    }));
    return found;
  }

  // The nearest stretch that begins no later than `seq`.
  Result<std::optional<Stretch>> find_before(model::Seq seq) {
    std::optional<Stretch> found;
    const Param params[] = {conversation_, user_, seq};
    CHECK_OK(c_.query(kSelectBefore, params, [&](const Row& row) {
      found = {row.integer(0), row.integer(1)};
    }));
    return found;
  }

  Result<bool> is_gap(model::Seq after, model::Seq before) {
    if (after + 1 >= before) return false;
    bool found = false;
    const Param params[] = {conversation_, user_, after, before};
    CHECK_OK(c_.query(kSelectBetween, params, [&](const Row&) { found = true; }));
    return found;
  }

  Result<void> insert_ahead(Stretch stretch);

  Connection& c_;
  const std::int64_t conversation_;
  const std::int64_t user_;
};

Result<void> Cursor::advance(model::Seq last) {
  for (;;) {
    const Param to[] = {conversation_, user_, last};
    TRY(const auto changed, c_.execute(kAdvance, to));
    if (changed == 0) return {};
    model::Seq reached = 0;  // unless there is something ahead
    CHECK_OK(c_.query(kSelectReached, to, [&](const Row& row) { reached = row.integer(0); }));
    if (reached == 0) return {};
    CHECK_OK(c_.execute(kDeleteReached, to));
    if (reached <= last) return {};
    last = reached;
  }
}

// Numbers that the user does not get, such as his own messages, are no gap:
// otherwise a client that never asks would leave a row for each of his answers.
Result<void> Cursor::note_ahead(Stretch arrived) {
  TRY(const auto known, find());
  if (!known) return {};
  arrived.first = std::max(arrived.first, known->delivered + 1);
  arrived.last = std::min(arrived.last, known->end);
  if (arrived.first > arrived.last) return {};
  TRY(const auto before, find_before(arrived.first));
  TRY(const bool gap, is_gap(before ? before->last : known->delivered, arrived.first));
  if (!before && !gap) return advance(arrived.last);
  if (before && !gap) arrived.first = before->first;
  return insert_ahead(arrived);
}

Result<void> Cursor::insert_ahead(Stretch stretch) {
  const Param touching[] = {conversation_, user_, stretch.first, stretch.last};
  model::Seq last = 0;  // unless there is something to merge with
  CHECK_OK(c_.query(kSelectTouching, touching, [&](const Row& row) { last = row.integer(0); }));
  if (last != 0) CHECK_OK(c_.execute(kDeleteTouching, touching));
  const Param params[] = {conversation_, user_, stretch.first, std::max(last, stretch.last)};
  CHECK_OK(c_.execute(kInsertAhead, params));
  return {};
}

}  // namespace

Result<void> note_delivery(Connection& c, const model::Delivered& delivered) {
  Cursor cursor(c, delivered);
  model::Seq last = delivered.last;
  if (delivered.until != 0) {
    const Param params[] = {delivered.conversation.value, delivered.last, delivered.until};
    last = 0;
    CHECK_OK(c.query(kSelectLastUntil, params, [&](const Row& row) { last = row.integer(0); }));
  }
  if (delivered.is_in_turn) return cursor.advance(last);
  return cursor.note_ahead({delivered.first, last});
}

}  // namespace qn::store
