#include <gmock/gmock.h>

#include "support/message_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
namespace json = boost::json;

chat::Outgoing question(const chat::Caller& to, const std::string& text) {
  auto outgoing =
      MessageWorld::to(to, R"({"data":")" + text + R"(","dataType":false,"otherData":null})");
  outgoing.options = "%7B%22askanswer%22%3Atrue%7D";
  return outgoing;
}

class AutoAnswersTest : public ::testing::Test {
 protected:
  static void prepare(MessageWorld& world, const chat::Caller& owner) {
    const auto saved =
        world.run(world.ask_answers.save(owner, std::to_string(owner.user.value),
                                         {"single", "怎么收费", "每月十元"}, MessageWorld::soon()));
    EXPECT_TRUE(saved);
  }
  // Everything that is said, once nothing is pending any more.
  static std::vector<Told> all_told(MessageWorld& world) {
    EXPECT_TRUE(store::test::eventually([&] { return world.answers.pending() == 0; }));
    return world.log.take();
  }
};

TEST_F(AutoAnswersTest, AskerGetsTheAnswerAndOwnerIsTold) {
  MessageWorld world;
  const auto asker = world.add("asker_01", "客户");
  const auto owner = world.add("owner_01", "客服");
  prepare(world, owner);
  const auto asked = world.sent(asker, question(owner, "收费"));
  const auto told = all_told(world);
  ASSERT_EQ(told.size(), 3u);

  const auto& answer = told[1];  // E15
  EXPECT_EQ(answer.kind, "single");
  EXPECT_THAT(answer.to, ElementsAre(asker.user));
  EXPECT_EQ(answer.number("from_id"), owner.user.value);
  EXPECT_EQ(answer.text("from_name"), "客服");
  EXPECT_EQ(answer.number("to_id"), asker.user.value);
  EXPECT_EQ(answer.text("to_name"), "客户");
  EXPECT_EQ(answer.text("type"), "text");
  EXPECT_EQ(json::parse(answer.text("data")),
            (json::object{{"data", "每月十元"}, {"dataType", false}, {"otherData", nullptr}}));
  EXPECT_EQ(answer.object.at("options"), json::object());
  EXPECT_NE(answer.text("sendUUid"), asked.at("sendUUid").as_string());
  EXPECT_NE(answer.text("id"), asked.at("id").as_string());

  const auto& notice = told[2];  // E16
  EXPECT_EQ(notice.kind, "notice");
  EXPECT_THAT(notice.to, ElementsAre(owner.user));
  EXPECT_EQ(notice.text("id"), answer.text("id"));
  EXPECT_EQ(notice.text("type"), "systemNotice");
  EXPECT_EQ(notice.number("from_id"), asker.user.value);
  EXPECT_EQ(notice.number("to_id"), owner.user.value);
  EXPECT_EQ(json::parse(notice.text("data")).at("data"),
            "系统根据您设置的问答数据，挑选了最接近的答案，回复给对方，回复内容是：\n\n 每月十元");
  EXPECT_EQ(notice.object.at("options"), json::object());
  EXPECT_EQ(notice.text("sendUUid"), asked.at("sendUUid").as_string());
}

TEST_F(AutoAnswersTest, OnlyWhoAsksIsAnswered) {
  MessageWorld world;
  const auto asker = world.add("asker_01");
  const auto owner = world.add("owner_01");
  world.befriend(asker, owner);
  prepare(world, owner);
  auto plain = question(owner, "收费");
  plain.options = "%7B%7D";
  world.sent(asker, plain);
  world.sent(asker, question(owner, "天气"));
  world.sent(owner, question(asker, "收费"));
  EXPECT_EQ(all_told(world).size(), 3u);
}

TEST_F(AutoAnswersTest, ARetryIsNotAnsweredAgain) {
  MessageWorld world;
  const auto asker = world.add("asker_01");
  const auto owner = world.add("owner_01");
  prepare(world, owner);
  auto outgoing = question(owner, "收费");
  outgoing.client_msg_id = "once";
  world.sent(asker, outgoing);
  world.sent(asker, outgoing);
  EXPECT_EQ(all_told(world).size(), 3u);
}

TEST_F(AutoAnswersTest, BeyondTheBoundQuestionsStayUnanswered) {
  MessageWorld world({.delay = Millis(1), .max_pending = 0});
  const auto asker = world.add("asker_01");
  const auto owner = world.add("owner_01");
  prepare(world, owner);
  EXPECT_EQ(world.said(asker, question(owner, "收费")), "ok");
  EXPECT_EQ(all_told(world).size(), 1u);
  EXPECT_EQ(world.people.metrics.counter("qn_auto_answers_dropped_total", "").value(), 1u);
}

}  // namespace
}  // namespace qn::test
