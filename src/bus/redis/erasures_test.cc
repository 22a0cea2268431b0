#include "bus/redis/erasures.h"

#include <gtest/gtest.h>

namespace qn::bus {
namespace {

TEST(Erasures, BlocksAKeyUntilItIsSettled) {
  Erasures erasures(10);
  EXPECT_FALSE(erasures.block("a"));
  erasures.add("a");
  EXPECT_TRUE(erasures.block("a"));
  EXPECT_FALSE(erasures.block("b"));
  erasures.settle(erasures.next(10));
  EXPECT_FALSE(erasures.block("a"));
  EXPECT_TRUE(erasures.next(10).empty());
}

TEST(Erasures, ErasureAddedAgainMeanwhileStays) {
  Erasures erasures(10);
  erasures.add("a");
  const auto batch = erasures.next(10);
  erasures.add("a");
  erasures.settle(batch);
  EXPECT_TRUE(erasures.block("a"));
}

TEST(Erasures, HandsOutInPieces) {
  Erasures erasures(10);
  for (const char* key : {"a", "b", "c"}) erasures.add(key);
  auto batch = erasures.next(2);
  EXPECT_EQ(batch.keys.size(), 2U);
  erasures.settle(batch);
  batch = erasures.next(2);
  EXPECT_EQ(batch.keys.size(), 1U);
  erasures.settle(batch);
  EXPECT_TRUE(erasures.next(2).empty());
}

TEST(Erasures, TooManyBecomeEverything) {
  Erasures erasures(2);
  for (const char* key : {"a", "b", "c"}) erasures.add(key);
  const auto batch = erasures.next(10);
  EXPECT_TRUE(batch.everything);
  EXPECT_TRUE(erasures.block("never seen"));
  erasures.settle(batch);
  EXPECT_FALSE(erasures.block("a"));
}

TEST(Erasures, EverythingAddedAgainMeanwhileStays) {
  Erasures erasures(2);
  erasures.add_everything();
  const auto batch = erasures.next(10);
  erasures.add_everything();
  erasures.settle(batch);
  EXPECT_TRUE(erasures.block("a"));
}

TEST(Erasures, KeysAddedAfterEverythingAreKeptApart) {
  Erasures erasures(2);
  erasures.add_everything();
  const auto batch = erasures.next(10);
  erasures.add("late");
  erasures.settle(batch);
  EXPECT_FALSE(erasures.block("other"));
  EXPECT_TRUE(erasures.block("late"));
}

}  // namespace
}  // namespace qn::bus
