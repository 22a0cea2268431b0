#include "store/session_store.h"

#include <gmock/gmock.h>

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::Role;
using model::UserStatus;
using test::at;
using test::failure;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SessionStoreTest : public test::StoreTest {
 protected:
  SessionStoreTest()
      : sessions_(make_session_store(counting_)), alice_(create("alice")), bob_(create("bob")) {
    forget_cost();
  }

  static model::Session session(const std::string& id, UserId user, Time expires = at(1'000)) {
    return {.id = id,
            .user = user,
            .token_role = Role::kVisitor,
            .created_at = at(1),
            .last_seen_at = at(2),
            .expires_at = expires,
            .address = "192.0.2.1",
            .user_agent = "test"};
  }
  std::vector<std::string> replace_all(const model::Session& session) {
    auto ended = run(sessions_->replace_all(session, soon()));
    EXPECT_TRUE(ended);
    return ended ? *ended : std::vector<std::string>{"failed"};
  }
  std::optional<model::SessionState> find(const std::string& id) {
    auto found = run(sessions_->find(id, soon()));
    EXPECT_TRUE(found);
    return *found;
  }
  // A second session of a user, which replace_all() would not leave.
  void add(const std::string& id, UserId user, Time expires = at(1'000)) {
    ASSERT_TRUE(
        write("INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, "
              "expires_at, address, user_agent) VALUES ('" +
              id + "', " + std::to_string(user.value) + ", 'user', 0, 0, " +
              std::to_string(to_millis(expires)) + ", '', '')"));
  }

  std::unique_ptr<SessionStore> sessions_;
  const UserId alice_;
  const UserId bob_;
};

TEST_F(SessionStoreTest, ASessionIsFoundWithWhatItsUserMayDo) {
  EXPECT_THAT(replace_all(session("s1", alice_)), IsEmpty());
  expect_cost(2, 0);
  const auto found = find("s1");
  expect_cost(0, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "s1");
  EXPECT_EQ(found->user, alice_);
  EXPECT_EQ(found->token_role, Role::kVisitor);
  EXPECT_EQ(found->row_role, Role::kUser);
  EXPECT_TRUE(found->may_act);
  EXPECT_EQ(found->last_seen_at, at(2));
  EXPECT_EQ(found->expires_at, at(1'000));
  EXPECT_FALSE(find("s2"));
}

TEST_F(SessionStoreTest, ANewSessionEndsTheOthersOfItsUserOnly) {
  replace_all(session("a1", alice_));
  replace_all(session("b1", bob_));
  EXPECT_THAT(replace_all(session("a2", alice_)), ElementsAre("a1"));
  EXPECT_FALSE(find("a1"));
  EXPECT_TRUE(find("a2"));
  EXPECT_TRUE(find("b1"));
}

TEST_F(SessionStoreTest, WhoMayNotActGetsNoSession) {
  replace_all(session("a1", alice_));
  // Not through UserAdminStore, which would end the session.
  ASSERT_TRUE(write("UPDATE \"user\" SET status = 2 WHERE id = " + std::to_string(alice_.value)));
  remove(bob_, 3);
  for (const UserId user : {alice_, bob_, UserId(99)}) {
    EXPECT_EQ(failure(run(sessions_->replace_all(session("new", user), soon()))),
              ErrorCode::kNotFound);
  }
  EXPECT_FALSE(find("new"));
  ASSERT_TRUE(find("a1"));
  EXPECT_FALSE(find("a1")->may_act) << "and the old one is worth nothing";
}

TEST_F(SessionStoreTest, AnIdIsGivenOnce) {
  replace_all(session("s1", alice_));
  EXPECT_EQ(failure(run(sessions_->replace_all(session("s1", bob_), soon()))),
            ErrorCode::kConflict);
  EXPECT_EQ(find("s1")->user, alice_);
}

TEST_F(SessionStoreTest, UseMovesTheExpiry) {
  replace_all(session("s1", alice_));
  forget_cost();
  ASSERT_TRUE(run(sessions_->slide("s1", at(50), at(2'000), soon())));
  expect_cost(1, 0);
  EXPECT_EQ(find("s1")->last_seen_at, at(50));
  EXPECT_EQ(find("s1")->expires_at, at(2'000));
  EXPECT_TRUE(run(sessions_->slide("gone", at(50), at(2'000), soon()))) << "no error";
}

TEST_F(SessionStoreTest, EndingTellsWhetherThereWasOne) {
  replace_all(session("s1", alice_));
  forget_cost();
  EXPECT_TRUE(*run(sessions_->end("s1", soon())));
  EXPECT_FALSE(*run(sessions_->end("s1", soon())));
  expect_cost(2, 0);
  EXPECT_FALSE(find("s1"));
}

TEST_F(SessionStoreTest, EndingAllMaySpareOne) {
  for (const char* id : {"a1", "a2", "a3"}) add(id, alice_);
  add("b1", bob_);
  EXPECT_THAT(*run(sessions_->end_all(alice_, "a2", soon())), UnorderedElementsAre("a1", "a3"));
  expect_cost(1, 0);
  EXPECT_THAT(*run(sessions_->end_all(alice_, "", soon())), ElementsAre("a2"));
  EXPECT_THAT(*run(sessions_->end_all(alice_, "", soon())), IsEmpty());
  EXPECT_TRUE(find("b1"));
}

TEST_F(SessionStoreTest, SweepingDeletesTheExpiredInSmallBites) {
  for (int i = 0; i < 5; ++i) add("old" + std::to_string(i), alice_, at(i));
  add("live", alice_, at(100));
  EXPECT_EQ(*run(sessions_->count(at(2), soon())), 3);
  EXPECT_EQ(*run(sessions_->sweep(at(99), 2, soon())), 2);
  EXPECT_FALSE(find("old0")) << "the oldest first";
  EXPECT_TRUE(find("old4"));
  EXPECT_EQ(*run(sessions_->sweep(at(99), 100, soon())), 3);
  EXPECT_EQ(*run(sessions_->sweep(at(99), 100, soon())), 0);
  EXPECT_TRUE(find("live"));
}

TEST_F(SessionStoreTest, ASessionIsExpiredFromTheMomentItExpires) {
  add("s1", alice_, at(100));
  EXPECT_EQ(*run(sessions_->count(at(99), soon())), 1);
  EXPECT_EQ(*run(sessions_->count(at(100), soon())), 0);
  EXPECT_EQ(*run(sessions_->sweep(at(100), 1, soon())), 1);
}

TEST_F(SessionStoreTest, SessionsGoWithARowThatIsDeleted) {
  add("s1", alice_);
  ASSERT_TRUE(write("DELETE FROM \"user\""));
  EXPECT_FALSE(find("s1"));
}

}  // namespace
}  // namespace qn::store
