#include "store/friend_store.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::failure;
using test::run;
using test::soon;

class FriendStoreTest : public test::StoreTest {
 protected:
  FriendStoreTest() : friends_(make_friend_store(counting_)) {}

  Result<void> add(UserId owner, UserId other, int black, int status) {
    return write(
        "INSERT INTO goodfriend (user_id, friend_id, isblack, status, create_time, update_time) "
        "VALUES (" +
        std::to_string(owner.value) + ", " + std::to_string(other.value) + ", " +
        std::to_string(black) + ", " + std::to_string(status) + ", 0, 0)");
  }
  std::optional<FriendStanding> find(UserId owner, UserId other) {
    auto found = run(friends_->find_standing(owner, other, soon()));
    EXPECT_TRUE(found);
    return *found;
  }

  Result<void> add_request(UserId applicant, UserId addressee, const std::string& status) {
    return write(
        "INSERT INTO goodfriendapply (user_id, friend_id, status, create_time, update_time) "
        "VALUES (" +
        std::to_string(applicant.value) + ", " + std::to_string(addressee.value) + ", '" + status +
        "', 0, 0)");
  }
  std::vector<model::Contact> list(UserId owner, std::int64_t limit, std::int64_t offset) {
    auto contacts = run(friends_->list(owner, limit, offset, soon()));
    EXPECT_TRUE(contacts);
    return *contacts;
  }
  std::string plan_of(const std::string& sql) {
    std::string plan;
    Database::Job job = [&](Connection& c) {
      return c.query("EXPLAIN QUERY PLAN " + sql, {},
                     [&](const Row& row) { plan.append(row.text(3)).append("\n"); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return plan;
  }

  std::unique_ptr<FriendStore> friends_;
};

TEST_F(FriendStoreTest, EachSideHasItsOwnRow) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  EXPECT_FALSE(find(alice, bob));
  ASSERT_TRUE(add(alice, bob, 1, 0));
  forget_cost();
  const auto flags = find(alice, bob);
  expect_cost(0, 1);
  ASSERT_TRUE(flags);
  EXPECT_TRUE(flags->is_black);
  EXPECT_EQ(flags->status, 0);
  EXPECT_FALSE(find(bob, alice));
}

TEST_F(FriendStoreTest, AFriendIsListedOnceAndMustExist) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  ASSERT_TRUE(add(alice, bob, 0, 1));
  EXPECT_EQ(failure(add(alice, bob, 0, 1)), ErrorCode::kConflict);
  EXPECT_EQ(failure(add(alice, UserId(99), 0, 1)), ErrorCode::kConflict);
}

TEST_F(FriendStoreTest, TheListIsInTheOrderOfTheRowsAndPaged) {
  const UserId alice = create("alice");
  std::vector<UserId> others;
  for (const char* name : {"zoe", "bob", "42"}) others.push_back(create(name));
  for (const UserId other : others) ASSERT_TRUE(add(alice, other, other == others[1], 1));
  ASSERT_TRUE(run(users_->set_nickname(others[2], "张三", test::at(1), soon())));
  const auto all = list(alice, 2'000, 0);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].username, "zoe");
  EXPECT_EQ(all[0].friend_id, others[0]);
  EXPECT_EQ(all[0].initial, 'Z');
  EXPECT_EQ(all[1].initial, 'B') << "blacklisted friends are listed too";
  EXPECT_EQ(all[2].initial, 'Z');
  EXPECT_EQ(all[2].name(), "张三");
  const auto second = list(alice, 1, 1);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].username, "bob");
  EXPECT_TRUE(list(alice, 10, 3).empty());
}

