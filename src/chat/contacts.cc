#include "chat/contacts.h"

#include "chat/texts.h"

namespace qn::chat {

Task<Result<std::vector<model::Contact>>> ContactService::list(Caller caller, Paging paging,
                                                               Deadline by) {
  const Paging page = paging.clamped(kMaxPerPage);
  co_return co_await friends_.list(caller.user, page.limit, page.offset(), by);
}

Task<Result<model::FriendProfile>> ContactService::get_profile(Caller caller, UserId friend_id,
                                                               Deadline by) {
  CO_TRY(auto found, co_await friends_.find_profile(caller.user, friend_id, by));
  if (!found) co_return refused(texts::kNoFriend);
  co_return std::move(*found);
}

Task<Result<model::Friend>> ContactService::get(Caller caller, UserId friend_id, Deadline by) {
  CO_TRY(auto found, co_await friends_.find(caller.user, friend_id, by));
  if (!found || found->settings.is_black) co_return refused(texts::kNotMyFriend);
  co_return std::move(*found);
}

Task<Result<void>> ContactService::toggle_black(Caller caller, UserId friend_id, Deadline by) {
  CO_TRY(const bool found,
         co_await friends_.toggle_black(caller.user, friend_id, clock_.now(), by));
  if (!found) co_return refused(texts::kNoFriend);
  co_return Result<void>();
}

Task<Result<void>> ContactService::toggle_star(Caller caller, UserId friend_id, Deadline by) {
  CO_TRY(const bool found, co_await friends_.toggle_star(caller.user, friend_id, clock_.now(), by));
  if (!found) co_return refused(texts::kNoFriendOrBlack);
  co_return Result<void>();
}

Task<Result<void>> ContactService::set_visibility(Caller caller, UserId friend_id,
                                                  model::FriendSettings settings, Deadline by) {
  CO_TRY(const bool found,
         co_await friends_.set_visibility(caller.user, friend_id, settings, clock_.now(), by));
  if (!found) co_return refused(texts::kNoFriendOrBlack);
  co_return Result<void>();
}

Task<Result<void>> ContactService::remove(Caller caller, UserId friend_id, Deadline by) {
  CO_TRY(const bool found, co_await friends_.remove(caller.user, friend_id, by));
  if (!found) co_return refused(texts::kNoFriendship);
  co_return Result<void>();
}

}  // namespace qn::chat
