#include "store/group_store.h"

#include <utility>

#include "store/sql/group_rows.h"
#include "store/sql/log_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

using Joining = GroupStore::Joining;
using NewMember = GroupStore::NewMember;
using Outsiders = GroupStore::Outsiders;

constexpr auto kSelectPerson =
    Sql("SELECT") + kPersonColumns + R"( FROM "user" WHERE id = $1 AND is_deleted = 0)";

constexpr auto kSelectFriends = Sql("SELECT") + kPersonColumns + R"(
FROM goodfriend JOIN "user" ON "user".id = goodfriend.friend_id
WHERE goodfriend.user_id = $1 AND goodfriend.status = 1 AND goodfriend.isblack = 0
  AND goodfriend.id IN (SELECT CAST(key AS BIGINT) FROM json_each($2))
ORDER BY "user".id)";

constexpr std::string_view kCountOfUser =
    "SELECT count(*) FROM group_user WHERE user_id = $1 AND status = $2";
constexpr std::string_view kCountOfGroup =
    "SELECT count(*) FROM group_user WHERE group_id = $1 AND status = $2";

constexpr auto kInsertGroup = Sql(R"(
INSERT INTO "group" (uuid, user_id, name, avatar, create_time, update_time)
VALUES ($1, $2, $3, $4, $5, $5)
RETURNING)") + kGroupColumns;

// The owner first: members are listed in the order they came.
constexpr std::string_view kInsertMembers = R"(
INSERT INTO group_user (group_id, user_id, create_time, update_time)
SELECT $1, id, $4, $4 FROM "user"
WHERE id = $2 OR id IN (SELECT CAST(key AS BIGINT) FROM json_each($3))
ORDER BY CASE id WHEN $2 THEN 0 ELSE 1 END, id)";

constexpr auto kSelectPlace =
    Sql("SELECT") + kGroupColumns + "," + kPersonColumns + "," + kMemberColumns + R"(
FROM "group" JOIN "user" ON "user".id = $2
LEFT JOIN group_user ON group_user.group_id = "group".id AND group_user.user_id = $2
WHERE "group".id = $1)";

constexpr auto kSelectOfUser = Sql("SELECT") + kGroupColumns + "," + kMemberColumns + R"(
FROM group_user JOIN "group" ON "group".id = group_user.group_id
WHERE group_user.user_id = $1 AND group_user.status = 1 AND "group".status = 1
ORDER BY "group".id DESC LIMIT $2 OFFSET $3)";

constexpr auto kSelectForViewer = Sql("SELECT") + kGroupColumns + R"(,
  (SELECT count(*) FROM group_user
   WHERE group_id = $1 AND group_user.user_id = $2 AND group_user.status = 1),
  (SELECT count(*) FROM group_user WHERE group_id = $1 AND group_user.status = 1)
FROM "group" WHERE id = $1)";

constexpr auto kSelectMembers = Sql("SELECT") + kMemberColumns + "," + kPersonColumns + R"(
FROM group_user JOIN "user" ON "user".id = group_user.user_id
WHERE group_id = $1 AND group_user.status = 1 AND is_deleted = 0
ORDER BY group_user.id)";

constexpr auto kRename = Sql(R"(
UPDATE "group" SET name = $3, update_time = $4 WHERE id = $1 AND user_id = $2 AND status = 1
RETURNING)") + kGroupColumns;
constexpr auto kSetRemark = Sql(R"(
UPDATE "group" SET remark = $3, update_time = $4 WHERE id = $1 AND user_id = $2 AND status = 1
RETURNING)") + kGroupColumns;
constexpr std::string_view kSetPolicy = R"(
UPDATE "group" SET invite_confirm = $3, update_time = $4
WHERE id = $1 AND user_id = $2 AND status = 1)";
constexpr std::string_view kSetNickname = R"(
UPDATE group_user SET nickname = $3, update_time = $4
WHERE group_id = $1 AND user_id = $2 AND status = 1)";

// The unique key decides between calls at once.
constexpr std::string_view kInsertMember = R"(
INSERT INTO group_user (group_id, user_id, status, create_time, update_time)
SELECT id, $2, $3, $4, $4 FROM "group" WHERE id = $1 AND status = 1
ON CONFLICT (group_id, user_id) DO NOTHING)";
constexpr std::string_view kSelectStatus =
    "SELECT status FROM group_user WHERE group_id = $1 AND user_id = $2";
