#include <gtest/gtest.h>

#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using model::UserStatus;

class AccountServiceTest : public ::testing::Test {
 protected:
  std::string refusal(const std::string& token) {
    const auto caller = world_.authenticate(token);
    return caller.has_value() ? "" : caller.error().text;
  }
  Result<chat::LoginResult> login(const std::string& name) {
    return world_.run(
        world_.accounts->login(name, "123456", {"127.0.0.1", "test"}, ChatWorld::soon()));
  }
  Result<void> set_status(UserId user, UserStatus status) {
    return world_.run(world_.accounts->set_status(user, status, ChatWorld::soon()));
  }

  ChatWorld world_;
};

// Defects S13, D-27: a ban left tokens working, and status 2 kept its access.
TEST_F(AccountServiceTest, EveryStatusButNormalEndsSessionsAtOnce) {
  for (const auto status : {UserStatus::kDisabled, UserStatus::kLocked}) {
    const auto user = world_.add_user("banned_" + std::to_string(static_cast<int>(status)));
    ASSERT_EQ(refusal(user.token), "");  // the session is in the cache now
    ASSERT_TRUE(set_status(user.user.id, status).has_value());
    EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
    EXPECT_EQ(login(user.user.username).error().text, chat::texts::kNoAccount);

    ASSERT_TRUE(set_status(user.user.id, UserStatus::kNormal).has_value());
    EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
    EXPECT_TRUE(login(user.user.username).has_value());
  }
}

// Defect D-28: deletion cascaded and could not be undone.
TEST_F(AccountServiceTest, DeletingEndsSessionsAndFreesTheName) {
  const auto user = world_.add_user("todelete1");
  ASSERT_EQ(refusal(user.token), "");
  ASSERT_TRUE(world_.run(world_.accounts->remove(user.user.id, ChatWorld::soon())).has_value());
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
  EXPECT_EQ(login("todelete1").error().text, chat::texts::kNoAccount);

  const auto again = world_.add_user("todelete1");
  EXPECT_NE(again.user.id, user.user.id);
  const auto gone = world_.run(world_.accounts->remove(user.user.id, ChatWorld::soon()));
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
}

TEST_F(AccountServiceTest, StatusOfNobodyIsNotFound) {
  EXPECT_EQ(set_status(UserId(4711), UserStatus::kLocked).error().code, ErrorCode::kNotFound);
}

TEST_F(AccountServiceTest, ALoginThatRacesABanCannotWin) {
  const auto user = world_.add_user("racing01");
  ASSERT_TRUE(set_status(user.user.id, UserStatus::kDisabled).has_value());
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
