#include "store/sql/backlog_rows.h"

#include <algorithm>
#include <deque>
#include <queue>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/sql/group_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

constexpr std::string_view kSelectHorizon = "SELECT max(id) FROM message";

// The conversations that go on behind the user's cursor, each with the stretches
// that have arrived out of turn, if any. A cursor is never before joined_seq.
constexpr std::string_view kSelectUnfinished = R"(
SELECT member.conversation_id, member.delivered_seq,
  coalesce(member.left_seq, conversation.last_seq), ahead.first_seq, ahead.last_seq
FROM member JOIN conversation ON conversation.id = member.conversation_id
LEFT JOIN delivered_ahead AS ahead ON ahead.conversation_id = member.conversation_id
  AND ahead.user_id = member.user_id
WHERE member.user_id = $1
  AND member.delivered_seq < coalesce(member.left_seq, conversation.last_seq)
ORDER BY member.conversation_id, ahead.first_seq)";

constexpr std::string_view kSelectVisible = R"(
SELECT id, seq FROM message
WHERE conversation_id = $1 AND seq >= $2 AND seq <= $3 AND hidden_from <> $4
ORDER BY seq LIMIT $5)";

constexpr auto kSelectArrival = Sql("SELECT") + kPersonColumns + R"(,
  CASE WHEN EXISTS (
    SELECT 1 FROM group_user JOIN "group" ON "group".id = group_user.group_id
    WHERE group_user.user_id = "user".id AND group_user.status = 1 AND "group".status = 1)
  THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (
    SELECT 1 FROM goodfriend WHERE goodfriend.user_id = "user".id
      AND goodfriend.status = 1 AND goodfriend.isblack = 0)
  THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (
    SELECT 1 FROM member JOIN conversation ON conversation.id = member.conversation_id
    JOIN message ON message.conversation_id = member.conversation_id
      AND message.seq > member.delivered_seq
      AND message.seq <= coalesce(member.left_seq, conversation.last_seq)
      AND message.hidden_from <> member.user_id
    WHERE member.user_id = "user".id
      AND member.delivered_seq < coalesce(member.left_seq, conversation.last_seq)
      AND NOT EXISTS (
        SELECT 1 FROM delivered_ahead AS ahead
        WHERE ahead.conversation_id = member.conversation_id AND ahead.user_id = member.user_id
          AND ahead.first_seq <= message.seq AND ahead.last_seq >= message.seq))
  THEN 1 ELSE 0 END,
  (SELECT max(id) FROM message)
FROM "user" WHERE id = $1 AND status = 1 AND is_deleted = 0)";

// How many messages of one conversation are read at once: at first about as many
// as will be needed of it, then ever more.
constexpr std::int64_t kSmallestChunk = 4;
constexpr std::int64_t kLargestChunk = 512;

struct Stretch {
  model::Seq first = 0;
  model::Seq last = 0;
};

// What one user has missed of one conversation, read as far as it is asked for.
struct Strand {
  model::ConversationId conversation;
  model::Seq end = 0;
  std::deque<Stretch> missing;  // may hold messages that are hidden from the user
  std::int64_t chunk = kSmallestChunk;
  std::vector<model::PendingMessage> read{};
  std::size_t next = 0;  // in `read`

  bool has_next() const { return next < read.size(); }
  const model::PendingMessage& front() const { return read[next]; }
};

class Merge {
 public:
  Merge(Connection& c, UserId user) : c_(c), user_(user) {}

  Result<model::Backlog> run(int limit);

 private:
  struct Later {
    const std::vector<Strand>& strands;
    bool operator()(std::size_t a, std::size_t b) const {
      return strands[a].front().position > strands[b].front().position;
    }
  };
  Result<void> select_strands();
  void add_row(const Row& row);
  Result<void> fill(Strand& strand);
  Result<void> read_chunk(Strand& strand);
  void add_ends(model::Backlog& backlog) const;

  Connection& c_;
  const UserId user_;
  std::vector<Strand> strands_;
};

