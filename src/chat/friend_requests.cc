#include "chat/friend_requests.h"

#include <utility>
#include <vector>

#include "chat/texts.h"
#include "chat/write_notice.h"

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

// Two who may be friends now.
struct Pair {
  model::User applicant;
  model::User addressee;
  bool applicant_acts = false;
};

// One message, which the second of the two sees from the other side; nothing for
// those who were friends before. Who acts hears it last.
std::vector<store::Addressed> tell_both(const Pair& pair, const store::Friendship& made,
                                        const std::string& id, Time now, WriteMessage write) {
  if (!made.is_new) return {};
  const std::string applicant = remark_or_name(made.remarks.of_applicant, pair.applicant);
  const std::string addressee = remark_or_name(made.remarks.of_addressee, pair.addressee);
  auto to_applicant = friends_notice(pair.addressee, addressee, pair.applicant, applicant);
  auto to_addressee = friends_notice(pair.applicant, applicant, pair.addressee, addressee);
  to_applicant.id = to_addressee.id = id;
  to_applicant.create_time = to_addressee.create_time = now;
  using Key = model::ConversationKey;
  std::vector<store::Addressed> both{
      write_notice(Key::notice(pair.applicant.id), to_applicant, write),
      write_notice(Key::notice(pair.addressee.id), to_addressee, write)};
  if (pair.applicant_acts) std::swap(both.front(), both.back());
  return both;
}

store::Tell<store::Friendship> to_tell_both(Pair pair, std::string id, Time now,
                                            WriteMessage write) {
  return [=](const store::Friendship& made) { return tell_both(pair, made, id, now, write); };
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
  model::Message notice = apply_notice(me, addressee, random_.uuid(), now);
  store::Tell<ApplyId> tell = [to, notice = std::move(notice), write = write_message_](ApplyId) {
    return write_to_user(to, notice, write);
  };
  const auto created =
      co_await stores_.applies.create(me.id, to, std::move(text), now, std::move(tell), by);
  if (!created.has_value()) co_return in_words(created.error());
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
  const UserId my_id = me.id;
  const Time now = clock_.now();
  store::Remarks remarks{.of_applicant = std::move(remark), .of_addressee = me.nickname};
  Pair pair{.applicant = std::move(*applicant), .addressee = std::move(me)};
  auto tell = to_tell_both(std::move(pair), random_.uuid(), now, write_message_);
  const auto made = co_await stores_.applies.agree(request.id, my_id, std::move(remarks),
                                                   options_.max_friends, now, std::move(tell), by);
  if (!made.has_value()) co_return in_words(made.error());
  co_return Result<void>();
}

Task<Result<void>> FriendRequestService::add_at_once(Caller caller, UserId to, std::string text,
                                                     Deadline by) {
  CO_TRY(auto addressee, co_await find_addressee(caller, to, by));
  if (addressee.invite_confirm != 0) co_return refused(texts::kNeedsReview);
  CO_TRY(auto me, co_await get_user(caller.user, by));
  const UserId my_id = me.id;
  const Time now = clock_.now();
  store::Remarks remarks{.of_applicant = me.nickname, .of_addressee = {}};
  Pair pair{.applicant = std::move(me), .addressee = std::move(addressee), .applicant_acts = true};
  auto tell = to_tell_both(std::move(pair), random_.uuid(), now, write_message_);
  const auto made =
      co_await stores_.applies.create_agreed(my_id, to, std::move(text), std::move(remarks),
                                             options_.max_friends, now, std::move(tell), by);
  if (!made.has_value()) co_return in_words(made.error());
  co_return Result<void>();
}

}  // namespace qn::chat
