#include "store/session_store.h"

#include <utility>

namespace qn::store {
namespace {

// The condition on the user makes a login that races a ban lose.
constexpr std::string_view kInsertIfUserMayAct = R"(
INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, expires_at,
                     address, user_agent)
SELECT $1, id, $3, $4, $5, $6, $7, $8
FROM "user" WHERE id = $2 AND status = 1 AND is_deleted = 0)";

constexpr std::string_view kDeleteOthers =
    "DELETE FROM session WHERE user_id = $1 AND id <> $2 RETURNING id";

constexpr std::string_view kSelectState = R"(
SELECT s.user_id, s.token_role, u.role,
       CASE WHEN u.status = 1 AND u.is_deleted = 0 THEN 1 ELSE 0 END,
       s.last_seen_at, s.expires_at
FROM session AS s JOIN "user" AS u ON u.id = s.user_id
WHERE s.id = $1)";

constexpr std::string_view kUpdateExpiry =
    "UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id = $1";

constexpr std::string_view kDeleteOne = "DELETE FROM session WHERE id = $1";

constexpr std::string_view kDeleteExpired = R"(
DELETE FROM session WHERE id IN
  (SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2))";

constexpr std::string_view kCountLive = "SELECT count(*) FROM session WHERE expires_at > $1";

Result<void> delete_others(Connection& c, UserId user, std::string_view kept,
                           std::vector<std::string>& ended) {
  const Param params[] = {user.value, kept};
  return c.query(kDeleteOthers, params, [&](const Row& row) { ended.emplace_back(row.text(0)); });
}

class SqlSessionStore final : public SessionStore {
 public:
  explicit SqlSessionStore(Database& db) : db_(db) {}

  Task<Result<std::vector<std::string>>> replace_all(model::Session session, Deadline by) override {
    std::vector<std::string> ended;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {session.id,
                              session.user.value,
                              model::to_string(session.token_role),
                              param(session.created_at),
                              param(session.last_seen_at),
                              param(session.expires_at),
                              session.address,
                              session.user_agent};
      TRY(const auto inserted, c.execute(kInsertIfUserMayAct, params));
      if (inserted == 0) return Error{ErrorCode::kNotFound, {}, "the user may not act"};
      return delete_others(c, session.user, session.id, ended);
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return ended;
  }

  Task<Result<std::optional<model::SessionState>>> find(std::string id, Deadline by) override {
    std::optional<model::SessionState> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id};
      return c.query(kSelectState, params, [&](const Row& row) {
        found = model::SessionState{.id = id,
                                    .user = UserId(row.integer(0)),
                                    .token_role = model::role_from(row.text(1)),
                                    .row_role = model::role_from(row.text(2)),
                                    .may_act = row.integer(3) != 0,
                                    .last_seen_at = row.time(4),
                                    .expires_at = row.time(5)};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<void>> slide(std::string id, Time last_seen, Time expires, Deadline by) override {
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {id, param(last_seen), param(expires)};
      CHECK_OK(c.execute(kUpdateExpiry, params));
      return {};
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<bool>> end(std::string id, Deadline by) override {
    std::int64_t deleted = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {id};
      TRY(deleted, c.execute(kDeleteOne, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return deleted != 0;
  }

  Task<Result<std::vector<std::string>>> end_all(UserId user, std::string except,
                                                 Deadline by) override {
    std::vector<std::string> ended;
    Database::Job job = [&](Connection& c) { return delete_others(c, user, except, ended); };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return ended;
  }

  Task<Result<std::int64_t>> sweep(Time now, int limit, Deadline by) override {
    std::int64_t deleted = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {param(now), std::int64_t{limit}};
      TRY(deleted, c.execute(kDeleteExpired, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return deleted;
  }

  Task<Result<std::int64_t>> count(Time now, Deadline by) override {
    std::int64_t count = 0;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {param(now)};
      return c.query(kCountLive, params, [&](const Row& row) { count = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return count;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<SessionStore> make_session_store(Database& db) {
  return std::make_unique<SqlSessionStore>(db);
}

}  // namespace qn::store
