#include "chat/access.h"

#include <utility>

#include "chat/texts.h"

namespace qn::chat {

using store::GroupPlace;

Task<Result<store::GroupStore::Info>> Access::group_to_read(Caller caller, GroupId group,
                                                            Deadline by) {
  CO_TRY(auto info, co_await groups_.find_info(group, caller.user, by));
  if (!info || info->group.status != 1 || info->members.empty()) {
    co_return refused(texts::kNoGroupToRead);
  }
  co_return std::move(*info);
}

Task<Result<GroupPlace>> Access::group_to_join(Caller caller, GroupId group, Deadline by) {
  return open_group(caller.user, group, texts::kNoGroupToJoin, by);
}

Task<Result<GroupPlace>> Access::group_to_post(Caller caller, GroupId group, Deadline by) {
  CO_TRY(auto place, co_await open_group(caller.user, group, texts::kNoGroupToPost, by));
  if (!place.is_member()) co_return refused(texts::kNotMemberToPost);
  co_return std::move(place);
}

Task<Result<GroupPlace>> Access::group_to_show(Caller caller, GroupId group, Deadline by) {
  CO_TRY(auto place, co_await open_group(caller.user, group, texts::kNoGroupToShow, by));
  if (!place.is_member()) co_return refused(texts::kNoGroupToShow);
  co_return std::move(place);
}

Task<Result<GroupPlace>> Access::group_to_own(Caller caller, GroupId group,
                                              std::string_view refusal, Deadline by) {
  CO_TRY(auto place, co_await open_group(caller.user, group, refusal, by));
  if (!place.is_owner()) co_return refused(refusal);
  co_return std::move(place);
}

Task<Result<GroupPlace>> Access::group_to_leave(Caller caller, GroupId group, Deadline by) {
  CO_TRY(auto place, co_await groups_.find_place(group, caller.user, by));
  if (!place) co_return refused(texts::kNoGroup);
  if (!place->is_owner() && !place->member) co_return refused(texts::kNotMemberToLeave);
  co_return std::move(*place);
}

Task<Result<GroupPlace>> Access::open_group(UserId caller, GroupId group, std::string_view refusal,
                                            Deadline by) {
  CO_TRY(auto place, co_await groups_.find_place(group, caller, by));
  if (!place || place->group.status != 1) co_return refused(refusal);
  co_return std::move(*place);
}

}  // namespace qn::chat
