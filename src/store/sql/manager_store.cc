#include "store/manager_store.h"

#include <utility>

#include "store/sql/audit_rows.h"
#include "store/sql/manager_rows.h"

namespace qn::store {
namespace {

using Credentials = ManagerStore::Credentials;
using NewSession = ManagerStore::NewSession;
using Outcome = ManagerStore::Outcome;

constexpr std::string_view kInsert = R"(
INSERT INTO manager (username, username_key, password, avatar, auth, status, super,
                     create_time, update_time)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $7)
RETURNING id)";

constexpr std::string_view kInsertFirst = R"(
INSERT INTO manager (username, username_key, password, avatar, auth, status, super,
                     create_time, update_time)
SELECT $1, $2, $3, $4, $5, 1, $6, $7, $7 WHERE NOT EXISTS (SELECT 1 FROM manager)
RETURNING id)";

constexpr std::string_view kCount = "SELECT count(*) FROM manager";
constexpr std::string_view kCountOtherSupers =
    "SELECT count(*) FROM manager WHERE super = 1 AND status = 1 AND id <> $1";

constexpr auto kSelectByName =
    Sql("SELECT") + kManagerColumns + ", password FROM manager WHERE username_key = $1";
constexpr auto kSelectById =
    Sql("SELECT") + kManagerColumns + ", password FROM manager WHERE id = $1";
constexpr auto kSelectPage =
    Sql("SELECT") + kManagerColumns + " FROM manager ORDER BY id DESC LIMIT $1 OFFSET $2";

constexpr std::string_view kUpdate = R"(
UPDATE manager SET username = $2, username_key = COALESCE($3, username_key), avatar = $4, auth = $5,
                   password = COALESCE($6, password), update_time = $7
WHERE id = $1)";
constexpr std::string_view kUpdateStatus =
    "UPDATE manager SET status = $2, update_time = $3 WHERE id = $1";
constexpr std::string_view kReplacePassword =
    "UPDATE manager SET password = $3 WHERE id = $1 AND password = $2";
constexpr std::string_view kDelete = "DELETE FROM manager WHERE id = $1";

// The condition on the manager makes a login that races its end lose.
constexpr std::string_view kInsertSession = R"(
INSERT INTO manager_session (id, manager_id, csrf, created_at, last_seen_at, expires_at, address,
                             user_agent)
SELECT $1, id, $3, $4, $4, $5, $6, $7 FROM manager WHERE id = $2 AND status = 1)";

constexpr auto kSelectSession = Sql("SELECT") + kManagerColumns + R"(,
       s.csrf, s.last_seen_at, s.expires_at
FROM manager_session AS s JOIN manager ON manager.id = s.manager_id
WHERE s.id = $1 AND s.expires_at > $2 AND manager.status = 1)";

constexpr std::string_view kSlideSession =
    "UPDATE manager_session SET last_seen_at = $2, expires_at = $3 WHERE id = $1";
constexpr std::string_view kDeleteSession = "DELETE FROM manager_session WHERE id = $1";
constexpr std::string_view kDeleteSessions =
    "DELETE FROM manager_session WHERE manager_id = $1 AND id <> $2";
constexpr std::string_view kDeleteExpired = R"(
DELETE FROM manager_session WHERE id IN
  (SELECT id FROM manager_session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2))";

Result<void> select_one(Connection& c, std::string_view sql, const Param& key,
                        std::optional<Credentials>& found) {
  return c.query(sql, {&key, 1}, [&](const Row& row) {
    found = Credentials{manager_from(row), std::string(row.text(kManagerColumnCount))};
  });
}

Result<std::optional<model::Manager>> select_manager(Connection& c, ManagerId id) {
  std::optional<Credentials> found;
  CHECK_OK(select_one(c, kSelectById, id.value, found));
  if (!found) return std::optional<model::Manager>();
  return std::optional(std::move(found->manager));
}

Result<void> note_manager(Connection& c, const Actor& actor, std::string_view action, ManagerId id,
                          std::string_view name, std::string before, std::string after) {
  return insert_audit(c, actor,
                      {.action = action,
                       .target_type = "manager",
                       .target_id = id.value,
                       .target_name = name,
                       .before = std::move(before),
                       .after = std::move(after)});
}

// `id` stays none when the statement inserts nothing.
Result<void> insert_manager(Connection& c, std::string_view sql, const NewManager& manager,
                            const Actor& actor, ManagerId& id) {
  const std::string menu = join_menu_ids(manager.menu_ids);
  const std::string_view avatar = manager.avatar.empty() ? model::kManagerAvatar : manager.avatar;
  const std::int64_t super = manager.super;
  const Param params[] = {
      manager.username, manager.username_key, manager.password_hash, avatar, menu, super,
      param(actor.now)};
  CHECK_OK(c.query(sql, params, [&](const Row& row) { id = ManagerId(row.integer(0)); }));
  if (!id) return {};
  std::string after = audit_json(
      {{"username", manager.username}, {"avatar", avatar}, {"auth", menu}, {"super", super}});
  return note_manager(c, actor, "manager.create", id, manager.username, "", std::move(after));
}

