#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/group_notices.h"
#include "chat/operator.h"
#include "chat/write_message.h"
#include "store/group_admin_store.h"

namespace qn::chat {

// What operators see of the groups and do to them. Members are told of a notice
// and of the end of their group, as when the owner had done it. Any loop; owned
// by app/.
class GroupAdmin {
 public:
  using Page = store::GroupAdminStore::Page;
  using MemberPage = store::GroupAdminStore::MemberPage;

  GroupAdmin(store::GroupAdminStore& groups, WriteMessage write_message, Random& random,
             const Clock& clock, std::chrono::minutes utc_offset);

  Task<Result<Page>> list(store::GroupFilter filter, int limit, std::int64_t offset, Deadline by);
  Task<Result<std::optional<store::GroupLine>>> find(GroupId group, Deadline by);
  Task<Result<MemberPage>> members(GroupId group, int limit, std::int64_t offset, Deadline by);
  using MemberLine = store::GroupAdminStore::MemberLine;
  Task<Result<std::optional<MemberLine>>> find_member(GroupId group, UserId user, Deadline by);
  Task<Result<std::int64_t>> count_owned(UserId owner, Deadline by);

  // False: no such group.
  Task<Result<bool>> set_enabled(Operator op, GroupId group, bool enabled, Deadline by);
  Task<Result<bool>> set_remark(Operator op, GroupId group, std::string remark, Deadline by);
  Task<Result<bool>> dissolve(Operator op, GroupId group, Deadline by);
  // Until then the member's messages to the group are refused; nothing: not any
  // more. False: no such membership.
  Task<Result<bool>> mute_member(Operator op, GroupId group, UserId user, std::optional<Time> until,
                                 Deadline by);

 private:
  Notice notice() { return {random_.uuid(), clock_.now()}; }

  store::GroupAdminStore& groups_;
  const WriteMessage write_message_;
  Random& random_;
  const Clock& clock_;
  const std::chrono::minutes utc_offset_;
};

}  // namespace qn::chat