constexpr std::string_view kApprove = R"(
UPDATE group_user SET status = 1, update_time = $4
WHERE group_id = $1 AND user_id = $3 AND status = 2
  AND EXISTS (SELECT 1 FROM "group" WHERE id = $1 AND user_id = $2 AND status = 1))";
constexpr std::string_view kRefuse = R"(
DELETE FROM group_user
WHERE group_id = $1 AND user_id = $3 AND status = 2
  AND EXISTS (SELECT 1 FROM "group" WHERE id = $1 AND user_id = $2 AND status = 1))";

constexpr std::string_view kLockOwned = R"(
UPDATE "group" SET update_time = $3 WHERE id = $1 AND user_id = $2 AND status = 1)";
constexpr auto kDeleteMember =
    Sql("DELETE FROM group_user WHERE group_id = $1 AND user_id = $2 RETURNING") + kMemberColumns;
// The memberships go with it (ON DELETE CASCADE).
constexpr std::string_view kDeleteGroup = R"(DELETE FROM "group" WHERE id = $1 AND user_id = $2)";

constexpr std::int64_t kMember = 1;
constexpr std::int64_t kWaits = 2;

Result<std::int64_t> count(Connection& c, std::string_view sql, std::int64_t id,
                           std::int64_t status) {
  std::int64_t number = 0;
  const Param params[] = {id, status};
  CHECK_OK(c.query(sql, params, [&](const Row& row) { number = row.integer(0); }));
  return number;
}

Result<bool> change(Connection& c, std::string_view sql, std::span<const Param> params) {
  TRY(const auto changed, c.execute(sql, params));
  return changed != 0;
}

Result<std::optional<model::Group>> insert_group(Connection& c, const NewGroup& group,
                                                 const Tell<model::Group>& tell) {
  std::optional<model::Group> created;
  TRY(const auto present, count(c, kCountOfUser, group.owner.value, kMember));
  if (present >= group.groups_per_user) return created;
  const Param params[] = {group.uuid, group.owner.value, group.name, group.avatar,
                          param(group.now)};
  CHECK_OK(c.query(kInsertGroup, params, [&](const Row& row) { created = group_from(row); }));
  const std::string ids = id_set(group.members);
  const Param members[] = {created->id.value, group.owner.value, ids, param(group.now)};
  CHECK_OK(c.execute(kInsertMembers, members));
  // Makes the conversation, with everybody who is in the group.
  CHECK_OK(append_messages(c, tell(*created)));
  return created;
}

Result<std::optional<GroupStore::Info>> select_info(Connection& c, GroupId group, UserId viewer) {
  std::optional<GroupStore::Info> info;
  const Param params[] = {group.value, viewer.value};
  CHECK_OK(c.query(kSelectForViewer, params, [&](const Row& row) {
    info.emplace();
    info->group = group_from(row);
    info->is_member = row.integer(kGroupColumnCount) != 0;
    info->members.reserve(static_cast<std::size_t>(row.integer(kGroupColumnCount + 1)));
  }));
  if (!info) return info;
  if (!info->is_member) {
    TRY(const auto ids, select_member_ids(c, group));
    for (const UserId id : ids) info->members.emplace_back().member.user = id;
    return info;
  }
  const Param by_id[] = {group.value};
  CHECK_OK(c.query(kSelectMembers, by_id, [&](const Row& row) {
    info->members.push_back({member_from(row, 0), person_from(row, kMemberColumnCount)});
  }));
  return info;
}

// A statement with the parameters group, owner, the new value, now.
Result<bool> change_text(Connection& c, std::string_view sql, std::span<const Param> params,
                         const Tell<model::Group>& tell) {
  std::optional<model::Group> changed;
  CHECK_OK(c.query(sql, params, [&](const Row& row) { changed = group_from(row); }));
  if (!changed) return false;
  CHECK_OK(append_messages(c, tell(*changed)));
  return true;
}

// Whether there is room for one more with this status.
Result<Joining> check_caps(Connection& c, const NewMember& m) {
  const std::int64_t status = m.waits ? kWaits : kMember;
  TRY(const auto in_group, count(c, kCountOfGroup, m.group.value, status));
  if (in_group >= m.caps.members) return Joining::kGroupFull;
  TRY(const auto of_user, count(c, kCountOfUser, m.user.value, status));
  if (of_user >= m.caps.groups_per_user) return Joining::kTooManyGroups;
  return Joining::kDone;
}

