#include "store/group_admin_store.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "store/sql/audit_rows.h"
#include "store/sql/group_rows.h"
#include "store/sql/like_pattern.h"
#include "store/sql/log_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

using Page = GroupAdminStore::Page;
using MemberLine = GroupAdminStore::MemberLine;
using MemberPage = GroupAdminStore::MemberPage;
using Touched = GroupAdminStore::Touched;

constexpr Sql kFilter(R"(
FROM "group" JOIN "user" ON "user".id = "group".user_id
WHERE ($1 = '' OR lower("group".name) LIKE lower($1) ESCAPE '\' OR "group".id = $2)
  AND ($3 < 0 OR "group".status = $3)
  AND ($4 = 0 OR "group".user_id = $4)
  AND ($5 = 0 OR "group".id IN (SELECT group_id FROM group_user WHERE group_user.user_id = $5)))");

constexpr Sql kLineColumns = Sql("SELECT") + kGroupColumns + "," + kPersonColumns + R"(,
  (SELECT count(*) FROM group_user WHERE group_id = "group".id AND group_user.status = 1),
  (SELECT count(*) FROM group_user WHERE group_id = "group".id AND group_user.status = 2))";

constexpr auto kCount = Sql("SELECT count(*)") + kFilter;
constexpr auto kSelectLines =
    kLineColumns + kFilter + R"( ORDER BY "group".id DESC LIMIT $6 OFFSET $7)";
constexpr auto kSelectLine = kLineColumns + R"(
FROM "group" JOIN "user" ON "user".id = "group".user_id WHERE "group".id = $1)";

constexpr std::string_view kCountMembers = "SELECT count(*) FROM group_user WHERE group_id = $1";
constexpr Sql kMembers = Sql("SELECT") + kMemberColumns + "," + kPersonColumns + R"(,
       group_user.muted_until
FROM group_user JOIN "user" ON "user".id = group_user.user_id
WHERE group_id = $1 )";
constexpr auto kSelectMembers = kMembers + "ORDER BY group_user.id LIMIT $2 OFFSET $3";
constexpr auto kSelectMember = kMembers + "AND group_user.user_id = $2";

constexpr std::string_view kCountOwned = R"(SELECT count(*) FROM "group" WHERE user_id = $1)";

constexpr auto kSelectGroup = Sql("SELECT") + kGroupColumns + "," + kPersonColumns + R"(
FROM "group" JOIN "user" ON "user".id = "group".user_id WHERE "group".id = $1)";
constexpr std::string_view kSetStatus =
    R"(UPDATE "group" SET status = $2, update_time = $3 WHERE id = $1)";
constexpr std::string_view kSetRemark =
    R"(UPDATE "group" SET remark = $2, update_time = $3 WHERE id = $1)";
constexpr std::string_view kSelectMute =
    "SELECT muted_until FROM group_user WHERE group_id = $1 AND user_id = $2";
constexpr std::string_view kSetMute = R"(
UPDATE group_user SET muted_until = $3, update_time = $4 WHERE group_id = $1 AND user_id = $2)";
// The memberships go with it (ON DELETE CASCADE).
constexpr std::string_view kDeleteGroup = R"(DELETE FROM "group" WHERE id = $1)";

// A filter as the statements take it.
struct Conditions {
  explicit Conditions(const GroupFilter& f)
      : pattern(contains_pattern(f.keyword)),
        status(f.status.value_or(-1)),
        owner(f.owner.value),
        member(f.member.value) {
    const char* const end = f.keyword.data() + f.keyword.size();
    const auto [stop, failed] = std::from_chars(f.keyword.data(), end, typed_id);
    if (failed != std::errc() || stop != end) typed_id = 0;
  }

  std::string pattern;
  std::int64_t typed_id = 0;  // the keyword, when it is a number
  std::int64_t status;
  std::int64_t owner;
  std::int64_t member;
};