Result<void> end_sessions(Connection& c, ManagerId manager, std::string_view kept) {
  const Param params[] = {manager.value, kept};
  CHECK_OK(c.execute(kDeleteSessions, params));
  return {};
}

Result<void> update_manager(Connection& c, ManagerId id, const ManagerChange& change,
                            const std::string& keep_session, const Actor& actor) {
  TRY(const auto row, select_manager(c, id));
  if (!row) return Error{ErrorCode::kNotFound, {}, "no such manager"};
  const std::string username = change.username.value_or(row->username);
  const std::string avatar = change.avatar.value_or(row->avatar);
  const std::string old_menu = join_menu_ids(row->menu_ids);
  const std::string menu = change.menu_ids ? join_menu_ids(*change.menu_ids) : old_menu;

  FieldChanges changes;
  changes.add("username", row->username, username);
  changes.add("avatar", row->avatar, avatar);
  changes.add("auth", old_menu, menu);
  if (change.password_hash) changes.add_password();
  if (changes.empty()) return {};

  const Param params[] = {id.value,        username, param(change.username_key),
                          avatar,          menu,     param(change.password_hash),
                          param(actor.now)};
  CHECK_OK(c.execute(kUpdate, params));
  if (change.password_hash) CHECK_OK(end_sessions(c, id, keep_session));
  return note_manager(c, actor, "manager.update", id, row->username, changes.before(),
                      changes.after());
}

// Whether without this one no enabled super manager would be left. The database
// has one writer, so of two that are taken at once the second is seen to be last.
Result<bool> is_last_super(Connection& c, const model::Manager& manager) {
  if (!manager.super || !manager.enabled) return false;
  std::int64_t others = 0;
  const Param params[] = {manager.id.value};
  CHECK_OK(c.query(kCountOtherSupers, params, [&](const Row& row) { others = row.integer(0); }));
  return others == 0;
}

Result<Outcome> set_status(Connection& c, ManagerId id, bool enabled, const Actor& actor) {
  TRY(const auto row, select_manager(c, id));
  if (!row) return Outcome::kNoSuchRow;
  FieldChanges changes;
  changes.add("status", std::int64_t{row->enabled}, std::int64_t{enabled});
  if (changes.empty()) return Outcome::kDone;
  if (!enabled) {
    TRY(const bool last, is_last_super(c, *row));
    if (last) return Outcome::kLastSuper;
    CHECK_OK(end_sessions(c, id, ""));
  }
  const Param params[] = {id.value, std::int64_t{enabled}, param(actor.now)};
  CHECK_OK(c.execute(kUpdateStatus, params));
  CHECK_OK(note_manager(c, actor, enabled ? "manager.enable" : "manager.disable", id, row->username,
                        changes.before(), changes.after()));
  return Outcome::kDone;
}

Result<Outcome> delete_manager(Connection& c, ManagerId id, const Actor& actor) {
  TRY(const auto row, select_manager(c, id));
  if (!row) return Outcome::kNoSuchRow;
  TRY(const bool last, is_last_super(c, *row));
  if (last) return Outcome::kLastSuper;
  const Param params[] = {id.value};  // its sessions go with the row
  CHECK_OK(c.execute(kDelete, params));
  const std::string menu = join_menu_ids(row->menu_ids);
  std::string before = audit_json({{"username", row->username},
                                   {"auth", menu},
                                   {"status", std::int64_t{row->enabled}},
                                   {"super", std::int64_t{row->super}}});
  CHECK_OK(note_manager(c, actor, "manager.delete", id, row->username, std::move(before), ""));
  return Outcome::kDone;
}

Result<void> insert_session(Connection& c, const NewSession& session, const Actor& actor) {
  const Param params[] = {session.id,         session.manager.value,     session.csrf,
                          param(session.now), param(session.expires_at), session.address,
                          session.user_agent};
  TRY(const auto inserted, c.execute(kInsertSession, params));
  if (inserted == 0) return Error{ErrorCode::kNotFound, {}, "the manager may not log in"};
  return note_manager(c, actor, "manager.login", session.manager, actor.name, "", "");
}

Result<void> delete_session(Connection& c, const std::string& id, const Actor& actor) {
  const Param params[] = {id};
  TRY(const auto deleted, c.execute(kDeleteSession, params));
  if (deleted == 0) return {};
  return note_manager(c, actor, "manager.logout", actor.manager, actor.name, "", "");
}