Result<std::optional<std::int64_t>> select_status(Connection& c, GroupId group, UserId user) {
  std::optional<std::int64_t> status;
  const Param params[] = {group.value, user.value};
  CHECK_OK(c.query(kSelectStatus, params, [&](const Row& row) { status = row.integer(0); }));
  return status;
}

// Who is a member now gets what is told of it.
Result<Joining> welcome(Connection& c, const NewMember& m, const Tell<NewMember>& tell) {
  if (!m.waits) {
    CHECK_OK(sync_member(c, m.group, m.user));
    CHECK_OK(renew_avatar(c, m.group, m.now));
  }
  CHECK_OK(append_messages(c, tell(m)));
  return Joining::kDone;
}

// Being in already is the answer even when the group is full.
Result<Joining> join_group(Connection& c, const NewMember& m, const Tell<NewMember>& tell) {
  TRY(const auto status, select_status(c, m.group, m.user));
  if (status) return *status == kWaits ? Joining::kAlreadyWaits : Joining::kAlreadyIn;
  TRY(const auto room, check_caps(c, m));
  if (room != Joining::kDone) return room;
  const Param params[] = {m.group.value, m.user.value, m.waits ? kWaits : kMember, param(m.now)};
  TRY(const bool inserted, change(c, kInsertMember, params));
  if (!inserted) return Joining::kNotPossible;
  return welcome(c, m, tell);
}

Result<Joining> approve_member(Connection& c, const NewMember& m, UserId owner,
                               const Tell<NewMember>& tell) {
  TRY(const auto room, check_caps(c, m));
  if (room != Joining::kDone) return room;
  const Param params[] = {m.group.value, owner.value, m.user.value, param(m.now)};
  TRY(const bool approved, change(c, kApprove, params));
  if (!approved) return Joining::kNotPossible;
  return welcome(c, m, tell);
}

// The membership as it was.
Result<std::optional<model::Member>> delete_member(Connection& c, GroupId group, UserId user,
                                                   Time now) {
  std::optional<model::Member> was;
  const Param params[] = {group.value, user.value};
  CHECK_OK(c.query(kDeleteMember, params, [&](const Row& row) { was = member_from(row, 0); }));
  if (!was) return was;
  CHECK_OK(sync_member(c, group, user));
  CHECK_OK(renew_avatar(c, group, now));
  return was;
}

Result<bool> quit_group(Connection& c, GroupId group, UserId user, Time now,
                        const Tell<model::Member>& tell) {
  TRY(const auto was, delete_member(c, group, user, now));
  if (!was) return false;
  CHECK_OK(append_messages(c, tell(*was)));
  return true;
}

// Whoever is in the group's conversation still gets what is told of its end.
Result<bool> delete_group(Connection& c, GroupId group, UserId owner, const Tell<Outsiders>& tell) {
  TRY(const auto outsiders, select_outsiders(c, group));
  const Param params[] = {group.value, owner.value};
  TRY(const bool deleted, change(c, kDeleteGroup, params));
  if (!deleted) return false;
  CHECK_OK(append_messages(c, tell(outsiders)));
  CHECK_OK(sync_members(c, group));
  return true;
}

class SqlGroupStore final : public GroupStore {
 public:
  explicit SqlGroupStore(Database& db) : db_(db) {}

