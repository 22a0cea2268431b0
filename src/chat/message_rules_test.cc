#include "chat/message_rules.h"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "chat/texts.h"

namespace qn::chat {
namespace {

using model::Role;
using store::FriendFlags;

const Time kNow = time_from_millis(1'760'000'000'000);

std::string text_of(const Result<void>& result) {
  return result ? "ok" : result.error().text;
}

model::Person person(std::int64_t id, Role role = Role::kUser) {
  model::Person p;
  p.id = UserId(id);
  p.username = "user" + std::to_string(id);
  p.role = role;
  return p;
}

std::string chatset(int send_count) {
  const std::string role = R"({"sendCount":)" + std::to_string(send_count) + "}";
  return R"({"chatset":{"visitor":)" + role + R"(,"user":)" + role + "}}";
}

store::SingleFacts facts(Role sender, const std::string& userset) {
  store::SingleFacts f;
  f.sender = person(1, sender);
  f.recipient = person(2);
  f.recipient_userset = userset;
  return f;
}

// chat-rules-and-tables.md §3, with what defects C8 and C9 change.
enum class Row { kMissing, kClean, kBlocked, kSuspended };

struct Case {
  Role sender;
  int send_count;
  Row row;
  int sent;
  std::string_view expected;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << model::to_string(c.sender) << " sendCount " << c.send_count << " row "
             << static_cast<int>(c.row) << " sent " << c.sent;
}

std::optional<FriendFlags> flags(Row row) {
  if (row == Row::kMissing) return std::nullopt;
  return FriendFlags{
      .remark = "", .is_blocked = row == Row::kBlocked, .is_normal = row != Row::kSuspended};
}

std::string_view expected(Role sender, int send_count, Row row, int sent) {
  const bool visitor = sender == Role::kVisitor;
  if (sender == Role::kAdmin) return "ok";
  if (row == Row::kClean) return "ok";
  if (row == Row::kBlocked)
    return visitor ? "对方把你拉黑了，不能发消息" : "对方把你拉黑了，不能发送消息";
  if (row == Row::kSuspended)
    return visitor ? "系统把你们拉黑了，不能发消息" : "系统把你们拉黑了，不能发送消息";
  if (send_count == 0)
    return visitor ? "你们不是好友关系，对方设置成：先登录才能发消息"
                   : "对方设置成：需要您先成为他的好友才能发消息";
  if (send_count == 1 && sent > 0) return "在成为好友之前，对方只允许向他发一条消息";
  return "ok";
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const Role sender : {Role::kUser, Role::kVisitor, Role::kAdmin}) {
    for (const int count : {0, 1, 2}) {
      for (const Row row : {Row::kMissing, Row::kClean, Row::kBlocked, Row::kSuspended}) {
        for (const int sent : {0, 1, 5}) {
          all.push_back({sender, count, row, sent, expected(sender, count, row, sent)});
        }
      }
    }
  }
  return all;
}

TEST(MessageRules, WhoMayWriteToSomebody) {
  for (const Case& c : all_cases()) {
    auto f = facts(c.sender, chatset(c.send_count));
    f.theirs = flags(c.row);
    f.sent_as_stranger = c.sent;
    EXPECT_EQ(text_of(check_single(f, kNow)), c.expected) << c;
  }
}

TEST(MessageRules, TheSettingIsThatOfTheSendersRole) {
  const std::string userset = R"({"chatset":{"visitor":{"sendCount":0},"user":{"sendCount":2}}})";
  EXPECT_EQ(text_of(check_single(facts(Role::kUser, userset), kNow)), "ok");
  EXPECT_EQ(text_of(check_single(facts(Role::kVisitor, userset), kNow)),
            texts::kFriendsOnlyVisitor);
}

// Defect S28.
TEST(MessageRules, SettingsThatMakeNoSenseAllowOneMessage) {
  for (const char* userset :
       {"", "{}", "hello", "[]", R"({"chatset":{}})", R"({"chatset":5})", R"({"other":1})",
        R"({"chatset":{"user":{}}})", R"({"chatset":{"user":{"sendCount":"2"}}})",
        R"({"chatset":{"user":{"sendCount":3}}})", R"({"chatset":{"user":{"sendCount":-1}}})",
        R"({"chatset":{"user":1}})"}) {
    auto f = facts(Role::kUser, userset);
    EXPECT_EQ(text_of(check_single(f, kNow)), "ok") << userset;
    f.sent_as_stranger = 1;
    EXPECT_EQ(text_of(check_single(f, kNow)), texts::kOneMessageOnly) << userset;
  }
}

TEST(MessageRules, RecipientMustBeThere) {
  auto f = facts(Role::kUser, chatset(2));
  f.recipient->may_act = false;
  EXPECT_EQ(text_of(check_single(f, kNow)), "对方不存在或者被禁用，不能发消息");
  f.recipient.reset();
  EXPECT_EQ(text_of(check_single(f, kNow)), "对方不存在或者被禁用，不能发消息");
}

TEST(MessageRules, WritingToOneselfIsNotPrevented) {
  auto f = facts(Role::kUser, chatset(0));
  f.recipient = f.sender;
  f.sent_as_stranger = 10;
  EXPECT_EQ(text_of(check_single(f, kNow)), "ok");
  EXPECT_FALSE(is_from_stranger(f));
}

// My list says nothing about what I may write.
TEST(MessageRules, OnlyTheRecipientsRowCounts) {
  auto f = facts(Role::kUser, chatset(0));
  f.theirs = flags(Row::kClean);
  f.mine = flags(Row::kBlocked);
  EXPECT_EQ(text_of(check_single(f, kNow)), "ok");
  EXPECT_FALSE(is_from_stranger(f));
  f.mine = flags(Row::kClean);
  f.theirs.reset();
  EXPECT_EQ(text_of(check_single(f, kNow)), texts::kFriendsOnlyUser);
  EXPECT_TRUE(is_from_stranger(f));
}

TEST(MessageRules, TheMutedAreSilentUntilThen) {
  auto f = facts(Role::kUser, chatset(2));
  f.sender_muted_until = kNow + Millis(1);
  EXPECT_EQ(text_of(check_single(f, kNow)), texts::kMuted);
  f.recipient = f.sender;
  EXPECT_EQ(text_of(check_single(f, kNow)), texts::kMuted);
  EXPECT_EQ(text_of(check_single(f, kNow + Millis(1))), "ok");
}

model::Member member(int status) {
  model::Member m;
  m.status = status;
  return m;
}

store::GroupFacts in_group(int group_status, std::optional<int> member_status) {
  store::GroupFacts f;
  f.place.group.status = group_status;
  f.place.user = person(1);
  if (member_status) f.place.member = member(*member_status);
  return f;
}

TEST(MessageRules, OnlyMembersWriteToAGroup) {
  EXPECT_EQ(text_of(check_group(in_group(1, 1), kNow)), "ok");
  EXPECT_EQ(text_of(check_group(in_group(0, 1), kNow)), "群不存在或者已解散或者被封禁，无法发消息");
  EXPECT_EQ(text_of(check_group(in_group(2, 1), kNow)), texts::kNoGroupToPost);
  EXPECT_EQ(text_of(check_group(in_group(1, 0), kNow)), "您不在群里，无法发消息");
  EXPECT_EQ(text_of(check_group(in_group(1, 2), kNow)), texts::kNotMemberToPost);
  EXPECT_EQ(text_of(check_group(in_group(1, std::nullopt), kNow)), texts::kNotMemberToPost);
}

TEST(MessageRules, TheMutedAreSilentInGroups) {
  auto f = in_group(1, 1);
  f.sender_muted_until = kNow + std::chrono::hours(1);
  EXPECT_EQ(text_of(check_group(f, kNow)), texts::kMuted);
  f.sender_muted_until = kNow;
  f.member_muted_until = kNow + Millis(1);
  EXPECT_EQ(text_of(check_group(f, kNow)), texts::kMutedInGroup);
  f.member_muted_until = kNow;
  EXPECT_EQ(text_of(check_group(f, kNow)), "ok");
}

// Defect S26: whoever could send a systemNotice could speak for the system.
TEST(MessageRules, PeopleSendFiveTypes) {
  for (const char* type : {"text", "iconMenus", "image", "audio", "video"}) {
    EXPECT_TRUE(check_type(type)) << type;
  }
  for (const char* type : {"", "systemNotice", "Text", "text ", "file", "true"}) {
    EXPECT_EQ(text_of(check_type(type)), texts::kBadMessageType) << type;
  }
}

TEST(MessageRules, ClientMessageIdsAreShortAndPlain) {
  EXPECT_TRUE(check_client_msg_id(""));
  EXPECT_TRUE(check_client_msg_id("a-Z_09"));
  EXPECT_TRUE(check_client_msg_id(std::string(64, 'x')));
  for (const auto& id : {std::string(65, 'x'), std::string("a b"), std::string("中"),
                         std::string("a.b"), std::string(1, '\0')}) {
    EXPECT_EQ(text_of(check_client_msg_id(id)), texts::kBadClientMsgId) << id;
  }
}

TEST(MessageRules, RemarkThenNicknameThenAccountName) {
  model::Person p = person(7);
  const FriendFlags with_remark{.remark = "老王"};
  EXPECT_EQ(name_in_message(p, std::nullopt, Role::kUser), "user7");
  EXPECT_EQ(name_in_message(p, FriendFlags(), Role::kUser), "user7");
  p.nickname = "王五";
  EXPECT_EQ(name_in_message(p, FriendFlags(), Role::kUser), "王五");
  const std::optional<FriendFlags> row = with_remark;
  EXPECT_EQ(name_in_message(p, row, Role::kUser), "老王");
  EXPECT_EQ(name_in_message(p, row, Role::kVisitor), "王五");
}

store::RecallFacts own_message() {
  store::RecallFacts f;
  f.conversation = model::ConversationKey::single(UserId(1), UserId(2));
  f.sender = UserId(1);
  f.created_at = kNow;
  f.caller = person(1);
  return f;
}

TEST(MessageRules, OwnMessagesCanBeRecalledForFiveMinutes) {
  auto f = own_message();
  EXPECT_EQ(text_of(check_recall(f, kNow + kRecallWindow)), "ok");
  EXPECT_EQ(text_of(check_recall(f, kNow + kRecallWindow + Millis(1))), "消息超过5分钟，不能撤回");
  f.is_recalled = true;
  EXPECT_EQ(text_of(check_recall(f, kNow + std::chrono::hours(1))), "ok") << "the same answer";
}

// Defect S14.
TEST(MessageRules, NobodyRecallsForOthers) {
  auto f = own_message();
  f.sender = UserId(2);
  EXPECT_EQ(text_of(check_recall(f, kNow)), texts::kNotYoursToRecall);
  f.is_recalled = true;
  EXPECT_EQ(text_of(check_recall(f, kNow)), texts::kNotYoursToRecall);
  f.sender = UserId();
  EXPECT_EQ(text_of(check_recall(f, kNow)), texts::kNotYoursToRecall);
}

TEST(MessageRules, RecallingInAGroupTakesAPlaceInIt) {
  auto f = own_message();
  f.conversation = model::ConversationKey::group(GroupId(3));
  EXPECT_EQ(text_of(check_recall(f, kNow)), "群不存在");
  f.place = store::GroupPlace{};
  EXPECT_EQ(text_of(check_recall(f, kNow)), "你不在该群聊中，操作失败");
  f.place->member = member(0);
  EXPECT_EQ(text_of(check_recall(f, kNow)), "ok");
}

}  // namespace
}  // namespace qn::chat
