#include "store/askanswer_store.h"

#include <utility>

#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

constexpr std::string_view kReplace = R"(
UPDATE askanswer SET answer = $4, update_time = $5
WHERE owner_id = $1 AND type = $2 AND ask = $3)";

constexpr std::string_view kInsertBelowCap = R"(
INSERT INTO askanswer (owner_id, type, id, ask, answer, create_time, update_time)
SELECT $1, $2,
       COALESCE((SELECT max(id) + 1 FROM askanswer WHERE owner_id = $1 AND id >= $5), $5),
       $3, $4, $5, $5
WHERE (SELECT count(*) FROM askanswer WHERE owner_id = $1) < $6)";

constexpr std::string_view kUpdate = R"(
UPDATE askanswer SET ask = $3, answer = $4, update_time = $5
WHERE owner_id = $1 AND type = $2 AND id = $6)";

constexpr std::string_view kDelete = "DELETE FROM askanswer WHERE owner_id = $1 AND id = $2";

constexpr Sql kColumns(
    " owner_id, type, id, ask, answer, like_count, liked, create_time, update_time ");
constexpr auto kSelectById =
    Sql("SELECT") + kColumns + "FROM askanswer WHERE owner_id = $1 AND id = $2";
constexpr auto kSelectByType =
    Sql("SELECT") + kColumns + "FROM askanswer WHERE owner_id = $1 AND type = $2 ORDER BY id DESC";

model::AskAnswer entry_from(const Row& row) {
  return {.id = AskAnswerId(row.integer(2)),
          .owner = UserId(row.integer(0)),
          .type = std::string(row.text(1)),
          .ask = std::string(row.text(3)),
          .answer = std::string(row.text(4)),
          .like_count = static_cast<int>(row.integer(5)),
          .liked = row.integer(6) != 0,
          .create_time = row.time(7),
          .update_time = row.time(8)};
}

Result<AskAnswerStore::Saved> save_entry(Connection& c, const NewAskAnswer& e, int cap) {
  using Saved = AskAnswerStore::Saved;
  const Param params[] = {e.owner.value, e.type, e.ask, e.answer, param(e.now), std::int64_t{cap}};
  TRY(const auto replaced, c.execute(kReplace, std::span(params).first(5)));
  if (replaced != 0) return Saved::kReplaced;
  TRY(const auto created, c.execute(kInsertBelowCap, params));
  return created != 0 ? Saved::kCreated : Saved::kFull;
}

class SqlAskAnswerStore final : public AskAnswerStore {
 public:
  explicit SqlAskAnswerStore(Database& db) : db_(db) {}

  Task<Result<Saved>> save(NewAskAnswer entry, int cap, Deadline by) override {
    Saved saved = Saved::kFull;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(saved, save_entry(c, entry, cap));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return saved;
  }

  Task<Result<bool>> update(AskAnswerId id, NewAskAnswer e, Deadline by) override {
    std::int64_t rows = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {e.owner.value, e.type, e.ask, e.answer, param(e.now), id.value};
      TRY(rows, c.execute(kUpdate, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return rows != 0;
  }

  Task<Result<bool>> remove(UserId owner, AskAnswerId id, Deadline by) override {
    std::int64_t rows = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {owner.value, id.value};
      TRY(rows, c.execute(kDelete, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return rows != 0;
  }

  Task<Result<std::optional<model::AskAnswer>>> find(UserId owner, AskAnswerId id,
                                                     Deadline by) override {
    std::optional<model::AskAnswer> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, id.value};
      return c.query(kSelectById, params, [&](const Row& row) { found = entry_from(row); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::vector<model::AskAnswer>>> list(UserId owner, std::string type,
                                                   Deadline by) override {
    std::vector<model::AskAnswer> entries;
    Visitor keep = [&](const model::AskAnswer& entry) { entries.push_back(entry); };
    CO_CHECK_OK(co_await visit(owner, std::move(type), std::move(keep), by));
    co_return entries;
  }

  Task<Result<void>> visit(UserId owner, std::string type, Visitor visitor, Deadline by) override {
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, type};
      return c.query(kSelectByType, params, [&](const Row& row) { visitor(entry_from(row)); });
    };
    co_return co_await db_.read(std::move(job), by);
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<AskAnswerStore> make_askanswer_store(Database& db) {
  return std::make_unique<SqlAskAnswerStore>(db);
}

}  // namespace qn::store
