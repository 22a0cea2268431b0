#include "store/audit_store.h"

#include <utility>

#include "store/sql/audit_rows.h"
#include "store/sql/like_pattern.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

constexpr Sql kColumns(R"(
  id, created_at, manager_id, manager_name, address, action, target_type, target_id, target_name,
  before_json, after_json)");

// What a query may ask for; each starts with what an index can find, if anything.
constexpr Sql kConditions(R"(
  ($1 = '' OR target_type = $1) AND ($2 = 0 OR target_id = $2)
  AND ($3 = '' OR action = $3) AND ($4 = '' OR substr(action, 1, length($4)) = $4)
  AND ($5 = '' OR manager_name LIKE $5 ESCAPE '\' OR target_name LIKE $5 ESCAPE '\'
       OR address LIKE $5 ESCAPE '\'))");
constexpr auto kAny = Sql(" FROM audit_log WHERE ") + kConditions;
constexpr auto kOfTarget =
    Sql(" FROM audit_log WHERE target_type = $1 AND target_id = $2 AND ") + kConditions;
constexpr auto kOfAction = Sql(" FROM audit_log WHERE action = $3 AND ") + kConditions;
constexpr Sql kWindow(" ORDER BY id DESC LIMIT $6 OFFSET $7");

struct Statements {
  std::string_view count;
  std::string_view page;
};
constexpr auto kCountAny = Sql("SELECT count(*)") + kAny;
constexpr auto kPageAny = Sql("SELECT") + kColumns + kAny + kWindow;
constexpr auto kCountOfTarget = Sql("SELECT count(*)") + kOfTarget;
constexpr auto kPageOfTarget = Sql("SELECT") + kColumns + kOfTarget + kWindow;
constexpr auto kCountOfAction = Sql("SELECT count(*)") + kOfAction;
constexpr auto kPageOfAction = Sql("SELECT") + kColumns + kOfAction + kWindow;

// Without conditions the count reads no more than the pages of an index.
constexpr std::string_view kCountAll = "SELECT count(*) FROM audit_log";
constexpr auto kPageAll =
    Sql("SELECT") + kColumns + " FROM audit_log ORDER BY id DESC LIMIT $1 OFFSET $2";

model::AuditEntry entry_from(const Row& row) {
  return {.id = row.integer(0),
          .created_at = row.time(1),
          .manager = ManagerId(row.integer(2)),
          .manager_name = std::string(row.text(3)),
          .address = std::string(row.text(4)),
          .action = std::string(row.text(5)),
          .target_type = std::string(row.text(6)),
          .target_id = row.integer(7),
          .target_name = std::string(row.text(8)),
          .before = std::string(row.text(9)),
          .after = std::string(row.text(10))};
}

bool is_unconditional(const AuditStore::Query& query) {
  return query.keyword.empty() && query.action.empty() && query.target_type.empty() &&
         query.target_id == 0;
}

Result<void> select_page(Connection& c, const Statements& sql, std::span<const Param> conditions,
                         std::span<const Param> all, AuditStore::Page& page) {
  CHECK_OK(c.query(sql.count, conditions, [&](const Row& row) { page.total = row.integer(0); }));
  return c.query(sql.page, all, [&](const Row& row) { page.entries.push_back(entry_from(row)); });
}

Result<void> select_all(Connection& c, const AuditStore::Query& query, AuditStore::Page& page) {
  const Param params[] = {std::int64_t{query.limit}, query.offset};
  return select_page(c, {kCountAll, kPageAll}, {}, params, page);
}

Result<void> select_matching(Connection& c, const AuditStore::Query& query,
                             AuditStore::Page& page) {
  const std::string pattern = contains_pattern(query.keyword);
  const bool is_prefix = query.action.ends_with('.');
  const std::string exact = is_prefix ? "" : query.action;
  const std::string prefix = is_prefix ? query.action : "";
  const Param params[] = {query.target_type, query.target_id,           exact,       prefix,
                          pattern,           std::int64_t{query.limit}, query.offset};
  Statements sql{kCountAny, kPageAny};
  if (query.target_id != 0 && !query.target_type.empty()) {
    sql = {kCountOfTarget, kPageOfTarget};
  } else if (!exact.empty()) {
    sql = {kCountOfAction, kPageOfAction};
  }
  return select_page(c, sql, std::span(params).first(5), params, page);
}

class SqlAuditStore final : public AuditStore {
 public:
  explicit SqlAuditStore(Database& db) : db_(db) {}

  Task<Result<Page>> find(Query query, Deadline by) override {
    Page page;
    if (!is_searchable(query.keyword)) co_return page;
    Database::Job job = [&](Connection& c) {
      return is_unconditional(query) ? select_all(c, query, page) : select_matching(c, query, page);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<void>> append(Actor actor, std::string action, std::string target_type,
                            std::int64_t target_id, std::string target_name, std::string after,
                            Deadline by) override {
    Database::Job job = [&](Connection& c) {
      return insert_audit(c, actor, {action, target_type, target_id, target_name, "", after});
    };
    co_return co_await db_.write(std::move(job), by);
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<AuditStore> make_audit_store(Database& db) {
  return std::make_unique<SqlAuditStore>(db);
}

}  // namespace qn::store
