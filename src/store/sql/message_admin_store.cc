#include "store/message_admin_store.h"

#include <algorithm>
#include <utility>

#include "store/sql/like_pattern.h"
#include "store/sql/message_scan.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

using Kind = model::ConversationKey::Kind;
using Page = MessageAdminStore::Page;
using Detail = MessageAdminStore::Detail;
using Content = MessageAdminStore::Content;

constexpr std::string_view kSelectLine = R"(
SELECT message.id, conversation_id, conversation.kind, conversation.low, conversation.high, seq,
       message.uuid, sender_id, hidden_from, type, created_at, recalled_at,
       CASE WHEN $2 = 1 THEN body ELSE '' END,
       COALESCE(NULLIF(sender.nickname, ''), sender.username), sender.avatar,
       COALESCE(NULLIF(first.nickname, ''), first.username), first.avatar,
       COALESCE(NULLIF(second.nickname, ''), second.username), second.avatar,
       place.name, place.avatar
FROM message JOIN conversation ON conversation.id = conversation_id
LEFT JOIN "user" AS sender ON sender.id = sender_id
LEFT JOIN "user" AS first ON first.id = conversation.low AND conversation.kind <> 'group'
LEFT JOIN "user" AS second ON second.id = conversation.high AND conversation.kind = 'single'
LEFT JOIN "group" AS place ON place.id = conversation.low AND conversation.kind = 'group'
WHERE message.id = $1)";

constexpr std::string_view kSelectAround = R"(
SELECT id FROM message WHERE conversation_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq)";

Kind kind_from(std::string_view text) {
  if (text == "group") return Kind::kGroup;
  return text == "notice" ? Kind::kNotice : Kind::kSingle;
}

MessageParty party_from(const Row& row, std::int64_t id, int name) {
  return {id, std::string(row.text(name)), std::string(row.text(name + 1))};
}

// Of a conversation of two, the one whom this message is not from; a recall is
// from whom it is hidden.
MessageParty recipient_from(const Row& row, Kind kind) {
  const std::int64_t low = row.integer(3);
  const std::int64_t high = row.integer(4);
  if (kind == Kind::kGroup) return party_from(row, low, 19);
  if (kind == Kind::kNotice) return party_from(row, low, 15);
  const std::int64_t author = row.integer(7) != 0 ? row.integer(7) : row.integer(8);
  return author == low ? party_from(row, high, 17) : party_from(row, low, 15);
}

MessageLine line_from(const Row& row) {
  const Kind kind = kind_from(row.text(2));
  return {.position = row.integer(0),
          .conversation = model::ConversationId(row.integer(1)),
          .kind = kind,
          .seq = row.integer(5),
          .uuid = std::string(row.text(6)),
          .sender = party_from(row, row.integer(7), 13),
          .to = recipient_from(row, kind),
          .type = std::string(row.text(9)),
          .body = std::string(row.text(12)),
          .created_at = row.time(10),
          .recalled_at = row.optional_time(11)};
}

Result<void> add_line(Connection& c, model::LogPosition position, Content content,
                      std::vector<MessageLine>& lines) {
  const Param params[] = {position, std::int64_t{content == Content::kShown}};
  return c.query(kSelectLine, params, [&](const Row& row) { lines.push_back(line_from(row)); });
}

Result<Page> select_page(Connection& c, const MessageFilter& filter, model::LogPosition before,
                         int limit, Content content) {
  Page page;
  if (!is_searchable(filter.text)) return page;
  TRY(const auto scan, scan_messages(c, filter, before, static_cast<std::size_t>(limit)));
  page.next = scan.next;
  page.is_cut_short = scan.is_cut_short;
  for (const auto position : scan.hits) CHECK_OK(add_line(c, position, content, page.messages));
  return page;
}

Result<std::optional<Detail>> select_detail(Connection& c, model::LogPosition position,
                                            int neighbours, Content content) {
  std::vector<MessageLine> found;
  CHECK_OK(add_line(c, position, content, found));
  if (found.empty()) return std::optional<Detail>();
  Detail detail{std::move(found.front()), {}};
  const auto& message = detail.message;
  const Param range[] = {message.conversation.value, message.seq - neighbours,
                         message.seq + neighbours};
  std::vector<model::LogPosition> around;
  CHECK_OK(
      c.query(kSelectAround, range, [&](const Row& row) { around.push_back(row.integer(0)); }));
  for (const auto one : around) CHECK_OK(add_line(c, one, content, detail.around));
  return std::optional(std::move(detail));
}

class SqlMessageAdminStore final : public MessageAdminStore {
 public:
  explicit SqlMessageAdminStore(Database& db) : db_(db) {}

  Task<Result<Page>> list(MessageFilter filter, model::LogPosition before, int limit,
                          Content content, Deadline by) override {
    Page page;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(page, select_page(c, filter, before, limit, content));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::optional<Detail>>> find(model::LogPosition position, int neighbours,
                                           Content content, Deadline by) override {
    std::optional<Detail> detail;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(detail, select_detail(c, position, neighbours, content));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return detail;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<MessageAdminStore> make_message_admin_store(Database& db) {
  return std::make_unique<SqlMessageAdminStore>(db);
}

}  // namespace qn::store
