#include "chat/message_rules.h"

#include <algorithm>
#include <array>

#include "chat/texts.h"
#include "chat/userset.h"

namespace qn::chat {
namespace {

constexpr std::array<std::string_view, 5> kTypes = {"text", "iconMenus", "image", "audio", "video"};
constexpr std::size_t kMaxClientMsgId = 64;

// Visitors are refused in words of their own.
struct Refusals {
  std::string_view blocked;
  std::string_view suspended;
  std::string_view friends_only;
};
constexpr Refusals kToUsers = {texts::kBlockedUser, texts::kSuspendedUser, texts::kFriendsOnlyUser};
constexpr Refusals kToVisitors = {texts::kBlockedVisitor, texts::kSuspendedVisitor,
                                  texts::kFriendsOnlyVisitor};

bool is_muted(const std::optional<Time>& until, Time now) {
  return until && *until > now;
}

bool is_to_oneself(const store::SingleFacts& facts) {
  return facts.recipient && facts.recipient->id == facts.sender.id;
}

bool is_id_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

// What the recipient allows somebody who is not in their list of friends.
Result<void> check_stranger(const store::SingleFacts& facts, const Refusals& refusals) {
  switch (may_strangers_write(facts.recipient_userset, facts.sender.role)) {
    case StrangersMayWrite::kNothing:
      return refused(refusals.friends_only);
    case StrangersMayWrite::kOneMessage:
      if (facts.sent_as_stranger >= 1) return refused(texts::kOneMessageOnly);
      return {};
    case StrangersMayWrite::kAnything:
      return {};
  }
  return {};
}

}  // namespace

Result<void> check_type(std::string_view type) {
  if (std::ranges::find(kTypes, type) == kTypes.end()) return refused(texts::kBadMessageType);
  return {};
}

Result<void> check_client_msg_id(std::string_view id) {
  if (id.size() > kMaxClientMsgId || !std::ranges::all_of(id, is_id_char)) {
    return refused(texts::kBadClientMsgId);
  }
  return {};
}

Result<void> check_single(const store::SingleFacts& facts, Time now) {
  if (!facts.recipient || !facts.recipient->may_act) return refused(texts::kNobodyToWriteTo);
  if (is_muted(facts.sender_muted_until, now)) return refused(texts::kMuted);
  if (facts.sender.role == model::Role::kAdmin || is_to_oneself(facts)) return {};

  const Refusals& refusals = facts.sender.role == model::Role::kVisitor ? kToVisitors : kToUsers;
  if (!facts.theirs) return check_stranger(facts, refusals);
  if (facts.theirs->is_blocked) return refused(refusals.blocked);
  if (!facts.theirs->is_normal) return refused(refusals.suspended);
  return {};
}

bool is_from_stranger(const store::SingleFacts& facts) {
  return !facts.theirs && !is_to_oneself(facts);
}

const std::string& name_in_message(const model::Person& person,
                                   const std::optional<store::FriendFlags>& row,
                                   model::Role sender) {
  const bool has_remark = row && !row->remark.empty() && sender != model::Role::kVisitor;
  return has_remark ? row->remark : person.name();
}

void name_in_group(model::Message& message, const store::GroupPlace& place) {
  message.from_name = place.name();
  message.from_avatar = place.avatar();
  message.to_name = place.group.name;
  message.to_avatar = place.group.avatar;
}

Result<void> check_group(const store::GroupFacts& facts, Time now) {
  if (facts.place.group.status != 1) return refused(texts::kNoGroupToPost);
  if (!facts.place.is_member()) return refused(texts::kNotMemberToPost);
  if (is_muted(facts.sender_muted_until, now)) return refused(texts::kMuted);
  if (is_muted(facts.member_muted_until, now)) return refused(texts::kMutedInGroup);
  return {};
}

Result<void> check_recall(const store::RecallFacts& facts, Time now) {
  if (facts.sender != facts.caller.id) return refused(texts::kNotYoursToRecall);
  if (facts.conversation.kind == model::ConversationKey::Kind::kGroup) {
    if (!facts.place) return refused(texts::kNoGroup);
    if (!facts.place->member) return refused(texts::kNotMemberToLeave);
  }
  if (!facts.is_recalled && now - facts.created_at > kRecallWindow) {
    return refused(texts::kTooLateToRecall);
  }
  return {};
}

}  // namespace qn::chat
