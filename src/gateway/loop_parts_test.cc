// The small parts of a loop: who may come in, where users live, what is due.
#include <gtest/gtest.h>

#include "gateway/admission.h"
#include "gateway/fan_out.h"
#include "gateway/home_directory.h"
#include "gateway/ring.h"
#include "gateway/timer_wheel.h"

namespace qn::gateway {
namespace {

constexpr UserId kAnna(7);

TEST(HomeDirectory, AUserStaysWhereTheFirstSocketWas) {
  HomeDirectory homes;
  EXPECT_EQ(homes.enter(kAnna, 1).home, 1u);
  const auto second = homes.enter(kAnna, 0);
  EXPECT_EQ(second.home, 1u);
  EXPECT_TRUE(second.had_sockets);
  homes.hold(kAnna);
  homes.leave(kAnna);
  homes.leave(kAnna);
  EXPECT_EQ(homes.users(), 0);
  EXPECT_EQ(homes.enter(kAnna, 0).home, 1u);  // a session is left there
  homes.leave(kAnna);
  homes.release(kAnna);
  EXPECT_EQ(homes.enter(kAnna, 0).home, 0u);
}

TEST(HomeDirectory, AFetchIsTakenOnceAndNotTooLate) {
  HomeDirectory homes;
  EXPECT_FALSE(homes.remember_fetch(kAnna, "a", Instant(0), Instant(10)));
  EXPECT_TRUE(homes.take_fetch(kAnna, "a", Instant(9)));
  EXPECT_FALSE(homes.take_fetch(kAnna, "a", Instant(9)));
  homes.enter(kAnna, 1);
  EXPECT_EQ(homes.remember_fetch(kAnna, "a", Instant(0), Instant(10)), 1u);
  EXPECT_FALSE(homes.take_fetch(kAnna, "a", Instant(10)));
}

struct AdmissionTest : testing::Test {
  bool enter(std::string_view token, std::string_view address, int at = 0) {
    auto place = admission->enter(token, address, Instant(at), retry_after);
    if (place) places.push_back(std::move(*place));
    return place.has_value();
  }
  Metrics metrics;
  GatewayOptions options;
  std::chrono::seconds retry_after{0};
  std::shared_ptr<Admission> admission = std::make_shared<Admission>(options, metrics);
  std::vector<Admission::Place> places;
};

TEST_F(AdmissionTest, SocketsOfOneTokenAreLimited) {
  options.sockets_per_token = 2;
  EXPECT_TRUE(enter("t", "1") && enter("t", "1"));
  EXPECT_FALSE(enter("t", "1"));
  EXPECT_TRUE(enter("u", "1"));
  places.clear();
  EXPECT_TRUE(enter("t", "1"));
}

TEST_F(AdmissionTest, OpeningsOfOneTokenAreLimitedInTime) {
  options.burst_per_token = 2;
  options.openings_per_token = 0.5;
  EXPECT_TRUE(enter("t", "1") && enter("t", "1"));
  EXPECT_FALSE(enter("t", "1"));
  EXPECT_EQ(retry_after, std::chrono::seconds(2));
  EXPECT_TRUE(enter("t", "1", 2'000));
}

TEST_F(AdmissionTest, OpeningsOfOneAddressAreLimitedUnlessSwitchedOff) {
  options.burst_per_address = 1;
  EXPECT_TRUE(enter("t", "1"));
  EXPECT_FALSE(enter("u", "1"));
  EXPECT_TRUE(enter("u", "2"));
  options.per_address = false;
  EXPECT_TRUE(enter("v", "1"));
}

LiveBatchPtr batch(std::vector<model::LogPosition> positions) {
  std::vector<model::LoggedMessage> messages;
  for (const auto p : positions) {
    messages.emplace_back();
    messages.back().position = p;
  }
  return make_batch(std::move(messages), Time());
}

TEST(LoopInbox, SaysOnceThatThereIsSomething) {
  GatewayOptions options;
  LoopInbox inbox(options);
  EXPECT_TRUE(inbox.push(batch({1})));
  EXPECT_FALSE(inbox.push(batch({2})));
  EXPECT_EQ(inbox.take().batches.size(), 2u);
  EXPECT_FALSE(inbox.push(batch({3})));  // the loop looks until there is nothing
  EXPECT_EQ(inbox.take().batches.size(), 1u);
  EXPECT_TRUE(inbox.take().batches.empty());
  EXPECT_TRUE(inbox.push(batch({4})));
}

TEST(LoopInbox, AnOverflowSaysUpToWhere) {
  GatewayOptions options;
  options.max_inbox = 2;
  LoopInbox inbox(options);
  inbox.push(batch({1, 2}));
  inbox.push(batch({3}));
  inbox.push(batch({4}));
  const auto taken = inbox.take();
  EXPECT_EQ(taken.lost, 3);
  ASSERT_EQ(taken.batches.size(), 1u);
  EXPECT_EQ(taken.batches[0]->messages[0].position, 4);
}

TEST(TimerWheel, WakesWhatIsDueAndNeverEarlier) {
  TimerWheel<int> wheel(Instant(10), Instant(0));
  const auto soon = std::make_shared<int>(1);
  const auto late = std::make_shared<int>(2);
  wheel.add(soon, Instant(25));
  wheel.add(late, Instant(5'000));                   // further than one round
  wheel.add(std::make_shared<int>(3), Instant(20));  // gone by then
  std::vector<int> woken;
  const auto note = [&](int& thing) { woken.push_back(thing); };
  wheel.advance(Instant(20), note);
  EXPECT_TRUE(woken.empty());
  wheel.advance(Instant(30), note);
  EXPECT_EQ(woken, std::vector<int>{1});
  wheel.advance(Instant(4'999), note);
  EXPECT_EQ(woken.size(), 1u);
  wheel.advance(Instant(5'000), note);
  EXPECT_EQ(woken, (std::vector<int>{1, 2}));
}

TEST(Ring, VisitsEverythingOncePerRound) {
  struct Thing {
    RingPlace ring_place;
  };
  Ring<Thing> ring(3);
  std::vector<Thing> things(4);
  ring.add(things[0]);
  ring.add(things[1]);
  EXPECT_TRUE(ring.turn().empty());
  ring.add(things[2]);
  ring.add(things[3]);
  ring.remove(things[0]);
  EXPECT_TRUE(ring.turn().empty());
  EXPECT_EQ(ring.turn(), std::vector<Thing*>{&things[1]});
  EXPECT_EQ(ring.turn(), (std::vector<Thing*>{&things[2], &things[3]}));
}

}  // namespace
}  // namespace qn::gateway