  Task<Result<std::optional<Founders>>> find_founders(UserId owner, std::vector<FriendRowId> rows,
                                                      Deadline by) override {
    std::optional<Founders> found;
    const std::string ids = id_set(rows);
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param by_id[] = {owner.value};
      CHECK_OK(c.query(kSelectPerson, by_id,
                       [&](const Row& row) { found.emplace().owner = person_from(row); }));
      if (!found) return {};
      const Param params[] = {owner.value, ids};
      return c.query(kSelectFriends, params,
                     [&](const Row& row) { found->friends.push_back(person_from(row)); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::optional<model::Group>>> create(NewGroup group, Tell<model::Group> tell,
                                                   Deadline by) override {
    return write<std::optional<model::Group>>(
        [group = std::move(group), tell = std::move(tell)](Connection& c) {
          return insert_group(c, group, tell);
        },
        by);
  }

  Task<Result<std::optional<GroupPlace>>> find_place(GroupId group, UserId user,
                                                     Deadline by) override {
    std::optional<GroupPlace> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {group.value, user.value};
      return c.query(kSelectPlace, params, [&](const Row& row) {
        constexpr int kMemberAt = kGroupColumnCount + kPersonColumnCount;
        found.emplace();
        found->group = group_from(row);
        found->user = person_from(row, kGroupColumnCount);
        if (!row.is_null(kMemberAt)) found->member = member_from(row, kMemberAt);
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::vector<Listed>>> list(UserId user, int limit, std::int64_t offset,
                                         Deadline by) override {
    std::vector<Listed> groups;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {user.value, std::int64_t{limit}, offset};
      return c.query(kSelectOfUser, params, [&](const Row& row) {
        groups.push_back({group_from(row), member_from(row, kGroupColumnCount)});
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return groups;
  }

  Task<Result<std::optional<Info>>> find_info(GroupId group, UserId viewer, Deadline by) override {
    std::optional<Info> info;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(info, select_info(c, group, viewer));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return info;
  }

  Task<Result<bool>> rename(GroupId group, UserId owner, std::string name, Time now,
                            Tell<model::Group> tell, Deadline by) override {
    return write<bool>(
        [=](Connection& c) {
          const Param params[] = {group.value, owner.value, name, param(now)};
          return change_text(c, kRename, params, tell);
        },
        by);
  }

  Task<Result<bool>> set_remark(GroupId group, UserId owner, std::string remark, Time now,
                                Tell<model::Group> tell, Deadline by) override {
    return write<bool>(
        [=](Connection& c) {
          const Param params[] = {group.value, owner.value, remark, param(now)};
          return change_text(c, kSetRemark, params, tell);
        },
        by);
  }

  Task<Result<bool>> set_policy(GroupId group, UserId owner, int invite_confirm, Time now,
                                Deadline by) override {
    return write<bool>(
        [=](Connection& c) {
          const Param params[] = {group.value, owner.value, std::int64_t{invite_confirm},
                                  param(now)};
          return change(c, kSetPolicy, params);
        },
        by);
  }

  Task<Result<bool>> set_nickname(GroupId group, UserId member, std::string nickname, Time now,
                                  Deadline by) override {
    return write<bool>(
        [=](Connection& c) {
          const Param params[] = {group.value, member.value, nickname, param(now)};
          return change(c, kSetNickname, params);
        },
        by);
  }

  Task<Result<Joining>> join(NewMember member, Tell<NewMember> tell, Deadline by) override {
    return write<Joining>([=](Connection& c) { return join_group(c, member, tell); }, by);
  }

  Task<Result<Joining>> approve(NewMember member, UserId owner, Tell<NewMember> tell,
                                Deadline by) override {
    return write<Joining>([=](Connection& c) { return approve_member(c, member, owner, tell); },
                          by);
  }

  Task<Result<bool>> refuse(GroupId group, UserId owner, UserId user, Deadline by) override {
    return write<bool>(
        [=](Connection& c) {
          const Param params[] = {group.value, owner.value, user.value};
          return change(c, kRefuse, params);
        },
        by);
  }

  Task<Result<bool>> quit(GroupId group, UserId user, Time now, Tell<model::Member> tell,
                          Deadline by) override {
    return write<bool>([=](Connection& c) { return quit_group(c, group, user, now, tell); }, by);
  }

  Task<Result<bool>> remove_member(GroupId group, UserId owner, UserId user, Time now,
                                   Deadline by) override {
    return write<bool>(
        [=](Connection& c) -> Result<bool> {
          const Param params[] = {group.value, owner.value, param(now)};
          TRY(const bool owned, change(c, kLockOwned, params));
          if (owned) CHECK_OK(delete_member(c, group, user, now));
          return owned;
        },
        by);
  }

  Task<Result<bool>> dissolve(GroupId group, UserId owner, Tell<Outsiders> tell,
                              Deadline by) override {
    return write<bool>([=](Connection& c) { return delete_group(c, group, owner, tell); }, by);
  }

 private:
  // Runs a job that has a result; `work` and what it holds live in this frame.
  template <class T, class F>
  Task<Result<T>> write(F work, Deadline by) {
    std::optional<T> value;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(value, work(c));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return std::move(*value);
  }

  Database& db_;
};

}  // namespace

std::unique_ptr<GroupStore> make_group_store(Database& db) {
  return std::make_unique<SqlGroupStore>(db);
}

}  // namespace qn::store
