#include "store/user_admin_store.h"

#include <algorithm>
#include <utility>

#include "base/initials.h"
#include "base/text.h"
#include "store/sql/audit_rows.h"
#include "store/sql/user_listing.h"
#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

using model::UserStatus;
using EndedSessions = UserAdminStore::EndedSessions;

constexpr auto kSelectProfile = Sql("SELECT") + kUserColumns + "," + kInfoColumns + R"(,
       muted_until
FROM "user" LEFT JOIN user_info ON user_info.user_id = "user".id
WHERE "user".id = $1 AND "user".is_deleted = 0)";

constexpr std::string_view kSelectSessions = R"(
SELECT id, token_role, created_at, last_seen_at, expires_at, address, user_agent
FROM session WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id)";

constexpr std::string_view kSelectForChange = R"(
SELECT username, username_key, nickname, avatar, status
FROM "user" WHERE id = $1 AND is_deleted = 0)";

constexpr std::string_view kUpdate = R"(
UPDATE "user" SET username = $2, username_key = $3, nickname = $4, avatar = $5, search_key = $6,
                  password = COALESCE($7, password), update_time = $8, initial = $9
WHERE id = $1)";

constexpr std::string_view kUpdateStatus =
    R"(UPDATE "user" SET status = $2, update_time = $3 WHERE id = $1)";

constexpr std::string_view kSelectMute =
    R"(SELECT username, muted_until FROM "user" WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kSetMute =
    R"(UPDATE "user" SET muted_until = $2, update_time = $3 WHERE id = $1)";

constexpr std::string_view kSoftDelete = R"(
UPDATE "user" SET is_deleted = 1, status = 0, username_key = NULL, devicefingeruuid = NULL,
                  search_key = '', update_time = $2
WHERE id = $1)";

constexpr std::string_view kDeleteSessions = "DELETE FROM session WHERE user_id = $1 RETURNING id";
constexpr std::string_view kDeleteSession = "DELETE FROM session WHERE id = $2 AND user_id = $1";

// What may change of a user, as it is now.
struct Current {
  std::string username;
  std::string username_key;
  std::string nickname;
  std::string avatar;
  std::int64_t status = 0;
};

Result<std::optional<Current>> select_current(Connection& c, UserId id) {
  std::optional<Current> found;
  const Param params[] = {id.value};
  CHECK_OK(c.query(kSelectForChange, params, [&](const Row& row) {
    found = Current{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                    std::string(row.text(3)), row.integer(4)};
  }));
  return found;
}

Result<void> end_sessions(Connection& c, UserId user, EndedSessions& ended) {
  const Param params[] = {user.value};
  return c.query(kDeleteSessions, params, [&](const Row& row) { ended.emplace_back(row.text(0)); });
}

Result<void> note_user(Connection& c, const Actor& actor, std::string_view action, UserId id,
                       std::string_view name, std::string before, std::string after) {
  return insert_audit(c, actor,
                      {.action = action,
                       .target_type = "user",
                       .target_id = id.value,
                       .target_name = name,
                       .before = std::move(before),
                       .after = std::move(after)});
}

Result<void> create_user(Connection& c, const NewUser& user, char initial, const Actor& actor,
                         UserId& id) {
  std::optional<model::User> created;
  CHECK_OK(insert_user(c, user, initial, created));
  id = created->id;
  std::string after = audit_json({{"username", user.username},
                                  {"avatar", user.avatar},
                                  {"role", model::to_string(user.role)}});
  return note_user(c, actor, "user.create", id, user.username, "", std::move(after));
}

Result<void> write_change(Connection& c, UserId id, const Current& row,
                          const UserAdminStore::Change& change, const Actor& actor) {
  const std::string username = change.username.value_or(row.username);
  const std::string key = change.username_key.value_or(row.username_key);
  const std::string nickname = change.nickname.value_or(row.nickname);
  const std::string avatar = change.avatar.value_or(row.avatar);
  const std::string search_key = key + ' ' + fold_name(nickname);

  FieldChanges changes;
  changes.add("username", row.username, username);
  changes.add("nickname", row.nickname, nickname);
  changes.add("avatar", row.avatar, avatar);
  const bool only_password = changes.empty();
  if (change.password_hash) changes.add_password();
  if (changes.empty()) return {};

  const char initial = initial_of(nickname.empty() ? username : nickname);
  const Param params[] = {id.value,
                          username,
                          key,
                          nickname,
                          avatar,
                          search_key,
                          param(change.password_hash),
                          param(actor.now),
                          std::string_view(&initial, 1)};
  CHECK_OK(c.execute(kUpdate, params));
  return note_user(c, actor, only_password ? "user.password" : "user.update", id, row.username,
                   changes.before(), changes.after());
}

Result<void> update_user(Connection& c, UserId id, const UserAdminStore::Change& change,
                         const Actor& actor, EndedSessions& ended) {
  TRY(const auto row, select_current(c, id));
  if (!row) return Error{ErrorCode::kNotFound, {}, "no such user"};
  CHECK_OK(write_change(c, id, *row, change, actor));
  if (!change.password_hash) return {};
  return end_sessions(c, id, ended);
}

// A repeated call ends what sessions there still are: harmless, and a retry
// after a lost answer does all its work.
Result<void> set_one_status(Connection& c, UserId id, UserStatus status, const Actor& actor,
                            UserAdminStore::Outcome& outcome) {
  TRY(const auto row, select_current(c, id));
  if (!row) return {};
  outcome.users.push_back(id);
  const bool enabled = status == UserStatus::kNormal;
  if (!enabled) CHECK_OK(end_sessions(c, id, outcome.ended));

  FieldChanges changes;
  const std::int64_t number = static_cast<int>(status);
  changes.add("status", row->status, number);
  if (changes.empty()) return {};
  const Param params[] = {id.value, number, param(actor.now)};
  CHECK_OK(c.execute(kUpdateStatus, params));
  return note_user(c, actor, enabled ? "user.enable" : "user.disable", id, row->username,
                   changes.before(), changes.after());
}

