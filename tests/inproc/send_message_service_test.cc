#include <gmock/gmock.h>

#include <set>

#include "support/await.h"
#include "support/message_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace json = boost::json;
namespace texts = chat::texts;

std::vector<std::string> keys(const json::object& object) {
  std::vector<std::string> all;
  for (const auto& member : object) all.emplace_back(member.key());
  return all;
}

class SendMessageTest : public ::testing::Test {
 protected:
  void name(const chat::Caller& owner, const chat::Caller& other, const std::string& remark) {
    world_.execute("UPDATE goodfriend SET nickname = '" + remark +
                   "' WHERE user_id = " + std::to_string(owner.user.value) +
                   " AND friend_id = " + std::to_string(other.user.value));
  }
  void mute(const std::string& table, const std::string& where, Time until) {
    world_.execute("UPDATE " + table + " SET muted_until = " + std::to_string(to_millis(until)) +
                   " WHERE " + where);
  }

  MessageWorld world_;
  const chat::Caller alice_ = world_.add("alice_01", "爱丽丝");
  const chat::Caller bob_ = world_.add("bob_0001", "鲍勃");
  chat::Caller carol_ = world_.add("carol_01");
};

TEST_F(SendMessageTest, TheAnswerIsWhatTheRecipientGets) {
  world_.befriend(alice_, bob_);
  auto outgoing = MessageWorld::to(bob_, R"({"data":"你好","dataType":false,"otherData":null})");
  outgoing.options = "%7B%22x%22%3A1%7D";
  const auto answer = world_.sent(alice_, outgoing);
  EXPECT_THAT(keys(answer), ElementsAre("id", "from_avatar", "from_name", "from_id", "to_id",
                                        "to_name", "to_avatar", "chatType", "type", "data",
                                        "options", "create_time", "isremove", "sendUUid"));
  EXPECT_EQ(answer.at("from_id"), alice_.user.value);
  EXPECT_EQ(answer.at("to_id"), bob_.user.value);
  EXPECT_EQ(answer.at("data").as_string(), outgoing.data);
  EXPECT_EQ(answer.at("options"), (json::object{{"x", 1}}));
  EXPECT_EQ(answer.at("create_time"), to_millis(world_.people.clock.now()));
  const auto told = world_.only_told();
  EXPECT_EQ(told.object, answer);
  EXPECT_EQ(told.kind, "single");
  EXPECT_THAT(told.to, ElementsAre(bob_.user)) << "the sender has the answer";
}

TEST_F(SendMessageTest, RemarksComeBeforeNicknames) {
  world_.befriend(alice_, bob_);
  auto plain = world_.sent(alice_, MessageWorld::to(bob_));
  EXPECT_EQ(plain.at("from_name"), "爱丽丝");
  EXPECT_EQ(plain.at("to_name"), "鲍勃");
  name(alice_, bob_, "老鲍");
  name(bob_, alice_, "小爱");
  auto named = world_.sent(alice_, MessageWorld::to(bob_));
  EXPECT_EQ(named.at("from_name"), "小爱");
  EXPECT_EQ(named.at("to_name"), "老鲍");
}

TEST_F(SendMessageTest, VisitorsHaveNoRemarks) {
  world_.befriend(bob_, carol_);
  name(bob_, carol_, "客人");
  name(carol_, bob_, "店主");
  world_.make_visitor(carol_);
  const auto answer = world_.sent(carol_, MessageWorld::to(bob_));
  EXPECT_EQ(answer.at("from_name"), "carol_01");
  EXPECT_EQ(answer.at("to_name"), "鲍勃");
}

// Defect C8: also to somebody who is offline.
TEST_F(SendMessageTest, StrangersSendOneMessage) {
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(bob_)), "ok");
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(bob_)), texts::kOneMessageOnly);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(alice_)), "ok") << "counted for each side";
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(carol_)), "ok");
  world_.befriend(alice_, bob_);
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(bob_)), "ok");
}

TEST_F(SendMessageTest, OfTwoStrangersMessagesAtOnceOnePasses) {
  std::vector<std::future<Result<std::string>>> attempts;
  for (int i = 0; i < 8; ++i) {
    attempts.push_back(
        start_on(world_.people.loops.executor(0),
                 world_.sender.send(alice_, MessageWorld::to(bob_), MessageWorld::soon())));
  }
  int passed = 0;
  for (auto& attempt : attempts) passed += attempt.get().has_value() ? 1 : 0;
  EXPECT_EQ(passed, 1);
}

