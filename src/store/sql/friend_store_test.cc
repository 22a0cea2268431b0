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
