#include "store/sql/message_scan.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

#include "store/sql/group_rows.h"
#include "store/sql/like_pattern.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

using model::LogPosition;

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kChunk = 500;  // rows read before looking whether they are enough
// Messages get their time before they get their place in the log. Where a source
// is cut to a range of time by place, this much more is read on either side.
constexpr std::chrono::hours kSlack{1};

// What is not found by an index: looked up in each row. $1 to $3 are the range
// that is read, $9 whose.
constexpr Sql kMatches(R"(
  ($4 = '' OR type = $4) AND ($5 = '' OR text LIKE $5 ESCAPE '\')
  AND created_at >= $6 AND created_at < $7
  AND ($8 = '{}' OR sender_id IN (SELECT CAST(key AS BIGINT) FROM json_each($8))))");

// Each row has its position, where the next chunk begins, and whether it matches.
constexpr auto kScanLog = Sql("SELECT id, id, ") + kMatches + R"(
FROM message WHERE id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3)";
constexpr auto kScanSender = Sql("SELECT id, id, ") + kMatches + R"(
FROM message WHERE sender_id = $9 AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3)";
constexpr auto kScanConversation = Sql("SELECT id, seq, ") + kMatches + R"(
FROM message WHERE conversation_id = $9 AND seq < $1 AND seq >= $2 ORDER BY seq DESC LIMIT $3)";
// Of equal times those before position $9.
constexpr auto kScanTime = Sql("SELECT id, created_at, ") + kMatches + R"(
FROM message WHERE created_at <= $1 AND created_at >= $2 AND (created_at < $1 OR id < $9)
ORDER BY created_at DESC, id DESC LIMIT $3)";

constexpr std::string_view kSelectTime = "SELECT created_at FROM message WHERE id = $1";
constexpr std::string_view kSelectFirstSince =
    "SELECT id FROM message WHERE created_at >= $1 ORDER BY created_at, id LIMIT 1";
constexpr std::string_view kSelectLastUntil =
    "SELECT id FROM message WHERE created_at < $1 ORDER BY created_at DESC, id DESC LIMIT 1";
constexpr std::string_view kSelectLastSeq = "SELECT last_seq FROM conversation WHERE id = $1";
constexpr std::string_view kSelectOfGroup =
    "SELECT id FROM conversation WHERE kind = 'group' AND low = $1 AND high = 0";
constexpr std::string_view kSelectPosition =
    "SELECT id FROM message WHERE conversation_id = $1 AND seq = $2";

// A filter as the statements take it.
struct Conditions {
  explicit Conditions(const MessageFilter& filter)
      : type(filter.type),
        pattern(contains_pattern(filter.text)),
        from(filter.from ? to_millis(*filter.from) : std::numeric_limits<std::int64_t>::min()),
        until(filter.until ? to_millis(*filter.until) : kEnd),
        senders(id_set(filter.senders)) {}

  bool has_time() const {
    return from != std::numeric_limits<std::int64_t>::min() || until != kEnd;
  }

  std::string type;
  std::string pattern;
  std::int64_t from;
  std::int64_t until;
  std::string senders;
};

// A stretch of one index, read from its end: `below` excluded, `low` included.
struct Source {
  std::string_view sql;
  std::optional<std::int64_t> of{};
  std::int64_t below = kEnd;
  std::int64_t low = 0;
  // What has been read of it
  std::vector<LogPosition> hits{};
  LogPosition reached = kEnd;
  bool is_exhausted = false;
};

Result<std::optional<std::int64_t>> select_one(Connection& c, std::string_view sql,
                                               std::span<const Param> params) {
  std::optional<std::int64_t> found;
  CHECK_OK(c.query(sql, params, [&](const Row& row) { found = row.integer(0); }));
  return found;
}

// Positions that messages of the range of time have; more of them, never fewer,
// unless the clock was set by more than kSlack.
struct Window {
  LogPosition low = 0;
  LogPosition below = kEnd;
};

Result<Window> window_of(Connection& c, const MessageFilter& filter, LogPosition before) {
  Window window;
  if (before > 0) window.below = before;
  if (filter.from) {
    const Param since[] = {param(*filter.from - kSlack)};
    TRY(const auto first, select_one(c, kSelectFirstSince, since));
    window.low = first.value_or(kEnd);
  }
  if (filter.until) {
    const Param until[] = {param(*filter.until + kSlack)};
    TRY(const auto last, select_one(c, kSelectLastUntil, until));
    window.below = std::min(window.below, last.value_or(0) + 1);
  }
  return window;
}