Result<void> remove_one(Connection& c, UserId id, const Actor& actor,
                        UserAdminStore::Outcome& outcome) {
  TRY(const auto row, select_current(c, id));
  if (!row) return {};
  outcome.users.push_back(id);
  const Param params[] = {id.value, param(actor.now)};
  CHECK_OK(c.execute(kSoftDelete, params));
  CHECK_OK(end_sessions(c, id, outcome.ended));
  std::string before = audit_json({{"username", row->username},
                                   {"nickname", row->nickname},
                                   {"avatar", row->avatar},
                                   {"status", row->status}});
  return note_user(c, actor, "user.delete", id, row->username, std::move(before), "");
}

Result<bool> change_mute(Connection& c, UserId id, const std::optional<Time>& until,
                         const Actor& actor) {
  std::optional<std::string> username;
  std::optional<Time> before;
  const Param by_id[] = {id.value};
  CHECK_OK(c.query(kSelectMute, by_id, [&](const Row& row) {
    username = std::string(row.text(0));
    before = row.optional_time(1);
  }));
  if (!username) return false;
  FieldChanges changes;
  changes.add("muted_until", param(before), param(until));
  if (changes.empty()) return true;
  const Param params[] = {id.value, param(until), param(actor.now)};
  CHECK_OK(c.execute(kSetMute, params));
  CHECK_OK(note_user(c, actor, until ? "user.mute" : "user.unmute", id, *username, changes.before(),
                     changes.after()));
  return true;
}

std::vector<UserId> without_repetitions(std::vector<UserId> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<std::optional<UserAdminStore::Detail>> select_detail(Connection& c, UserId user, Time now) {
  std::optional<UserAdminStore::Detail> found;
  const Param by_id[] = {user.value};
  CHECK_OK(c.query(kSelectProfile, by_id, [&](const Row& row) {
    found.emplace().profile = {user_from(row), info_from(row, kUserColumnCount)};
    found->muted_until = row.optional_time(kUserColumnCount + kInfoColumnCount);
  }));
  if (!found) return found;
  const Param live[] = {user.value, param(now)};
  CHECK_OK(c.query(kSelectSessions, live, [&](const Row& row) {
    found->sessions.push_back({.id = std::string(row.text(0)),
                               .user = user,
                               .token_role = model::role_from(row.text(1)),
                               .created_at = row.time(2),
                               .last_seen_at = row.time(3),
                               .expires_at = row.time(4),
                               .address = std::string(row.text(5)),
                               .user_agent = std::string(row.text(6))});
  }));
  return found;
}

class SqlUserAdminStore final : public UserAdminStore {
 public:
  explicit SqlUserAdminStore(Database& db) : db_(db) {}

  Task<Result<Page>> list(UserFilter filter, Order order, int limit, std::int64_t offset,
                          Deadline by) override {
    Page page;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(page, list_users(c, filter, order, limit, offset));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::vector<model::User>>> list_before(UserFilter filter, UserId before, int limit,
                                                     Deadline by) override {
    std::vector<model::User> users;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(users, list_users_before(c, filter, before, limit));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return users;
  }

  Task<Result<std::optional<Detail>>> find_detail(UserId user, Time now, Deadline by) override {
    std::optional<Detail> found;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, select_detail(c, user, now));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<UserId>> create(NewUser user, Actor actor, Deadline by) override {
    UserId id;
    const char initial = initial_of(user.username);
    Database::Job job = [&](Connection& c) { return create_user(c, user, initial, actor, id); };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return id;
  }

  Task<Result<EndedSessions>> update(UserId id, Change change, Actor actor, Deadline by) override {
    EndedSessions ended;
    Database::Job job = [&](Connection& c) { return update_user(c, id, change, actor, ended); };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return ended;
  }

  Task<Result<Outcome>> set_status(std::vector<UserId> ids, UserStatus status, Actor actor,
                                   Deadline by) override {
    Outcome outcome;
    ids = without_repetitions(std::move(ids));
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (const UserId id : ids) CHECK_OK(set_one_status(c, id, status, actor, outcome));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return outcome;
  }

  Task<Result<Outcome>> remove(std::vector<UserId> ids, Actor actor, Deadline by) override {
    Outcome outcome;
    ids = without_repetitions(std::move(ids));
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (const UserId id : ids) CHECK_OK(remove_one(c, id, actor, outcome));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return outcome;
  }

  Task<Result<bool>> mute(UserId user, std::optional<Time> until, Actor actor,
                          Deadline by) override {
    bool found = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, change_mute(c, user, until, actor));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return found;
  }

  Task<Result<bool>> end_session(UserId user, std::string session, Actor actor,
                                 Deadline by) override {
    bool ended = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(const auto row, select_current(c, user));
      if (!row) return {};
      const Param params[] = {user.value, session};
      TRY(const auto deleted, c.execute(kDeleteSession, params));
      ended = deleted != 0;
      if (!ended) return {};
      return note_user(c, actor, "user.sign_out", user, row->username, "", "");
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return ended;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<UserAdminStore> make_user_admin_store(Database& db) {
  return std::make_unique<SqlUserAdminStore>(db);
}

}  // namespace qn::store