// Defect X7, and no statement per friend.
TEST_F(FriendStoreTest, TwoThousandFriendsCostOneStatement) {
  const UserId alice = create("alice");
  ASSERT_TRUE(write(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
      "INSERT INTO \"user\" (uuid, username, username_key, password, userset, register_time, "
      "create_time, update_time) SELECT 'u' || i, 'friend' || i, 'friend' || i, '', '', 0, 0, 0 "
      "FROM n"));
  ASSERT_TRUE(
      write("INSERT INTO goodfriend (user_id, friend_id, create_time, update_time) "
            "SELECT 1, id, 0, 0 FROM \"user\" WHERE id <> 1"));
  forget_cost();
  EXPECT_EQ(list(alice, 2'000, 0).size(), 2'000u);
  expect_cost(0, 1);
  EXPECT_EQ(plan_of("SELECT goodfriend.id FROM goodfriend JOIN \"user\" ON \"user\".id = "
                    "goodfriend.friend_id WHERE goodfriend.user_id = 1 ORDER BY goodfriend.id "
                    "LIMIT 10")
                .find("TEMP B-TREE"),
            std::string::npos)
      << "a page must not sort the whole list";
}

TEST_F(FriendStoreTest, FlagsAreToggledOnOnesOwnRow) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  ASSERT_TRUE(add(alice, bob, 0, 1));
  ASSERT_TRUE(add(bob, alice, 0, 1));
  forget_cost();
  EXPECT_TRUE(*run(friends_->toggle_star(alice, bob, test::at(1), soon())));
  EXPECT_TRUE(*run(friends_->set_visibility(
      alice, bob, {.friend_looks_at_me = false, .i_look_at_friend = true}, test::at(1), soon())));
  EXPECT_TRUE(*run(friends_->toggle_black(alice, bob, test::at(2), soon())));
  expect_cost(3, 0);
  const auto mine = *run(friends_->find(alice, bob, soon()));
  ASSERT_TRUE(mine);
  EXPECT_TRUE(mine->settings.is_star);
  EXPECT_TRUE(mine->settings.is_black);
  EXPECT_FALSE(mine->settings.friend_looks_at_me);
  EXPECT_TRUE(mine->settings.i_look_at_friend);
  const auto other = *run(friends_->find(bob, alice, soon()));
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->settings.is_star || other->settings.is_black);

  EXPECT_FALSE(*run(friends_->toggle_star(alice, bob, test::at(3), soon()))) << "blacklisted";
  EXPECT_FALSE(*run(friends_->set_visibility(alice, bob, {}, test::at(3), soon())));
  EXPECT_TRUE(*run(friends_->toggle_black(alice, bob, test::at(3), soon())));
  EXPECT_TRUE(*run(friends_->toggle_star(alice, bob, test::at(4), soon())));
  EXPECT_FALSE((*run(friends_->find(alice, bob, soon())))->settings.is_star);
}

TEST_F(FriendStoreTest, AFriendComesWithTheProfile) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  ASSERT_TRUE(add(alice, bob, 1, 1));
  forget_cost();
  const auto found = *run(friends_->find_profile(alice, bob, soon()));
  expect_cost(0, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->row.friend_id, bob);
  EXPECT_TRUE(found->row.settings.is_black);
  EXPECT_EQ(found->profile.user.username, "bob");
  EXPECT_EQ(found->profile.info.gender, "unknown");
  EXPECT_TRUE(found->profile.info.id);
  EXPECT_FALSE(*run(friends_->find_profile(bob, alice, soon())));
}

TEST_F(FriendStoreTest, RemovingTakesBothRowsAndAllRequests) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  const UserId carol = create("carol");
  EXPECT_FALSE(*run(friends_->remove(alice, bob, soon())));
  for (const UserId other : {bob, carol}) {
    ASSERT_TRUE(add(alice, other, 0, 1));
    ASSERT_TRUE(add(other, alice, 0, 1));
    ASSERT_TRUE(add_request(alice, other, "agree"));
    ASSERT_TRUE(add_request(other, alice, "refuse"));
  }
  forget_cost();
  EXPECT_TRUE(*run(friends_->remove(bob, alice, soon())));
  expect_cost(3, 0);
  EXPECT_EQ(number("SELECT count(*) FROM goodfriend"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM goodfriendapply"), 2);
  EXPECT_EQ(list(alice, 10, 0).at(0).username, "carol");
}

TEST_F(FriendStoreTest, ADeletedAccountIsNobodysFriendAnyMore) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  ASSERT_TRUE(add(alice, bob, 0, 1));
  remove(bob, 1);
  EXPECT_TRUE(list(alice, 10, 0).empty());
  EXPECT_FALSE(*run(friends_->find(alice, bob, soon())));
  EXPECT_FALSE(*run(friends_->find_profile(alice, bob, soon())));
  EXPECT_FALSE(*run(friends_->toggle_black(alice, bob, test::at(2), soon())));
  EXPECT_FALSE(*run(friends_->toggle_star(alice, bob, test::at(2), soon())));
  EXPECT_EQ(number("SELECT count(*) FROM goodfriend"), 1) << "the row stays";
  EXPECT_TRUE(*run(friends_->remove(alice, bob, soon())));
}

}  // namespace
}  // namespace qn::store
