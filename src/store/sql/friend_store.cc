#include "store/friend_store.h"

#include <span>
#include <utility>

#include "base/initials.h"
#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

constexpr std::string_view kSelectFlags =
    "SELECT isblack, status FROM goodfriend WHERE user_id = $1 AND friend_id = $2";

constexpr Sql kFriendColumns(R"(
  goodfriend.id, goodfriend.user_id, goodfriend.friend_id, goodfriend.nickname,
  goodfriend.friendlookme, goodfriend.melookfriend, goodfriend.ismystarfriend,
  goodfriend.isblack, goodfriend.status)");

constexpr auto kSelectFriend = Sql("SELECT") + kFriendColumns + R"(
FROM goodfriend JOIN "user" ON "user".id = goodfriend.friend_id AND "user".is_deleted = 0
WHERE goodfriend.user_id = $1 AND goodfriend.friend_id = $2)";

constexpr auto kSelectFriendProfile =
    Sql("SELECT") + kUserColumns + "," + kInfoColumns + "," + kFriendColumns + R"(
FROM goodfriend JOIN "user" ON "user".id = goodfriend.friend_id AND "user".is_deleted = 0
                LEFT JOIN user_info ON user_info.user_id = "user".id
WHERE goodfriend.user_id = $1 AND goodfriend.friend_id = $2)";
constexpr int kInfoColumnCount = 6;

constexpr std::string_view kSelectContacts = R"(
SELECT goodfriend.id, goodfriend.friend_id, goodfriend.nickname, "user".username,
       "user".nickname, "user".avatar, "user".uuid, goodfriend.initial, "user".initial
FROM goodfriend JOIN "user" ON "user".id = goodfriend.friend_id AND "user".is_deleted = 0
WHERE goodfriend.user_id = $1 ORDER BY goodfriend.id LIMIT $2 OFFSET $3)";

constexpr Sql kExists(R"( AND EXISTS (SELECT 1 FROM "user" WHERE id = $2 AND is_deleted = 0))");
constexpr auto kToggleBlack = Sql(R"(
UPDATE goodfriend SET isblack = 1 - isblack, update_time = $3
WHERE user_id = $1 AND friend_id = $2)") +
                              kExists;
constexpr auto kToggleStar = Sql(R"(
UPDATE goodfriend SET ismystarfriend = 1 - ismystarfriend, update_time = $3
WHERE user_id = $1 AND friend_id = $2 AND isblack = 0)") +
                             kExists;
constexpr auto kUpdateVisibility = Sql(R"(
UPDATE goodfriend SET friendlookme = $4, melookfriend = $5, update_time = $3
WHERE user_id = $1 AND friend_id = $2 AND isblack = 0)") +
                                   kExists;

constexpr std::string_view kDeleteFriend =
    "DELETE FROM goodfriend WHERE user_id = $1 AND friend_id = $2";
constexpr std::string_view kDeleteRequests = R"(
DELETE FROM goodfriendapply
WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1))";

model::Friend friend_from(const Row& row, int first) {
  model::Friend found;
  found.id = FriendRowId(row.integer(first));
  found.owner = UserId(row.integer(first + 1));
  found.friend_id = UserId(row.integer(first + 2));
  found.remark = std::string(row.text(first + 3));
  found.settings = {.friend_looks_at_me = row.integer(first + 4) != 0,
                    .i_look_at_friend = row.integer(first + 5) != 0,
                    .is_star = row.integer(first + 6) != 0,
                    .is_black = row.integer(first + 7) != 0};
  found.status = static_cast<int>(row.integer(first + 8));
  return found;
}

model::Contact contact_from(const Row& row) {
  model::Contact contact;
  contact.id = FriendRowId(row.integer(0));
  contact.friend_id = UserId(row.integer(1));
  contact.remark = std::string(row.text(2));
  contact.username = std::string(row.text(3));
  contact.nickname = std::string(row.text(4));
  contact.avatar = std::string(row.text(5));
  contact.uuid = std::string(row.text(6));
  // Rows of older databases have none yet (initials.h).
  const auto initial = row.text(contact.remark.empty() ? 8 : 7);
  contact.initial = initial.empty() ? initial_of(contact.name()) : initial.front();
  return contact;
}

Result<bool> remove_friendship(Connection& c, UserId owner, UserId friend_id) {
  const Param mine[] = {owner.value, friend_id.value};
  const Param other[] = {friend_id.value, owner.value};
  TRY(const auto removed, c.execute(kDeleteFriend, mine));
  if (removed == 0) return false;
  CHECK_OK(c.execute(kDeleteFriend, other));
  CHECK_OK(c.execute(kDeleteRequests, mine));
  return true;
}

class SqlFriendStore final : public FriendStore {
 public:
  explicit SqlFriendStore(Database& db) : db_(db) {}

  Task<Result<std::optional<FriendStanding>>> find_standing(UserId owner, UserId friend_id,
                                                            Deadline by) override {
    std::optional<FriendStanding> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, friend_id.value};
      return c.query(kSelectFlags, params, [&](const Row& row) {
        found = {row.integer(0) != 0, static_cast<int>(row.integer(1))};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::Friend>>> find(UserId owner, UserId friend_id,
                                                  Deadline by) override {
    std::optional<model::Friend> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, friend_id.value};
      return c.query(kSelectFriend, params, [&](const Row& row) { found = friend_from(row, 0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::FriendProfile>>> find_profile(UserId owner, UserId friend_id,
                                                                 Deadline by) override {
    std::optional<model::FriendProfile> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, friend_id.value};
      return c.query(kSelectFriendProfile, params, [&](const Row& row) {
        found = {friend_from(row, kUserColumnCount + kInfoColumnCount),
                 {user_from(row), info_from(row, kUserColumnCount)}};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::vector<model::Contact>>> list(UserId owner, std::int64_t limit,
                                                 std::int64_t offset, Deadline by) override {
    std::vector<model::Contact> contacts;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, limit, offset};
      return c.query(kSelectContacts, params,
                     [&](const Row& row) { contacts.push_back(contact_from(row)); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return contacts;
  }

  Task<Result<bool>> toggle_black(UserId owner, UserId friend_id, Time now, Deadline by) override {
    return toggle(kToggleBlack, owner, friend_id, now, by);
  }

  Task<Result<bool>> toggle_star(UserId owner, UserId friend_id, Time now, Deadline by) override {
    return toggle(kToggleStar, owner, friend_id, now, by);
  }

  Task<Result<bool>> set_visibility(UserId owner, UserId friend_id, model::FriendSettings settings,
                                    Time now, Deadline by) override {
    std::int64_t changed = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {owner.value, friend_id.value, param(now),
                              std::int64_t{settings.friend_looks_at_me},
                              std::int64_t{settings.i_look_at_friend}};
      TRY(changed, c.execute(kUpdateVisibility, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return changed != 0;
  }

  Task<Result<bool>> remove(UserId owner, UserId friend_id, Deadline by) override {
    bool removed = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(removed, remove_friendship(c, owner, friend_id));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return removed;
  }

 private:
  Task<Result<bool>> toggle(std::string_view sql, UserId owner, UserId friend_id, Time now,
                            Deadline by) {
    std::int64_t changed = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {owner.value, friend_id.value, param(now)};
      TRY(changed, c.execute(sql, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return changed != 0;
  }

  Database& db_;
};

}  // namespace

std::unique_ptr<FriendStore> make_friend_store(Database& db) {
  return std::make_unique<SqlFriendStore>(db);
}

}  // namespace qn::store