// The next message is always the one with the smallest position of all strands.
Result<model::Backlog> Merge::run(int limit) {
  model::Backlog backlog;
  CHECK_OK(c_.query(kSelectHorizon, {}, [&](const Row& row) { backlog.horizon = row.integer(0); }));
  CHECK_OK(select_strands());
  std::priority_queue<std::size_t, std::vector<std::size_t>, Later> queue(Later{strands_});
  for (std::size_t i = 0; i < strands_.size(); ++i) {
    strands_[i].chunk = std::clamp(2 * limit / std::ssize(strands_), kSmallestChunk, kLargestChunk);
    CHECK_OK(fill(strands_[i]));
    if (strands_[i].has_next()) queue.push(i);
  }
  while (!queue.empty() && backlog.messages.size() < static_cast<std::size_t>(limit)) {
    const std::size_t i = queue.top();
    queue.pop();
    Strand& strand = strands_[i];
    backlog.messages.push_back(strand.front());
    ++strand.next;
    CHECK_OK(fill(strand));
    if (strand.has_next()) queue.push(i);
  }
  backlog.is_complete = queue.empty();
  add_ends(backlog);
  return backlog;
}

Result<void> Merge::select_strands() {
  const Param params[] = {user_.value};
  return c_.query(kSelectUnfinished, params, [this](const Row& row) { add_row(row); });
}

// Each row after the first of a conversation takes one more stretch out of it.
void Merge::add_row(const Row& row) {
  const model::ConversationId conversation(row.integer(0));
  if (strands_.empty() || strands_.back().conversation != conversation) {
    const model::Seq end = row.integer(2);
    strands_.push_back({conversation, end, {{row.integer(1) + 1, end}}});
  }
  if (row.is_null(3)) return;
  auto& missing = strands_.back().missing;
  const Stretch rest = missing.back();
  missing.pop_back();
  const Stretch before{rest.first, std::min(row.integer(3) - 1, rest.last)};
  const Stretch behind{std::max(row.integer(4) + 1, rest.first), rest.last};
  if (before.first <= before.last) missing.push_back(before);
  missing.push_back(behind);
}

Result<void> Merge::fill(Strand& strand) {
  while (!strand.has_next() && !strand.missing.empty()) CHECK_OK(read_chunk(strand));
  return {};
}

Result<void> Merge::read_chunk(Strand& strand) {
  Stretch& stretch = strand.missing.front();
  strand.read.clear();
  strand.next = 0;
  if (stretch.first <= stretch.last) {
    const Param params[] = {strand.conversation.value, stretch.first, stretch.last, user_.value,
                            strand.chunk};
    CHECK_OK(c_.query(kSelectVisible, params, [&](const Row& row) {
      strand.read.push_back({row.integer(0), strand.conversation, row.integer(1)});
    }));
  }
  if (std::ssize(strand.read) < strand.chunk) {
    strand.missing.pop_front();
  } else {
    stretch.first = strand.read.back().seq + 1;
    strand.chunk = std::min(2 * strand.chunk, kLargestChunk);
  }
  return {};
}

void Merge::add_ends(model::Backlog& backlog) const {
  std::unordered_set<model::ConversationId> named;
  for (const auto& message : backlog.messages) named.insert(message.conversation);
  for (const Strand& strand : strands_) {
    if (strand.has_next() || !named.contains(strand.conversation)) continue;
    backlog.ends.push_back({strand.conversation, strand.end});
  }
}

}  // namespace

Result<model::Backlog> select_backlog(Connection& c, UserId user, int limit) {
  return Merge(c, user).run(limit);
}

Result<std::optional<model::Arrival>> select_arrival(Connection& c, UserId user) {
  std::optional<model::Arrival> arrival;
  const Param params[] = {user.value};
  CHECK_OK(c.query(kSelectArrival, params, [&](const Row& row) {
    arrival = {.person = person_from(row),
               .has_groups = row.integer(kPersonColumnCount) != 0,
               .has_friends = row.integer(kPersonColumnCount + 1) != 0,
               .has_backlog = row.integer(kPersonColumnCount + 2) != 0,
               .horizon = row.integer(kPersonColumnCount + 3)};
  }));
  return arrival;
}

}  // namespace qn::store
