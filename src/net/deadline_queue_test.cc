#include "net/deadline_queue.h"

#include <gtest/gtest.h>

#include <chrono>

namespace qn::net {
namespace {

using namespace std::chrono_literals;

struct Waiting final : Deadlined {
  void on_deadline() override { ++expired; }
  int expired = 0;
};

const DeadlineQueue::SteadyTime kStart{1000s};

TEST(DeadlineQueue, ExpiresOnceAndInOrder) {
  DeadlineQueue queue(10ms);
  Waiting a;
  Waiting b;
  queue.arm(a, kStart);
  queue.arm(b, kStart + 5ms);
  queue.expire(kStart + 9ms);
  EXPECT_EQ(a.expired, 0);
  queue.expire(kStart + 10ms);
  queue.expire(kStart + 11ms);
  EXPECT_EQ(a.expired, 1);
  EXPECT_EQ(b.expired, 0);
  queue.expire_all();
  EXPECT_EQ(b.expired, 1);
}

TEST(DeadlineQueue, ArmingAgainMovesAndDisarmingForgets) {
  DeadlineQueue idle(10ms);
  DeadlineQueue write(50ms);
  Waiting a;
  idle.arm(a, kStart);
  write.arm(a, kStart);
  idle.expire(kStart + 20ms);
  EXPECT_EQ(a.expired, 0);
  DeadlineQueue::disarm(a);
  DeadlineQueue::disarm(a);
  write.expire(kStart + 60ms);
  EXPECT_EQ(a.expired, 0);
}

TEST(DeadlineQueue, EitherSideMayGoFirst) {
  Waiting survivor;
  {
    DeadlineQueue queue(10ms);
    {
      Waiting gone;
      queue.arm(gone, kStart);
    }
    queue.arm(survivor, kStart);
    queue.expire(kStart + 5ms);
  }
  DeadlineQueue::disarm(survivor);
  EXPECT_EQ(survivor.expired, 0);
}

}  // namespace
}  // namespace qn::net
