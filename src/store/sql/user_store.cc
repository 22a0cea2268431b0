#include "store/user_store.h"

#include <utility>

#include "base/initials.h"
#include "base/text.h"
#include "store/sql/like_pattern.h"
#include "store/sql/sql_text.h"
#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

constexpr auto kSelectCredentialsByName =
    Sql("SELECT") + kUserColumns +
    R"(, "user".password FROM "user" WHERE username_key = $1 AND is_deleted = 0)";

constexpr auto kSelectCredentialsById =
    Sql("SELECT") + kUserColumns +
    R"(, "user".password FROM "user" WHERE id = $1 AND is_deleted = 0)";

constexpr auto kSelectById =
    Sql("SELECT") + kUserColumns + R"( FROM "user" WHERE id = $1 AND is_deleted = 0)";

constexpr auto kSelectProfile = Sql("SELECT") + kUserColumns + "," + kInfoColumns + R"(
FROM "user" LEFT JOIN user_info ON user_info.user_id = "user".id
WHERE "user".uuid = $1 AND "user".status = 1 AND "user".is_deleted = 0)";

constexpr auto kSelectByDevice = Sql("SELECT") + kUserColumns + R"(
FROM "user" WHERE devicefingeruuid = $1 AND role <> 'user' AND is_deleted = 0
ORDER BY CASE role WHEN 'visitor' THEN 0 ELSE 1 END, id LIMIT 1)";

// The inner query reads nothing but the index user_by_role.
constexpr auto kSelectByPartOfName = Sql("SELECT") + kUserColumns + R"(
FROM "user" WHERE id IN
  (SELECT id FROM "user"
   WHERE status = 1 AND is_deleted = 0 AND role = 'user'
     AND ($1 = '' OR username_key LIKE $1 ESCAPE '\') AND id <> $2
   ORDER BY id LIMIT $3)
ORDER BY id)";

constexpr auto kUpdateLogin = Sql(R"(
UPDATE "user" SET last_login = $3, last_login_ip = $2, update_time = $3
WHERE id = $1 AND is_deleted = 0
RETURNING)") + kUserColumns;

constexpr std::string_view kUpdateDeviceFacts = R"(
UPDATE "user" SET uniplatform = $2, devicemodel = $3, deviceos = $4, devicebrand = $5,
                  update_time = $6
WHERE id = $1 AND is_deleted = 0)";

// The nickname's part of search_key, with the space before it, stays; and so does
// the initial of a nickname.
constexpr auto kUpgradeVisitor = Sql(R"(
UPDATE "user" SET username = $2, username_key = $3, password = $4, role = 'user', update_time = $5,
                  search_key = $3 || substr(search_key, length(username_key) + 1),
                  initial = CASE nickname WHEN '' THEN $6 ELSE initial END
WHERE id = $1 AND role = 'visitor' AND is_deleted = 0
RETURNING)") + kUserColumns;

constexpr std::string_view kUpdatePassword =
    R"(UPDATE "user" SET password = $2, update_time = $3 WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kReplacePassword =
    R"(UPDATE "user" SET password = $3 WHERE id = $1 AND password = $2 AND is_deleted = 0)";
constexpr std::string_view kUpdateNickname = R"(
UPDATE "user" SET nickname = $2, search_key = username_key || ' ' || $4, initial = $5,
                  update_time = $3
WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kUpdateAvatar =
    R"(UPDATE "user" SET avatar = $2, update_time = $3 WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kUpdateInviteConfirm =
    R"(UPDATE "user" SET invite_confirm = $2, update_time = $3 WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kUpdateUserset =
    R"(UPDATE "user" SET userset = $2, update_time = $3 WHERE id = $1 AND is_deleted = 0)";

// Both read nothing but the index user_by_role: 50 ns per account.
constexpr std::string_view kCountByRole = R"(
SELECT (SELECT count(*) FROM "user" WHERE is_deleted = 0 AND role = 'user'),
       (SELECT count(*) FROM "user" WHERE is_deleted = 0 AND role = 'visitor'))";

Error no_such_user() {
  return {ErrorCode::kNotFound, {}, "no such user"};
}

// UUIDs are stored in lower case and are ASCII.
std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<void> select_credentials(Connection& c, std::string_view sql, const Param& key,
                                std::optional<Credentials>& found) {
  return c.query(sql, {&key, 1}, [&](const Row& row) {
    found = Credentials{user_from(row), std::string(row.text(kUserColumnCount))};
  });
}

// For statements that change the row of one user.
Result<void> change_one(Connection& c, std::string_view sql, std::span<const Param> params) {
  TRY(const auto changed, c.execute(sql, params));
  if (changed == 0) return no_such_user();
  return {};
}

class SqlUserStore final : public UserStore {
 public:
  explicit SqlUserStore(Database& db) : db_(db) {}

  Task<Result<model::User>> create(NewUser user, Deadline by) override {
    std::optional<model::User> created;
    const char initial = initial_of(user.username);
    Database::Job job = [&](Connection& c) { return insert_user(c, user, initial, created); };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return std::move(*created);
  }

