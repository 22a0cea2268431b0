#include "chat/friend_requests.h"

#include <utility>
#include <vector>

#include "chat/texts.h"

namespace qn::chat {
namespace {

using model::ApplyStatus;

// The store's refusals in the words of the contract.
Error in_words(Error error) {
  switch (error.code) {
    case ErrorCode::kConflict:
      return refused(texts::kAppliedBefore);
    case ErrorCode::kNotFound:
      return refused(texts::kApplyGone);
    case ErrorCode::kRefused:
      return refused(texts::kTryLater);
    default:
      return error;
  }
}

// E4. Has an entry of its own in the addressee's list of conversations.
model::Message apply_notice(const model::User& from, const model::User& to, std::string id,
                            Time now) {
  model::Message notice;
  notice.id = std::move(id);
  notice.msgid_key = "redirect-applyFriend-" + std::to_string(from.id.value);
  notice.from = notice.msgid_key;
  notice.from_name = texts::kApplyNoticeName;
  notice.from_avatar = texts::kGroupPicture;
  notice.to_id = to.id.value;
  notice.to_name = to.shown_name();
  notice.to_avatar = to.avatar;
  notice.text = texts::kApplyNoticeHead;
  notice.text.append(from.shown_name()).append(texts::kApplyNoticeTail);
  notice.redirect = {.url = "/pages/applyMyfriend/applyMyfriend"};
  notice.create_time = now;
  return notice;
}

// E5, as `to` gets it.
model::Message friends_notice(const model::User& from, const std::string& from_name,
                              const model::User& to, const std::string& to_name) {
  model::Message notice;
  notice.from = from.id;
  notice.from_name = from_name;
  notice.from_avatar = from.avatar;
  notice.to_id = to.id.value;
  notice.to_name = to_name;
  notice.to_avatar = to.avatar;
  notice.type = "systemNotice";
  notice.text = texts::kNowFriends;
  return notice;
}

std::string remark_or_name(const std::string& remark, const model::User& user) {
  return remark.empty() ? user.shown_name() : remark;
}

}  // namespace

Task<Result<model::User>> FriendRequestService::get_user(UserId user, Deadline by) {
  CO_TRY(auto found, co_await stores_.users.find(user, by));
  if (!found) co_return refused(texts::kUserDisabled);
  co_return std::move(*found);
}

Task<Result<model::User>> FriendRequestService::find_addressee(Caller caller, UserId to,
                                                               Deadline by) {
  if (to == caller.user) co_return refused(texts::kAddSelf);
  CO_TRY(auto found, co_await stores_.users.find(to, by));
  if (!found || !found->may_act()) co_return refused(texts::kNobodyToAdd);
  co_return std::move(*found);
}

Task<Result<void>> FriendRequestService::apply(Caller caller, UserId to, std::string text,
                                               Deadline by) {
  CO_TRY(const auto addressee, co_await find_addressee(caller, to, by));
  CO_TRY(const auto me, co_await get_user(caller.user, by));
  const Time now = clock_.now();
  const auto created = co_await stores_.applies.create(me.id, to, std::move(text), now, by);
  if (!created.has_value()) co_return in_words(created.error());
  std::vector<Event> events;
  events.push_back({"E4", {to}, apply_notice(me, addressee, random_.uuid(), now)});
  co_await events_.publish(std::move(events));
  co_return Result<void>();
}

Task<Result<store::ApplyStore::Page>> FriendRequestService::list(Caller caller, Paging paging,
                                                                 Deadline by) {
  const Paging page = paging.clamped(kMaxPerPage);
  co_return co_await stores_.applies.list(caller.user, page.limit, page.offset(), by);
}

Task<Result<model::Apply>> FriendRequestService::get_from(Caller caller, std::string uuid,
                                                          Deadline by) {
  CO_TRY(const auto applicant, co_await stores_.users.find_profile(std::move(uuid), by));
  if (!applicant) co_return refused(texts::kNoUser);
  CO_TRY(auto found, co_await stores_.applies.find_pending(applicant->user.id, caller.user, by));
  if (!found) co_return refused(texts::kNoApply);
  co_return std::move(*found);
}

Task<Result<void>> FriendRequestService::handle(Caller caller, ApplyId id, Answer answer,
                                                Deadline by) {
  CO_TRY(auto request, co_await stores_.applies.find_pending(id, caller.user, by));
  if (!request) co_return refused(texts::kApplyGone);
  if (answer.status == ApplyStatus::kPending) co_return Result<void>();
  if (answer.status == ApplyStatus::kAgree) {
    co_return co_await agree(caller, std::move(*request), std::move(answer.remark), by);
  }
  CO_TRY(const bool settled,
         co_await stores_.applies.settle(id, caller.user, answer.status, clock_.now(), by));
  if (!settled) co_return refused(texts::kApplyGone);
  co_return Result<void>();
}

Task<Result<void>> FriendRequestService::agree(Caller caller, model::Apply request,
                                               std::string remark, Deadline by) {
  CO_TRY(auto me, co_await get_user(caller.user, by));
  CO_TRY(auto applicant, co_await stores_.users.find(request.applicant, by));
  if (!applicant) co_return refused(texts::kApplyGone);
  store::Remarks remarks{.of_applicant = std::move(remark), .of_addressee = me.nickname};
  const auto made = co_await stores_.applies.agree(request.id, me.id, std::move(remarks),
                                                   options_.max_friends, clock_.now(), by);
  if (!made.has_value()) co_return in_words(made.error());
  if (!made->is_new) co_return Result<void>();
  std::string my_name = remark_or_name(made->remarks.of_addressee, me);
  std::string other_name = remark_or_name(made->remarks.of_applicant, *applicant);
  co_await tell_both(std::move(me), std::move(my_name), std::move(*applicant),
                     std::move(other_name));
  co_return Result<void>();
}

Task<Result<void>> FriendRequestService::add_at_once(Caller caller, UserId to, std::string text,
                                                     Deadline by) {
  CO_TRY(auto addressee, co_await find_addressee(caller, to, by));
  if (addressee.invite_confirm != 0) co_return refused(texts::kNeedsReview);
  CO_TRY(auto me, co_await get_user(caller.user, by));
  store::Remarks remarks{.of_applicant = me.nickname, .of_addressee = {}};
  const auto made = co_await stores_.applies.create_agreed(
      me.id, to, std::move(text), std::move(remarks), options_.max_friends, clock_.now(), by);
  if (!made.has_value()) co_return in_words(made.error());
  if (!made->is_new) co_return Result<void>();
  std::string my_name = remark_or_name(made->remarks.of_applicant, me);
  std::string other_name = remark_or_name(made->remarks.of_addressee, addressee);
  co_await tell_both(std::move(me), std::move(my_name), std::move(addressee),
                     std::move(other_name));
  co_return Result<void>();
}

// One message, which the second of the two sees from the other side.
Task<void> FriendRequestService::tell_both(model::User actor, std::string actor_name,
                                           model::User other, std::string other_name) {
  model::Message to_other = friends_notice(actor, actor_name, other, other_name);
  model::Message to_actor = friends_notice(other, other_name, actor, actor_name);
  to_other.id = to_actor.id = random_.uuid();
  to_other.create_time = to_actor.create_time = clock_.now();
  std::vector<Event> events;
  events.push_back({"E5", {other.id}, std::move(to_other)});
  events.push_back({"E5", {actor.id}, std::move(to_actor)});
  co_await events_.publish(std::move(events));
}

}  // namespace qn::chat