GroupLine line_from(const Row& row) {
  constexpr int kCountsAt = kGroupColumnCount + kPersonColumnCount;
  return {group_from(row), person_from(row, kGroupColumnCount), row.integer(kCountsAt),
          row.integer(kCountsAt + 1)};
}

Result<Page> select_page(Connection& c, const GroupFilter& filter, int limit, std::int64_t offset) {
  Page page;
  if (!is_searchable(filter.keyword)) return page;
  const Conditions f(filter);
  const Param params[] = {f.pattern, f.typed_id,          f.status, f.owner,
                          f.member,  std::int64_t{limit}, offset};
  CHECK_OK(c.query(kCount, std::span(params).first(5),
                   [&](const Row& row) { page.total = row.integer(0); }));
  CHECK_OK(c.query(kSelectLines, params,
                   [&](const Row& row) { page.groups.push_back(line_from(row)); }));
  return page;
}

MemberLine member_line_from(const Row& row) {
  return {{member_from(row, 0), person_from(row, kMemberColumnCount)},
          row.optional_time(kMemberColumnCount + kPersonColumnCount)};
}

Result<MemberPage> select_members(Connection& c, GroupId group, int limit, std::int64_t offset) {
  MemberPage page;
  const Param params[] = {group.value, std::int64_t{limit}, offset};
  CHECK_OK(c.query(kCountMembers, std::span(params).first(1),
                   [&](const Row& row) { page.total = row.integer(0); }));
  CHECK_OK(c.query(kSelectMembers, params,
                   [&](const Row& row) { page.members.push_back(member_line_from(row)); }));
  return page;
}

Result<std::optional<Touched>> select_group(Connection& c, GroupId group) {
  std::optional<Touched> found;
  const Param params[] = {group.value};
  CHECK_OK(c.query(kSelectGroup, params, [&](const Row& row) {
    found = Touched{group_from(row), person_from(row, kGroupColumnCount), {}};
  }));
  return found;
}

Result<void> note_group(Connection& c, const Actor& actor, std::string_view action,
                        const model::Group& group, std::string before, std::string after) {
  return insert_audit(c, actor,
                      {.action = action,
                       .target_type = "group",
                       .target_id = group.id.value,
                       .target_name = group.name,
                       .before = std::move(before),
                       .after = std::move(after)});
}

Result<void> set_one_status(Connection& c, GroupId id, int status, const Actor& actor,
                            std::vector<GroupId>& done) {
  TRY(const auto found, select_group(c, id));
  if (!found) return {};
  done.push_back(id);
  FieldChanges changes;
  const std::int64_t number = status;
  changes.add("status", std::int64_t{found->group.status}, number);
  if (changes.empty()) return {};
  const Param params[] = {id.value, number, param(actor.now)};
  CHECK_OK(c.execute(kSetStatus, params));
  return note_group(c, actor, status == 1 ? "group.enable" : "group.disable", found->group,
                    changes.before(), changes.after());
}

Result<bool> change_remark(Connection& c, GroupId id, const std::string& remark, const Actor& actor,
                           const Tell<Touched>& tell) {
  TRY(auto found, select_group(c, id));
  if (!found) return false;
  FieldChanges changes;
  changes.add("remark", found->group.remark, remark);
  if (!changes.empty()) {
    const Param params[] = {id.value, remark, param(actor.now)};
    CHECK_OK(c.execute(kSetRemark, params));
    CHECK_OK(note_group(c, actor, "group.remark", found->group, changes.before(), changes.after()));
  }
  found->group.remark = remark;
  CHECK_OK(append_messages(c, tell(*found)));
  return true;
}