// The first number in the conversation whose message has this position or a later
// one: both grow together and the numbers have no gaps, so it is looked for by
// halves.
Result<model::Seq> first_seq_at(Connection& c, std::int64_t conversation, model::Seq last_seq,
                                LogPosition position) {
  if (position == kEnd) return last_seq + 1;
  model::Seq low = 1;
  model::Seq high = last_seq + 1;
  while (low < high) {
    const model::Seq middle = low + (high - low) / 2;
    const Param params[] = {conversation, middle};
    TRY(const auto found, select_one(c, kSelectPosition, params));
    if (found.value_or(0) < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Result<void> add_conversation(Connection& c, std::int64_t conversation, const Window& window,
                              std::vector<Source>& sources) {
  const Param params[] = {conversation};
  TRY(const auto last_seq, select_one(c, kSelectLastSeq, params));
  if (!last_seq) return {};
  Source source{.sql = kScanConversation, .of = conversation};
  TRY(source.below, first_seq_at(c, conversation, *last_seq, window.below));
  if (window.low > 0) {
    TRY(source.low, first_seq_at(c, conversation, *last_seq, window.low));
  }
  sources.push_back(std::move(source));
  return {};
}

Result<std::vector<Source>> sources_of_groups(Connection& c, const MessageFilter& filter,
                                              const Window& window) {
  std::vector<Source> sources;
  for (const GroupId group : filter.groups) {
    if (sources.size() == MessageAdminStore::kMaxSources) break;
    const Param params[] = {group.value};
    TRY(const auto conversation, select_one(c, kSelectOfGroup, params));
    if (conversation) CHECK_OK(add_conversation(c, *conversation, window, sources));
  }
  return sources;
}

std::vector<Source> sources_of_senders(const MessageFilter& filter, const Window& window) {
  std::vector<Source> sources;
  for (const UserId sender : filter.senders) {
    if (sources.size() == MessageAdminStore::kMaxSources) break;
    sources.push_back(
        {.sql = kScanSender, .of = sender.value, .below = window.below, .low = window.low});
  }
  return sources;
}

// Exact, whatever the clock did: in the order of the times themselves.
Result<Source> source_of_time(Connection& c, const Conditions& conditions, LogPosition before) {
  Source source{.sql = kScanTime, .of = kEnd, .below = conditions.until, .low = conditions.from};
  if (before > 0) {
    const Param params[] = {before};
    TRY(const auto at, select_one(c, kSelectTime, params));
    if (at && *at < source.below) {
      source.below = *at;
      source.of = before;
    }
  }
  return source;
}

Result<std::vector<Source>> sources_of(Connection& c, const MessageFilter& filter,
                                       const Conditions& conditions, LogPosition before) {
  std::vector<Source> sources;
  if (filter.conversation || !filter.groups.empty() || !filter.senders.empty()) {
    TRY(const Window window, window_of(c, filter, before));
    if (filter.conversation) {
      CHECK_OK(add_conversation(c, filter.conversation.value, window, sources));
      return sources;
    }
    if (!filter.groups.empty()) return sources_of_groups(c, filter, window);
    return sources_of_senders(filter, window);
  }
  if (conditions.has_time()) {
    TRY(auto source, source_of_time(c, conditions, before));
    sources.push_back(std::move(source));
  } else {
    sources.push_back({.sql = kScanLog, .below = before > 0 ? before : kEnd});
  }
  return sources;
}

Result<std::int64_t> read_chunk(Connection& c, const Conditions& conditions, std::int64_t size,
                                Source& source) {
  const Param params[] = {source.below,     source.low,         size,
                          conditions.type,  conditions.pattern, conditions.from,
                          conditions.until, conditions.senders, source.of.value_or(0)};
  std::int64_t rows = 0;
  CHECK_OK(c.query(source.sql, std::span(params).first(source.of ? 9 : 8), [&](const Row& row) {
    ++rows;
    source.reached = row.integer(0);
    source.below = row.integer(1);
    if (row.integer(2) != 0) source.hits.push_back(source.reached);
  }));
  if (source.sql == std::string_view(kScanTime)) source.of = source.reached;
  source.is_exhausted = rows < size;
  return rows;
}

// Until there are enough, the source ends, or `budget` rows were looked at.
Result<void> read_source(Connection& c, const Conditions& conditions, std::size_t enough,
                         std::int64_t budget, Source& source) {
  const bool all_match =
      conditions.type.empty() && conditions.pattern.empty() && !conditions.has_time();
  while (!source.is_exhausted && source.hits.size() < enough && budget > 0) {
    const std::int64_t wanted = all_match ? static_cast<std::int64_t>(enough) : kChunk;
    TRY(const auto rows, read_chunk(c, conditions, std::min(wanted, budget), source));
    budget -= rows;
  }
  return {};
}

// Below `floor` some source has not been looked at.
MessageScan merge(std::vector<Source>& sources, std::size_t limit) {
  MessageScan scan;
  LogPosition floor = 0;
  for (const auto& source : sources) {
    if (!source.is_exhausted) floor = std::max(floor, source.reached);
    scan.hits.insert(scan.hits.end(), source.hits.begin(), source.hits.end());
  }
  if (sources.size() > 1) {
    std::sort(scan.hits.begin(), scan.hits.end(), std::greater<>());
    std::erase_if(scan.hits, [floor](LogPosition hit) { return hit < floor; });
  }
  if (scan.hits.size() > limit) {
    scan.hits.resize(limit);
    scan.next = scan.hits.back();
  } else {
    scan.next = floor;
    scan.is_cut_short = floor > 0 && scan.hits.size() < limit;
  }
  return scan;
}

}  // namespace

Result<MessageScan> scan_messages(Connection& c, const MessageFilter& filter, LogPosition before,
                                  std::size_t limit) {
  const Conditions conditions(filter);
  TRY(auto sources, sources_of(c, filter, conditions, before));
  const auto budget =
      MessageAdminStore::kMaxExamined / std::max<std::int64_t>(1, std::ssize(sources));
  for (auto& source : sources) {
    CHECK_OK(read_source(c, conditions, limit + 1, budget, source));
  }
  return merge(sources, limit);
}

std::vector<std::string_view> message_scan_statements() {
  return {kScanLog, kScanSender, kScanConversation, kScanTime};
}

}  // namespace qn::store
