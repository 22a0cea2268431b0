#include <gmock/gmock.h>

#include "chat/message_rules.h"
#include "support/message_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace json = boost::json;
namespace texts = chat::texts;

class RecallTest : public ::testing::Test {
 protected:
  std::string send(const chat::Caller& from, chat::Outgoing outgoing) {
    const auto sent = world_.sent(from, std::move(outgoing));
    world_.log.take();
    return std::string(sent.at("id").as_string());
  }
  json::object recalled(const chat::Caller& who, const std::string& id) {
    const auto answer = world_.run(world_.recall.recall(who, id, MessageWorld::soon()));
    EXPECT_TRUE(answer) << answer.error().text;
    return answer ? json::parse(*answer).as_object() : json::object();
  }
  std::string said(const chat::Caller& who, const std::string& id) {
    return world_.text_of(world_.recall.recall(who, id, MessageWorld::soon()));
  }

  MessageWorld world_;
  const chat::Caller alice_ = world_.add("alice_01", "爱丽丝");
  const chat::Caller bob_ = world_.add("bob_0001", "鲍勃");
  const chat::Caller carol_ = world_.add("carol_01");
};

TEST_F(RecallTest, TheOtherOneIsTold) {
  world_.befriend(alice_, bob_);
  world_.execute("UPDATE goodfriend SET nickname = '老鲍' WHERE user_id = " +
                 std::to_string(alice_.user.value));
  const auto id = send(alice_, MessageWorld::to(bob_));
  world_.people.clock.advance(chat::kRecallWindow);
  const auto answer = recalled(alice_, id);
  EXPECT_EQ(answer.at("id").as_string(), id);
  EXPECT_EQ(answer.at("actionType"), "revoke");
  EXPECT_EQ(answer.at("type"), "systemNotice");
  EXPECT_EQ(answer.at("chatType"), "single");
  EXPECT_EQ(answer.at("from_name"), "爱丽丝");
  EXPECT_EQ(answer.at("to_id"), bob_.user.value);
  EXPECT_EQ(answer.at("to_name"), "老鲍");
  EXPECT_EQ(answer.at("data").at("data"), "爱丽丝撤回了一条消息");
  EXPECT_EQ(answer.at("options"), json::object());
  EXPECT_TRUE(answer.at("group").is_null());
  EXPECT_EQ(answer.at("create_time"), to_millis(world_.people.clock.now()));
  const auto told = world_.only_told();
  EXPECT_EQ(told.object, answer);
  EXPECT_THAT(told.to, ElementsAre(bob_.user));
}

TEST_F(RecallTest, EverybodyInTheGroupIsTold) {
  const auto group = world_.create(alice_, {bob_, carol_});
  const auto id = send(bob_, MessageWorld::to(group));
  const auto answer = recalled(bob_, id);
  EXPECT_EQ(answer.at("chatType"), "group");
  EXPECT_EQ(answer.at("to_id"), group.value);
  EXPECT_EQ(answer.at("to_name"), "爱丽丝、鲍勃、carol_01");
  EXPECT_EQ(answer.at("data").at("data"), "鲍勃 撤回了一条消息");
  EXPECT_TRUE(answer.at("group").is_null());
  const auto told = world_.only_told();
  EXPECT_EQ(told.object, answer);
  EXPECT_THAT(told.to, ElementsAre(alice_.user, bob_.user, carol_.user));
}

TEST_F(RecallTest, RepeatedRecallGivesTheFirstAnswer) {
  const auto id = send(alice_, MessageWorld::to(bob_));
  const auto first = recalled(alice_, id);
  world_.log.take();
  world_.people.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(recalled(alice_, id), first);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

// Defects S14 and C17.
TEST_F(RecallTest, OnlyOwnAndRecentMessages) {
  const auto id = send(alice_, MessageWorld::to(bob_));
  EXPECT_EQ(said(bob_, id), texts::kNotYoursToRecall);
  EXPECT_EQ(said(carol_, id), texts::kNotYoursToRecall);
  EXPECT_EQ(said(alice_, "42479d46-6a17-40c8-aa6f-b2781ac7a576"), texts::kNotYoursToRecall);
  EXPECT_EQ(said(alice_, ""), texts::kNotYoursToRecall);
  world_.people.clock.advance(chat::kRecallWindow + Millis(1));
  EXPECT_EQ(said(alice_, id), "消息超过5分钟，不能撤回");
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(RecallTest, WhoLeftTheGroupRecallsNothingInIt) {
  const auto group = world_.create(alice_, {bob_, carol_});
  const auto id = send(bob_, MessageWorld::to(group));
  ASSERT_EQ(world_.text_of(world_.groups.leave(bob_, group, MessageWorld::soon())), "ok");
  EXPECT_EQ(said(bob_, id), "你不在该群聊中，操作失败");
}

TEST_F(RecallTest, OfAMessageToOneselfOneIsTold) {
  const auto id = send(alice_, MessageWorld::to(alice_));
  recalled(alice_, id);
  EXPECT_THAT(world_.only_told().to, ElementsAre(alice_.user));
}

}  // namespace
}  // namespace qn::test
