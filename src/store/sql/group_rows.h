#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "model/group.h"
#include "model/person.h"
#include "store/database.h"
#include "store/sql/sql_text.h"

namespace qn::store {

// Columns for SELECT, joins and RETURNING; the functions beside them read them
// from column `first` on.
inline constexpr Sql kGroupColumns(R"(
  "group".id, "group".uuid, "group".user_id, "group".name, "group".avatar, "group".remark,
  "group".invite_confirm, "group".status, "group"."order", "group".create_time,
  "group".update_time)");
inline constexpr int kGroupColumnCount = 11;
model::Group group_from(const Row& row, int first = 0);

inline constexpr Sql kMemberColumns(R"(
  group_user.id, group_user.group_id, group_user.user_id, group_user.nickname,
  group_user.avatar, group_user.status, group_user."order", group_user.create_time)");
inline constexpr int kMemberColumnCount = 8;
model::Member member_from(const Row& row, int first);

inline constexpr Sql kPersonColumns(R"(
  "user".id, "user".uuid, "user".username, "user".nickname, "user".avatar, "user".role,
  "user".status, "user".is_deleted)");
inline constexpr int kPersonColumnCount = 8;
model::Person person_from(const Row& row, int first = 0);

// Ids as one parameter, for IN (SELECT CAST(key AS BIGINT) FROM json_each($1)).
// An object, because SQLite and PostgreSQL call its keys the same.
template <class Id>
std::string id_set(const std::vector<Id>& ids) {
  std::string out = "{";
  for (const Id id : ids) {
    if (out.size() > 1) out += ',';
    out += '"' + std::to_string(id.value) + "\":0";
  }
  return out + '}';
}

// Everybody who is a member of the group.
Result<std::vector<UserId>> select_member_ids(Connection& c, GroupId group);
// Those with a membership who are no members: they wait, or are shut out.
Result<std::vector<UserId>> select_outsiders(Connection& c, GroupId group);
// Puts the group's picture together from those of its first members.
Result<void> renew_avatar(Connection& c, GroupId group, Time now);

}  // namespace qn::store