Result<void> select_page(Connection& c, int limit, std::int64_t offset, ManagerStore::Page& page) {
  CHECK_OK(c.query(kCount, {}, [&](const Row& row) { page.total = row.integer(0); }));
  const Param params[] = {std::int64_t{limit}, offset};
  return c.query(kSelectPage, params,
                 [&](const Row& row) { page.managers.push_back(manager_from(row)); });
}

Result<void> select_only(Connection& c, ManagerId id, int limit, std::int64_t offset,
                         ManagerStore::Page& page) {
  TRY(auto found, select_manager(c, id));
  page.total = found ? 1 : 0;
  if (found && offset == 0 && limit > 0) page.managers.push_back(std::move(*found));
  return {};
}

class SqlManagerStore final : public ManagerStore {
 public:
  explicit SqlManagerStore(Database& db) : db_(db) {}

  Task<Result<ManagerId>> create(NewManager manager, Actor actor, Deadline by) override {
    ManagerId id;
    Database::Job job = [&](Connection& c) {
      return insert_manager(c, kInsert, manager, actor, id);
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return id;
  }

  Task<Result<bool>> create_first(NewManager manager, Actor actor, Deadline by) override {
    ManagerId id;
    Database::Job job = [&](Connection& c) {
      return insert_manager(c, kInsertFirst, manager, actor, id);
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return static_cast<bool>(id);
  }

  Task<Result<std::int64_t>> count(Deadline by) override {
    std::int64_t count = 0;
    Database::Job job = [&](Connection& c) {
      return c.query(kCount, {}, [&](const Row& row) { count = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return count;
  }

  Task<Result<std::optional<Credentials>>> find_credentials(std::string username_key,
                                                            Deadline by) override {
    std::optional<Credentials> found;
    Database::Job job = [&](Connection& c) {
      return select_one(c, kSelectByName, username_key, found);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<Credentials>>> find_credentials(ManagerId id, Deadline by) override {
    std::optional<Credentials> found;
    Database::Job job = [&](Connection& c) { return select_one(c, kSelectById, id.value, found); };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::Manager>>> find(ManagerId id, Deadline by) override {
    std::optional<model::Manager> found;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, select_manager(c, id));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<Page>> list(std::optional<ManagerId> only, int limit, std::int64_t offset,
                          Deadline by) override {
    Page page;
    Database::Job job = [&](Connection& c) {
      return only ? select_only(c, *only, limit, offset, page)
                  : select_page(c, limit, offset, page);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<void>> update(ManagerId id, ManagerChange change, std::string keep_session,
                            Actor actor, Deadline by) override {
    Database::Job job = [&](Connection& c) {
      return update_manager(c, id, change, keep_session, actor);
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<Outcome>> set_enabled(ManagerId id, bool enabled, Actor actor, Deadline by) override {
    Outcome outcome = Outcome::kDone;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(outcome, set_status(c, id, enabled, actor));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return outcome;
  }

  Task<Result<Outcome>> remove(ManagerId id, Actor actor, Deadline by) override {
    Outcome outcome = Outcome::kDone;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(outcome, delete_manager(c, id, actor));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return outcome;
  }

  Task<Result<void>> replace_password_hash(ManagerId id, std::string expected, std::string hash,
                                           Deadline by) override {
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {id.value, expected, hash};
      CHECK_OK(c.execute(kReplacePassword, params));
      return {};
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<void>> start_session(NewSession session, Actor actor, Deadline by) override {
    Database::Job job = [&](Connection& c) { return insert_session(c, session, actor); };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<std::optional<ManagerSession>>> find_session(std::string id, Time now,
                                                           Deadline by) override {
    std::optional<ManagerSession> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id, param(now)};
      return c.query(kSelectSession, params, [&](const Row& row) {
        found = ManagerSession{.id = id,
                               .manager = manager_from(row),
                               .csrf = std::string(row.text(kManagerColumnCount)),
                               .last_seen_at = row.time(kManagerColumnCount + 1),
                               .expires_at = row.time(kManagerColumnCount + 2)};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<void>> slide_session(std::string id, Time now, Time expires, Deadline by) override {
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {id, param(now), param(expires)};
      CHECK_OK(c.execute(kSlideSession, params));
      return {};
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<void>> end_session(std::string id, Actor actor, Deadline by) override {
    Database::Job job = [&](Connection& c) { return delete_session(c, id, actor); };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<std::int64_t>> sweep_sessions(Time now, int limit, Deadline by) override {
    std::int64_t deleted = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {param(now), std::int64_t{limit}};
      TRY(deleted, c.execute(kDeleteExpired, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return deleted;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<ManagerStore> make_manager_store(Database& db) {
  return std::make_unique<SqlManagerStore>(db);
}

}  // namespace qn::store