// Whoever is in the group's conversation still gets what is told of its end.
Result<bool> remove_group(Connection& c, GroupId id, const Actor& actor,
                          const Tell<Touched>& tell) {
  TRY(auto found, select_group(c, id));
  if (!found) return false;
  std::int64_t memberships = 0;
  const Param params[] = {id.value};
  CHECK_OK(c.query(kCountMembers, params, [&](const Row& row) { memberships = row.integer(0); }));
  TRY(found->outsiders, select_outsiders(c, id));
  CHECK_OK(c.execute(kDeleteGroup, params));
  CHECK_OK(append_messages(c, tell(*found)));
  CHECK_OK(sync_members(c, id));
  const model::Group& group = found->group;
  std::string before = audit_json({{"name", group.name},
                                   {"user_id", group.owner.value},
                                   {"members", memberships},
                                   {"status", std::int64_t{group.status}}});
  CHECK_OK(note_group(c, actor, "group.dissolve", group, std::move(before), ""));
  return true;
}

// What the audit log says of it.
std::string mute_json(UserId user, const std::optional<Time>& until) {
  return audit_json({{"user_id", user.value}, {"muted_until", param(until)}});
}

Result<bool> change_mute(Connection& c, GroupId id, UserId user, const std::optional<Time>& until,
                         const Actor& actor) {
  bool is_in = false;
  std::optional<Time> before;
  const Param membership[] = {id.value, user.value};
  CHECK_OK(c.query(kSelectMute, membership, [&](const Row& row) {
    is_in = true;
    before = row.optional_time(0);
  }));
  if (!is_in || before == until) return is_in;
  const Param params[] = {id.value, user.value, param(until), param(actor.now)};
  CHECK_OK(c.execute(kSetMute, params));
  TRY(const auto found, select_group(c, id));
  CHECK_OK(note_group(c, actor, until ? "group.mute" : "group.unmute", found->group,
                      mute_json(user, before), mute_json(user, until)));
  return true;
}

class SqlGroupAdminStore final : public GroupAdminStore {
 public:
  explicit SqlGroupAdminStore(Database& db) : db_(db) {}

  Task<Result<Page>> list(GroupFilter filter, int limit, std::int64_t offset,
                          Deadline by) override {
    Page page;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(page, select_page(c, filter, limit, offset));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::optional<GroupLine>>> find(GroupId group, Deadline by) override {
    std::optional<GroupLine> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {group.value};
      return c.query(kSelectLine, params, [&](const Row& row) { found = line_from(row); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<MemberPage>> members(GroupId group, int limit, std::int64_t offset,
                                   Deadline by) override {
    MemberPage page;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(page, select_members(c, group, limit, offset));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::optional<MemberLine>>> find_member(GroupId group, UserId user,
                                                      Deadline by) override {
    std::optional<MemberLine> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {group.value, user.value};
      return c.query(kSelectMember, params, [&](const Row& row) { found = member_line_from(row); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<std::int64_t>> count_owned(UserId owner, Deadline by) override {
    std::int64_t count = 0;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value};
      return c.query(kCountOwned, params, [&](const Row& row) { count = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return count;
  }

  Task<Result<std::vector<GroupId>>> set_status(std::vector<GroupId> groups, int status,
                                                Actor actor, Deadline by) override {
    std::vector<GroupId> done;
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (const GroupId id : groups) CHECK_OK(set_one_status(c, id, status, actor, done));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return done;
  }

  Task<Result<bool>> set_remark(GroupId group, std::string remark, Actor actor, Tell<Touched> tell,
                                Deadline by) override {
    bool found = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, change_remark(c, group, remark, actor, tell));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return found;
  }

  Task<Result<bool>> dissolve(GroupId group, Actor actor, Tell<Touched> tell,
                              Deadline by) override {
    bool found = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, remove_group(c, group, actor, tell));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return found;
  }

  Task<Result<bool>> mute_member(GroupId group, UserId user, std::optional<Time> until, Actor actor,
                                 Deadline by) override {
    bool found = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, change_mute(c, group, user, until, actor));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return found;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<GroupAdminStore> make_group_admin_store(Database& db) {
  return std::make_unique<SqlGroupAdminStore>(db);
}

}  // namespace qn::store
