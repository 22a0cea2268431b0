#include "store/sql/group_rows.h"

namespace qn::store {
namespace {

constexpr std::string_view kSelectMemberIds = R"(
SELECT group_user.user_id FROM group_user JOIN "user" ON "user".id = group_user.user_id
WHERE group_id = $1 AND group_user.status = 1 AND is_deleted = 0
ORDER BY group_user.id)";

constexpr std::string_view kSelectOutsiders =
    "SELECT user_id FROM group_user WHERE group_id = $1 AND status <> 1 ORDER BY id";

// Nine pictures are what a client shows (chat-http-api.md §5.1).
constexpr std::string_view kSelectPictures = R"(
SELECT CASE group_user.avatar WHEN '' THEN "user".avatar ELSE group_user.avatar END
FROM group_user JOIN "user" ON "user".id = group_user.user_id
WHERE group_id = $1 AND group_user.status = 1 AND is_deleted = 0
ORDER BY group_user.id LIMIT 9)";

constexpr std::string_view kUpdateAvatar =
    R"(UPDATE "group" SET avatar = $2, update_time = $3 WHERE id = $1)";

Result<std::vector<UserId>> select_ids(Connection& c, std::string_view sql, GroupId group) {
  std::vector<UserId> ids;
  const Param params[] = {group.value};
  CHECK_OK(c.query(sql, params, [&](const Row& row) { ids.emplace_back(row.integer(0)); }));
  return ids;
}

}  // namespace

model::Group group_from(const Row& row, int first) {
  return {.id = GroupId(row.integer(first)),
          .uuid = std::string(row.text(first + 1)),
          .owner = UserId(row.integer(first + 2)),
          .name = std::string(row.text(first + 3)),
          .avatar = std::string(row.text(first + 4)),
          .remark = std::string(row.text(first + 5)),
          .invite_confirm = static_cast<int>(row.integer(first + 6)),
          .status = static_cast<int>(row.integer(first + 7)),
          .order = static_cast<int>(row.integer(first + 8)),
          .create_time = row.time(first + 9),
          .update_time = row.time(first + 10)};
}

model::Member member_from(const Row& row, int first) {
  return {.id = MemberId(row.integer(first)),
          .group = GroupId(row.integer(first + 1)),
          .user = UserId(row.integer(first + 2)),
          .nickname = std::string(row.text(first + 3)),
          .avatar = std::string(row.text(first + 4)),
          .status = static_cast<int>(row.integer(first + 5)),
          .order = static_cast<int>(row.integer(first + 6)),
          .create_time = row.time(first + 7)};
}

model::Person person_from(const Row& row, int first) {
  return {.id = UserId(row.integer(first)),
          .uuid = std::string(row.text(first + 1)),
          .username = std::string(row.text(first + 2)),
          .nickname = std::string(row.text(first + 3)),
          .avatar = std::string(row.text(first + 4)),
          .role = model::role_from(row.text(first + 5)),
          .may_act = row.integer(first + 6) == 1 && row.integer(first + 7) == 0};
}

Result<std::vector<UserId>> select_member_ids(Connection& c, GroupId group) {
  return select_ids(c, kSelectMemberIds, group);
}

Result<std::vector<UserId>> select_outsiders(Connection& c, GroupId group) {
  return select_ids(c, kSelectOutsiders, group);
}

Result<void> renew_avatar(Connection& c, GroupId group, Time now) {
  std::string joined;
  const Param by_id[] = {group.value};
  CHECK_OK(c.query(kSelectPictures, by_id, [&](const Row& row) {
    if (row.text(0).empty()) return;
    if (!joined.empty()) joined += ',';
    joined += row.text(0);
  }));
  const Param params[] = {group.value, joined, param(now)};
  CHECK_OK(c.execute(kUpdateAvatar, params));
  return {};
}

}  // namespace qn::store
