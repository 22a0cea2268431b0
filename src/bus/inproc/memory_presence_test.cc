#include "bus/inproc/memory_presence.h"

#include <gtest/gtest.h>

#include "support/await.h"

namespace qn::bus {
namespace {

using test::await_here;

constexpr UserId kAnna(7);
constexpr UserId kBen(71);  // of the same shard

struct MemoryPresenceTest : testing::Test {
  void enter(UserId user, std::uint64_t socket) {
    ASSERT_TRUE(await_here(presence->enter(user, socket)).has_value());
  }
  void leave(UserId user, std::uint64_t socket) {
    ASSERT_TRUE(await_here(presence->leave(user, socket)).has_value());
  }
  std::vector<bool> online(std::vector<UserId> users) {
    return *await_here(presence->are_online(std::move(users)));
  }
  std::int64_t count() { return *await_here(presence->count_users()); }

  std::unique_ptr<Presence> presence = make_memory_presence();
};

TEST_F(MemoryPresenceTest, KnowsWhoIsConnectedInTheOrderAsked) {
  enter(kBen, 1);
  EXPECT_EQ(online({kAnna, kBen, kAnna}), (std::vector<bool>{false, true, false}));
}

TEST_F(MemoryPresenceTest, AUserStaysUntilTheLastSocketHasGone) {
  enter(kAnna, 1);
  enter(kAnna, 2);
  leave(kAnna, 1);
  EXPECT_EQ(online({kAnna}), std::vector<bool>{true});
  leave(kAnna, 2);
  EXPECT_EQ(online({kAnna}), std::vector<bool>{false});
}

TEST_F(MemoryPresenceTest, ASocketThatIsUnknownTakesNobodyAway) {
  enter(kAnna, 1);
  leave(kAnna, 9);
  leave(kBen, 1);
  EXPECT_EQ(online({kAnna, kBen}), (std::vector<bool>{true, false}));
}

TEST_F(MemoryPresenceTest, ASocketCountsOnceHoweverOftenItEnters) {
  enter(kAnna, 1);
  enter(kAnna, 1);
  leave(kAnna, 1);
  EXPECT_EQ(online({kAnna}), std::vector<bool>{false});
}

TEST_F(MemoryPresenceTest, CountsUsersNotSockets) {
  enter(kAnna, 1);
  enter(kAnna, 2);
  enter(kBen, 3);
  EXPECT_EQ(count(), 2);
  leave(kAnna, 1);
  EXPECT_EQ(count(), 2);
  leave(kAnna, 2);
  EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace qn::bus