  Task<Result<std::optional<Credentials>>> find_credentials(std::string username_key,
                                                            Deadline by) override {
    std::optional<Credentials> found;
    Database::Job job = [&](Connection& c) {
      return select_credentials(c, kSelectCredentialsByName, username_key, found);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<Credentials>>> find_credentials(UserId id, Deadline by) override {
    std::optional<Credentials> found;
    Database::Job job = [&](Connection& c) {
      return select_credentials(c, kSelectCredentialsById, id.value, found);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::User>>> find(UserId id, Deadline by) override {
    std::optional<model::User> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value};
      return select_user(c, kSelectById, params, found);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::Profile>>> find_profile(std::string uuid, Deadline by) override {
    std::optional<model::Profile> found;
    const std::string key = lower(std::move(uuid));
    Database::Job job = [&](Connection& c) {
      const Param params[] = {key};
      return c.query(kSelectProfile, params, [&](const Row& row) {
        found = model::Profile{user_from(row), info_from(row, kUserColumnCount)};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::User>>> find_by_device(std::string device_id,
                                                          Deadline by) override {
    std::optional<model::User> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {device_id};
      return select_user(c, kSelectByDevice, params, found);
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<model::User>> touch_login(UserId id, std::string address, Time now,
                                        Deadline by) override {
    std::optional<model::User> after;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value, text_or_null(address), param(now)};
      return select_user(c, kUpdateLogin, params, after);
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    if (!after) co_return no_such_user();
    co_return std::move(*after);
  }

  Task<Result<void>> set_device_facts(UserId id, model::Device device, Time now,
                                      Deadline by) override {
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value,  device.platform, device.model,
                              device.os, device.brand,    param(now)};
      return change_one(c, kUpdateDeviceFacts, params);
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<model::User>> upgrade_visitor(UserId id, std::string username,
                                            std::string username_key, std::string password_hash,
                                            Time now, Deadline by) override {
    std::optional<model::User> after;
    const char initial = initial_of(username);
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value,      username,   username_key,
                              password_hash, param(now), std::string_view(&initial, 1)};
      return select_user(c, kUpgradeVisitor, params, after);
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    if (!after) co_return no_such_user();
    co_return std::move(*after);
  }

  Task<Result<void>> set_password_hash(UserId id, std::string hash, Time now,
                                       Deadline by) override {
    return set_column(kUpdatePassword, id, std::move(hash), now, by);
  }

  Task<Result<bool>> replace_password_hash(UserId id, std::string expected, std::string hash,
                                           Deadline by) override {
    std::int64_t changed = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {id.value, expected, hash};
      TRY(changed, c.execute(kReplacePassword, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return changed != 0;
  }

  Task<Result<void>> set_nickname(UserId id, std::string nickname, Time now, Deadline by) override {
    const std::string key = fold_name(nickname);
    // Without a nickname it is the account name's: left to be filled in.
    const std::string initial = nickname.empty() ? "" : std::string(1, initial_of(nickname));
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value, nickname, param(now), key, initial};
      return change_one(c, kUpdateNickname, params);
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<void>> set_avatar(UserId id, std::string avatar, Time now, Deadline by) override {
    return set_column(kUpdateAvatar, id, std::move(avatar), now, by);
  }

  Task<Result<void>> set_invite_confirm(UserId id, int value, Time now, Deadline by) override {
    return set_column(kUpdateInviteConfirm, id, value, now, by);
  }

  Task<Result<void>> set_userset(UserId id, std::string userset, Time now, Deadline by) override {
    return set_column(kUpdateUserset, id, std::move(userset), now, by);
  }

  Task<Result<std::vector<model::User>>> search(std::string keyword_key, UserId except, int limit,
                                                Deadline by) override {
    std::vector<model::User> found;
    if (!is_searchable(keyword_key)) co_return found;
    const std::string pattern = contains_pattern(keyword_key);
    Database::Job job = [&](Connection& c) {
      const Param params[] = {pattern, except.value, std::int64_t{limit}};
      return c.query(kSelectByPartOfName, params,
                     [&](const Row& row) { found.push_back(user_from(row)); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<Counts>> count(Deadline by) override {
    Counts counts;
    Database::Job job = [&](Connection& c) {
      return c.query(kCountByRole, {}, [&](const Row& row) {
        counts = {.users = row.integer(0), .visitors = row.integer(1)};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return counts;
  }

 private:
  // Statements with the parameters id, the new value, now.
  Task<Result<void>> set_column(std::string_view sql, UserId id, std::string value, Time now,
                                Deadline by) {
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value, value, param(now)};
      return change_one(c, sql, params);
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<void>> set_column(std::string_view sql, UserId id, int value, Time now, Deadline by) {
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value, std::int64_t{value}, param(now)};
      return change_one(c, sql, params);
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Database& db_;
};

}  // namespace

std::unique_ptr<UserStore> make_user_store(Database& db) {
  return std::make_unique<SqlUserStore>(db);
}

}  // namespace qn::store
