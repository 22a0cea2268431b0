#include "chat/group_admin.h"

#include <utility>

#include "chat/write_notice.h"

namespace qn::chat {

using Touched = store::GroupAdminStore::Touched;

GroupAdmin::GroupAdmin(store::GroupAdminStore& groups, WriteMessage write_message, Random& random,
                       const Clock& clock, std::chrono::minutes utc_offset)
    : groups_(groups),
      write_message_(write_message),
      random_(random),
      clock_(clock),
      utc_offset_(utc_offset) {}

Task<Result<GroupAdmin::Page>> GroupAdmin::list(store::GroupFilter filter, int limit,
                                                std::int64_t offset, Deadline by) {
  return groups_.list(std::move(filter), limit, offset, by);
}

Task<Result<std::optional<store::GroupLine>>> GroupAdmin::find(GroupId group, Deadline by) {
  return groups_.find(group, by);
}

Task<Result<GroupAdmin::MemberPage>> GroupAdmin::members(GroupId group, int limit,
                                                         std::int64_t offset, Deadline by) {
  return groups_.members(group, limit, offset, by);
}

Task<Result<std::optional<GroupAdmin::MemberLine>>> GroupAdmin::find_member(GroupId group,
                                                                            UserId user,
                                                                            Deadline by) {
  return groups_.find_member(group, user, by);
}

Task<Result<std::int64_t>> GroupAdmin::count_owned(UserId owner, Deadline by) {
  return groups_.count_owned(owner, by);
}

Task<Result<bool>> GroupAdmin::set_enabled(Operator op, GroupId group, bool enabled, Deadline by) {
  std::vector<GroupId> ids{group};
  auto actor = actor_of(op, clock_.now());
  CO_TRY(const auto found,
         co_await groups_.set_status(std::move(ids), enabled ? 1 : 0, std::move(actor), by));
  co_return !found.empty();
}

Task<Result<bool>> GroupAdmin::set_remark(Operator op, GroupId group, std::string remark,
                                          Deadline by) {
  auto actor = actor_of(op, clock_.now());
  store::Tell<Touched> tell = [notice = notice(), write = write_message_](const Touched& touched) {
    const store::GroupPlace owner{touched.group, touched.owner};
    return write_to_group(touched.group.id, group_remarked(notice, owner), write);
  };
  co_return co_await groups_.set_remark(group, std::move(remark), std::move(actor), std::move(tell),
                                        by);
}

Task<Result<bool>> GroupAdmin::dissolve(Operator op, GroupId group, Deadline by) {
  auto actor = actor_of(op, clock_.now());
  store::Tell<Touched> tell = [notice = notice(), offset = utc_offset_,
                               write = write_message_](const Touched& touched) {
    const store::GroupPlace owner{touched.group, touched.owner};
    const model::Message farewell = group_dissolved(notice, owner, offset);
    return write_farewell(touched.group.id, touched.outsiders, farewell, write);
  };
  co_return co_await groups_.dissolve(group, std::move(actor), std::move(tell), by);
}

Task<Result<bool>> GroupAdmin::mute_member(Operator op, GroupId group, UserId user,
                                           std::optional<Time> until, Deadline by) {
  return groups_.mute_member(group, user, until, actor_of(op, clock_.now()), by);
}

}  // namespace qn::chat
