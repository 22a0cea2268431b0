#include <optional>
#include <utility>

#include "chat/groups.h"
#include "chat/texts.h"
#include "chat/write_notice.h"

// How people come into a group (chat-http-api.md §5.9, §5.11).
namespace qn::chat {
namespace {

using store::GroupPlace;
using Joining = store::GroupStore::Joining;
using NewMember = store::GroupStore::NewMember;
using Addressed = store::Addressed;

// group.invite_confirm; 0: anybody joins, 3 and more: reserved, nobody is told
constexpr int kOwnerApproves = 1;
constexpr int kRegisteredOnly = 2;

Error refusal(Joining outcome, std::string_view not_possible) {
  switch (outcome) {
    case Joining::kAlreadyIn:
      return refused(texts::kAlreadyMember);
    case Joining::kAlreadyWaits:
      return refused(texts::kAlreadyWaits);
    case Joining::kGroupFull:
      return refused(texts::kGroupFull);
    case Joining::kTooManyGroups:
      return refused(texts::kTooManyGroups);
    case Joining::kDone:
    case Joining::kNotPossible:
      break;
  }
  return refused(not_possible);
}

Newcomer newcomer(const GroupPlace& place) {
  return {.group = place.group, .user = place.user};
}

// Nobody, if there is no owner any more.
store::Tell<NewMember> tell_owner(Notice notice, std::optional<GroupPlace> owner,
                                  JoinRequest request, WriteMessage write) {
  return [=](const NewMember&) -> std::vector<Addressed> {
    if (!owner) return {};
    return write_to_user(owner->user.id, approval_asked(notice, *owner, request), write);
  };
}

store::Tell<NewMember> tell_members(model::Message (*describe)(Notice, const Newcomer&),
                                    Notice notice, Newcomer who, WriteMessage write) {
  return [=](const NewMember& member) {
    return write_to_group(member.group, describe(notice, who), write);
  };
}

std::vector<Addressed> tell_nobody(const NewMember&) {
  return {};
}

}  // namespace

Task<Result<std::string_view>> GroupService::invite(Caller caller, Invitation in, Deadline by) {
  CO_TRY(const auto mine, co_await access_.group_to_join(caller, in.group, by));
  CO_TRY(const auto place, co_await check_newcomer(mine, in, by));
  const bool is_invited = in.inviter > 0;
  const bool by_owner = is_invited && mine.is_owner();
  const int policy = place.group.invite_confirm;
  if (policy == kRegisteredOnly && !by_owner && place.user.role == model::Role::kVisitor) {
    co_return refused(texts::kVisitorsLogIn);
  }
  const bool waits = policy == kOwnerApproves && !by_owner;
  // Whom to ask is found before anything changes.
  std::optional<GroupPlace> owner;
  if (waits) {
    CO_TRY(owner, co_await stores_.groups.find_place(in.group, place.group.owner, by));
  }
  Newcomer who = newcomer(place);
  if (is_invited && caller.row_role == model::Role::kUser) who.inviter = mine.name();
  store::Tell<NewMember> tell = &tell_nobody;
  if (waits) {
    JoinRequest request{std::move(who), is_invited, std::move(in.text)};
    tell = tell_owner(notice(), std::move(owner), std::move(request), write_message_);
  } else if (policy <= kRegisteredOnly) {
    tell = tell_members(&member_joined, notice(), std::move(who), write_message_);
  }
  CO_CHECK_OK(co_await add(place, waits, std::move(tell), by));
  co_return waits ? texts::kWaitForOwner : texts::kJoined;
}

Task<Result<GroupPlace>> GroupService::check_newcomer(const GroupPlace& caller,
                                                      const Invitation& in, Deadline by) {
  const UserId me = caller.user.id;
  if (in.inviter <= 0 && in.user != me) co_return refused(texts::kOnlyForYourself);
  if (in.inviter > 0 && !caller.is_member()) co_return refused(texts::kNotMemberToInvite);
  std::optional<GroupPlace> place = caller;
  if (in.user != me) {
    CO_TRY(place, co_await stores_.groups.find_place(in.group, in.user, by));
  }
  if (place && place->member) {
    co_return refused(place->member->status == 2 ? texts::kAlreadyWaits : texts::kAlreadyMember);
  }
  if (!place || !place->user.may_act) co_return refused(texts::kNobodyToJoin);
  if (in.user != me) CO_CHECK_OK(co_await check_friend(me, in.user, by));
  co_return std::move(*place);
}

// The one who is invited must have the inviter among their friends: that is the
// consent to be brought along.
Task<Result<void>> GroupService::check_friend(UserId inviter, UserId user, Deadline by) {
  CO_TRY(const auto flags, co_await stores_.friends.find_standing(user, inviter, by));
  if (!flags || flags->is_black || flags->status != 1) co_return refused(texts::kNotFriendToInvite);
  co_return Result<void>();
}

Task<Result<void>> GroupService::add(const GroupPlace& place, bool waits,
                                     store::Tell<NewMember> tell, Deadline by) {
  const NewMember member{.group = place.group.id,
                         .user = place.user.id,
                         .waits = waits,
                         .caps = options_.caps,
                         .now = clock_.now()};
  CO_TRY(const auto outcome, co_await stores_.groups.join(member, std::move(tell), by));
  if (outcome != Joining::kDone) co_return refusal(outcome, texts::kNoGroupToJoin);
  co_return Result<void>();
}

// The applicant is looked at before anything changes (defect C11).
Task<Result<void>> GroupService::judge(Caller caller, GroupId group, UserId applicant,
                                       Verdict verdict, Deadline by) {
  const UserId owner = caller.user;
  CO_CHECK_OK(co_await access_.group_to_own(std::move(caller), group, texts::kNoGroupToManage, by));
  CO_TRY(auto place, co_await stores_.groups.find_place(group, applicant, by));
  if (!place || !place->member || place->member->status != 2) co_return refused(texts::kNotWaiting);
  if (!place->user.may_act) co_return refused(texts::kApplicantGone);
  if (verdict == Verdict::kAgree) co_return co_await approve(group, owner, std::move(*place), by);
  CO_TRY(const bool done, co_await stores_.groups.refuse(group, owner, applicant, by));
  if (!done) co_return refused(texts::kNotWaiting);
  co_return Result<void>();
}

Task<Result<void>> GroupService::approve(GroupId group, UserId owner, GroupPlace applicant,
                                         Deadline by) {
  const NewMember member{.group = group,
                         .user = applicant.user.id,
                         .waits = false,
                         .caps = options_.caps,
                         .now = clock_.now()};
  auto tell = tell_members(&member_approved, notice(), newcomer(applicant), write_message_);
  CO_TRY(const auto outcome, co_await stores_.groups.approve(member, owner, std::move(tell), by));
  if (outcome != Joining::kDone) co_return refusal(outcome, texts::kNotWaiting);
  co_return Result<void>();
}

}  // namespace qn::chat
