#include <gtest/gtest.h>

#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

class AccountServiceTest : public ::testing::Test {
 protected:
  std::string refusal(const std::string& token) {
    const auto caller = world_.authenticate(token);
    return caller.has_value() ? "" : caller.error().text;
  }

  ChatWorld world_;
};

TEST_F(AccountServiceTest, ALoginThatRacesABanCannotWin) {
  const auto user = world_.add_user("racing01");
  ASSERT_TRUE(
      world_
          .run(world_.user_admin->set_status(world_.root(), {user.user.id},
                                             model::UserStatus::kDisabled, ChatWorld::soon()))
          .has_value());
  // The password was checked before the ban; the session is asked for after it.
  const auto result = world_.run(world_.accounts->start_session(
      user.user.id, model::Role::kUser, {"127.0.0.1", "test"}, ChatWorld::soon()));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().text, chat::texts::kNoAccount);
}

TEST_F(AccountServiceTest, SweepingRemovesWhatExpired) {
  const auto user = world_.add_user("sleepy_1");
  world_.clock.advance(std::chrono::days(31));
  ASSERT_TRUE(world_.run(world_.sessions->sweep(ChatWorld::soon())).has_value());
  const auto left = world_.run(world_.session_rows->count(time_from_millis(0), ChatWorld::soon()));
  EXPECT_EQ(*left, 0);
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
}

// A cached session must not outlive its row when another process ended it.
TEST_F(AccountServiceTest, ForgettingTheCacheLooksAtTheStoreAgain) {
  const auto user = world_.add_user("foreign1");
  ASSERT_EQ(refusal(user.token), "");
  const auto ended = world_.run(world_.session_rows->end_all(user.user.id, "", ChatWorld::soon()));
  ASSERT_EQ(ended->size(), 1u);
  EXPECT_EQ(refusal(user.token), "");  // still remembered
  const auto forget = [](chat::SessionService& sessions) -> Task<Result<void>> {
    co_await sessions.forget_cached();
    co_return Result<void>();
  };
  ASSERT_TRUE(world_.run(forget(*world_.sessions)).has_value());
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
}

TEST_F(AccountServiceTest, AnAuthenticatedRequestCostsNoStatementOnceCached) {
  const auto user = world_.add_user("cached01");
  ASSERT_EQ(refusal(user.token), "");
  world_.db->stop();
  EXPECT_EQ(refusal(user.token), "");
}

}  // namespace
}  // namespace qn::test
