#include "store/friend_store.h"
#include "store/manager_store.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::failure;
using test::run;
using test::soon;

class ManagerStoreTest : public test::StoreTest {
 protected:
  ManagerStoreTest() : managers_(make_manager_store(counting_)) {}

  Result<ManagerId> create_manager(const std::string& name, const std::string& key) {
    return run(managers_->create(
        {.username = name, .username_key = key, .password_hash = "h", .super = true, .now = at(0)},
        soon()));
  }

  std::unique_ptr<ManagerStore> managers_;
};

TEST_F(ManagerStoreTest, AManagerIsCreatedAndCounted) {
  EXPECT_EQ(*run(managers_->count(soon())), 0);
  const auto id = create_manager("Admin", "admin");
  ASSERT_TRUE(id);
  EXPECT_TRUE(*id);
  expect_cost(1, 1);
  EXPECT_EQ(*run(managers_->count(soon())), 1);
  EXPECT_EQ(number("SELECT count(*) FROM manager WHERE username = 'Admin' AND super = 1 AND "
                   "status = 1 AND auth = '' AND create_time = update_time AND avatar = "
                   "'/public/assets/img/profiles/avatar-01.jpg'"),
            1);
}

TEST_F(ManagerStoreTest, ANameIsTakenInAnySpelling) {
  ASSERT_TRUE(create_manager("Admin", "admin"));
  EXPECT_EQ(failure(create_manager("ADMIN", "admin")), ErrorCode::kConflict);
  EXPECT_EQ(*run(managers_->count(soon())), 1);
}

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
  std::optional<FriendFlags> find(UserId owner, UserId other) {
    auto found = run(friends_->find_flags(owner, other, soon()));
    EXPECT_TRUE(found);
    return *found;
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

}  // namespace
}  // namespace qn::store
