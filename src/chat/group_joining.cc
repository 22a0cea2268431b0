#include <optional>
#include <utility>

#include "chat/groups.h"
#include "chat/texts.h"

// How people come into a group (chat-http-api.md §5.9, §5.11).
namespace qn::chat {
namespace {

using store::GroupPlace;
using Joining = store::GroupStore::Joining;

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
  CO_TRY(auto members, co_await add(place, waits, by));

  Newcomer who = newcomer(place);
  if (is_invited && caller.row_role == model::Role::kUser) who.inviter = mine.name();
  if (waits) {
    const JoinRequest request{std::move(who), is_invited, std::move(in.text)};
    std::vector<UserId> to(1, place.group.owner);
    if (owner) co_await publish(approval_asked(notice(std::move(to)), *owner, request));
    co_return texts::kWaitForOwner;
  }
  const bool is_told = policy <= kRegisteredOnly;
  if (is_told) co_await publish(member_joined(notice(std::move(members)), who));
  co_return texts::kJoined;
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
  CO_TRY(const auto flags, co_await stores_.friends.find_flags(user, inviter, by));
  if (!flags || flags->is_black || flags->status != 1) co_return refused(texts::kNotFriendToInvite);
  co_return Result<void>();
}

Task<Result<std::vector<UserId>>> GroupService::add(const GroupPlace& place, bool waits,
                                                    Deadline by) {
  const store::GroupStore::NewMember member{.group = place.group.id,
                                            .user = place.user.id,
                                            .waits = waits,
                                            .caps = options_.caps,
                                            .now = clock_.now()};
  CO_TRY(auto joined, co_await stores_.groups.join(member, by));
  if (joined.outcome != Joining::kDone) co_return refusal(joined.outcome, texts::kNoGroupToJoin);
  co_return std::move(joined.members);
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
  const store::GroupStore::NewMember member{.group = group,
                                            .user = applicant.user.id,
                                            .waits = false,
                                            .caps = options_.caps,
                                            .now = clock_.now()};
  CO_TRY(auto joined, co_await stores_.groups.approve(member, owner, by));
  if (joined.outcome != Joining::kDone) co_return refusal(joined.outcome, texts::kNotWaiting);
  co_await publish(member_approved(notice(std::move(joined.members)), newcomer(applicant)));
  co_return Result<void>();
}

}  // namespace qn::chat
