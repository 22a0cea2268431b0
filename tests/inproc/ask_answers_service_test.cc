#include <gtest/gtest.h>

#include "chat/ask_answers.h"
#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

class AskAnswersTest : public ::testing::Test {
 protected:
  AskAnswersTest() : alice_(caller("alice01")), bob_(caller("bob_001")) {}

  chat::Caller caller(const std::string& name) {
    const auto caller = world_.authenticate(world_.add_user(name).token);
    EXPECT_TRUE(caller.has_value());
    return *caller;
  }
  void save(const std::string& type, const std::string& ask, const std::string& answer) {
    EXPECT_TRUE(world_
                    .run(service_.save(alice_, std::to_string(alice_.user.value),
                                       {type, ask, answer}, soon()))
                    .has_value());
  }
  // What part 4 sends, or "".
  std::string best(UserId owner, const std::string& question) {
    const auto match = world_.run(service_.best_answer(owner, question, soon()));
    EXPECT_TRUE(match.has_value());
    return match.has_value() && *match ? (*match)->entry.answer : "";
  }
  static Deadline soon() { return ChatWorld::soon(); }

  ChatWorld world_;
  std::unique_ptr<store::AskAnswerStore> rows_ = store::make_askanswer_store(*world_.db);
  chat::AskAnswers service_{*rows_, *world_.limits, world_.clock, {}};
  const chat::Caller alice_;
  const chat::Caller bob_;
};

TEST_F(AskAnswersTest, TheBestAnswerIsTheOwnersOfTypeSingle) {
  EXPECT_EQ(best(alice_.user, "怎么收费"), "");
  save("single", "怎么收费？", "每月十元");
  save("group", "怎么收费", "群里不谈价");
  EXPECT_EQ(best(alice_.user, "怎么收费"), "每月十元");
  EXPECT_EQ(best(alice_.user, "天气如何"), "");
  EXPECT_EQ(best(bob_.user, "怎么收费"), "");
  EXPECT_EQ(best(UserId(), "怎么收费"), "");
}

TEST_F(AskAnswersTest, ANewerAnswerWinsOverAnOldOne) {
  save("single", "价格甲", "old");
  world_.clock.advance(std::chrono::hours(24 * 30));
  save("single", "价格乙", "new");
  EXPECT_EQ(best(alice_.user, "价格"), "new");
}

// Part 4 asks for every message, so it is not limited like searches.
TEST_F(AskAnswersTest, BestAnswersAreNotLimited) {
  save("single", "价格", "十元");
  for (int i = 0; i < 80; ++i) EXPECT_EQ(best(alice_.user, "价格"), "十元");
  for (int i = 0; i < 60; ++i) {
    EXPECT_TRUE(
        world_
            .run(service_.search(bob_, std::to_string(alice_.user.value), "single", "价格", soon()))
            .has_value());
  }
  const auto refused = world_.run(
      service_.search(bob_, std::to_string(alice_.user.value), "single", "价格", soon()));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
}

}  // namespace
}  // namespace qn::test
