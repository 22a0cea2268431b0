#include "chat/group_admin.h"

namespace qn::chat {

GroupAdmin::GroupAdmin(store::GroupAdminStore& groups, Events& events, Random& random,
                       const Clock& clock, std::chrono::minutes utc_offset)
    : groups_(groups), events_(events), random_(random), clock_(clock), utc_offset_(utc_offset) {}

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
  CO_TRY(auto touched, co_await groups_.set_remark(group, std::move(remark), std::move(actor), by));
  if (!touched) co_return false;
  auto notice = notice_for(*touched);
  const store::GroupPlace owner{touched->group, touched->owner};
  co_await publish(group_remarked(std::move(notice), owner));
  co_return true;
}

Task<Result<bool>> GroupAdmin::dissolve(Operator op, GroupId group, Deadline by) {
  auto actor = actor_of(op, clock_.now());
  CO_TRY(auto touched, co_await groups_.dissolve(group, std::move(actor), by));
  if (!touched) co_return false;
  auto notice = notice_for(*touched);
  const store::GroupPlace owner{touched->group, touched->owner};
  co_await publish(group_dissolved(std::move(notice), owner, utc_offset_));
  co_return true;
}

Notice GroupAdmin::notice_for(Touched& touched) {
  return {random_.uuid(), clock_.now(), std::move(touched.to)};
}

Task<void> GroupAdmin::publish(Event event) {
  std::vector<Event> events;
  events.push_back(std::move(event));
  co_await events_.publish(std::move(events));
}

}  // namespace qn::chat