TEST_F(SendMessageTest, RefusalsLeaveNothingBehind) {
  EXPECT_EQ(world_.said(alice_, {.to = 99'999, .type = "text", .data = "x"}),
            texts::kNobodyToWriteTo);
  world_.set_userset(bob_, R"({"chatset":{"user":{"sendCount":0}}})");
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(bob_)), texts::kFriendsOnlyUser);
  auto forged = MessageWorld::to(bob_);
  forged.type = "systemNotice";
  EXPECT_EQ(world_.said(alice_, forged), texts::kBadMessageType);
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(bob_, std::string(40'000, 'x'))),
            texts::kMessageTooLong);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(SendMessageTest, MessagesToOneselfArrive) {
  const auto first = world_.sent(alice_, MessageWorld::to(alice_));
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(alice_)), "ok");
  const auto told = world_.log.take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[0].to, ElementsAre(alice_.user));
  EXPECT_EQ(told[0].object, first);
}

TEST_F(SendMessageTest, RetryWithSameClientIdReturnsTheSameMessage) {
  auto outgoing = MessageWorld::to(bob_);
  outgoing.client_msg_id = "retry-1";
  const auto first = world_.sent(alice_, outgoing);
  world_.people.clock.advance(Millis(5'000));
  EXPECT_EQ(world_.sent(alice_, outgoing), first) << "although strangers send one message only";
  EXPECT_EQ(world_.log.take().size(), 1u);
  outgoing.to = carol_.user.value;
  EXPECT_EQ(world_.said(alice_, outgoing), texts::kClientMsgIdTaken);
  outgoing.client_msg_id = "no spaces";
  EXPECT_EQ(world_.said(alice_, outgoing), texts::kBadClientMsgId);
}

TEST_F(SendMessageTest, GroupMessagesGoToTheOtherMembers) {
  const auto group = world_.create(alice_, {bob_, carol_});
  ASSERT_EQ(
      world_.text_of(world_.groups.set_nickname(bob_, group, "群里的鲍勃", MessageWorld::soon())),
      "ok");
  const auto answer = world_.sent(bob_, MessageWorld::to(group, "八点集合"));
  EXPECT_THAT(keys(answer), ElementsAre("id", "from_avatar", "from_name", "from_id", "to_id",
                                        "to_name", "to_avatar", "chatType", "type", "data",
                                        "options", "create_time", "isremove", "group", "sendUUid"));
  EXPECT_EQ(answer.at("from_name"), "群里的鲍勃");
  EXPECT_EQ(answer.at("to_id"), group.value);
  EXPECT_TRUE(answer.at("options").is_null());
  EXPECT_THAT(keys(answer.at("group").as_object()),
              ElementsAre("id", "uuid", "user_id", "name", "avatar", "remark", "invite_confirm",
                          "status"));  // defect X1
  const auto told = world_.only_told();
  EXPECT_EQ(told.object, answer);
  EXPECT_THAT(told.to, ElementsAre(alice_.user, carol_.user));
}

TEST_F(SendMessageTest, OutsidersDoNotWriteToGroups) {
  const auto group = world_.create(alice_, {bob_});
  EXPECT_EQ(world_.said(carol_, MessageWorld::to(group)), texts::kNotMemberToPost);
  EXPECT_EQ(world_.said(carol_, MessageWorld::to(GroupId(99'999))), texts::kNoGroupToPost);
  world_.set_member_status(group, bob_, 0);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(group)), texts::kNotMemberToPost);
  world_.execute("UPDATE \"group\" SET status = 2");
  EXPECT_EQ(world_.said(alice_, MessageWorld::to(group)), texts::kNoGroupToPost);
}

TEST_F(SendMessageTest, TheMutedAreSilentUntilThen) {
  const auto group = world_.create(alice_, {bob_});
  const Time until = world_.people.clock.now() + std::chrono::minutes(10);
  const std::string bob = std::to_string(bob_.user.value);
  mute("group_user", "user_id = " + bob, until);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(group)), texts::kMutedInGroup);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(alice_)), "ok");
  mute("\"user\"", "id = " + bob, until);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(group)), texts::kMuted);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(alice_)), texts::kMuted);
  world_.people.clock.set(until);
  EXPECT_EQ(world_.said(bob_, MessageWorld::to(group)), "ok");
}

TEST(SendMessageLimit, TooManyMessagesAreRefused) {
  MessageWorld world({}, {.send_per_user = {2, Millis(5'000)}});
  const auto alice = world.add("alice_01");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world.said(alice, MessageWorld::to(alice)), "ok");
  EXPECT_EQ(world.said(alice, MessageWorld::to(alice)), "请求过于频繁，请5秒后再试");
  world.people.clock.advance(Millis(5'001));
  EXPECT_EQ(world.said(alice, MessageWorld::to(alice)), "ok");
}

}  // namespace
}  // namespace qn::test
