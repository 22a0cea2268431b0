#include "gateway/delivery_session.h"

#include <gtest/gtest.h>

#include "support/delivery_stage.h"

namespace qn::gateway {
namespace {

using State = DeliverySession::State;
using test::DeliveryStage;
using Got = DeliveryStage::Got;

struct DeliverySessionTest : testing::Test {
  DeliveryStage stage;
  DeliverySession& session = stage.session;
  GatewayOptions& options = stage.options;
  DeliveryStage::FakeLine line;
  DeliveryStage::FakeLine second;
};

// ---- Live ----

TEST_F(DeliverySessionTest, WhoMissedNothingGetsMessagesAsTheyCome) {
  stage.attach(line);
  stage.live(1);
  stage.live(2);
  EXPECT_EQ(line.got, (Got{"1", "2"}));
  EXPECT_TRUE(stage.finds.empty());
}

TEST_F(DeliverySessionTest, AMessageThatTheFirstAnswerCoveredIsNotLive) {
  stage.attach(line, {.horizon = 5});
  stage.live(5);
  stage.live(6);
  EXPECT_EQ(line.got, Got{"6"});
}

TEST_F(DeliverySessionTest, MessagesBetweenTheFirstAnswerAndTheSocketAreLookedUp) {
  stage.attach(line, {.horizon = 5, .published = 6});
  EXPECT_EQ(session.state(), State::kCatchingUp);
  stage.live(7);
  stage.find(DeliveryStage::backlog({6}, 6));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"6", "7"}));
  EXPECT_EQ(session.state(), State::kLive);
}

// ---- Behind ----

TEST_F(DeliverySessionTest, WhoIsBehindGetsWhatWasMissedFirst) {
  stage.attach_behind(line, 5);
  stage.live(6);
  EXPECT_TRUE(line.got.empty());
  session.fetch();
  stage.find(DeliveryStage::backlog({3, 5}, 5));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"3", "5", "6"}));
}

TEST_F(DeliverySessionTest, AFetchThatCameBeforeTheSocketIsAnsweredAtOnce) {
  stage.attach(line, {.has_backlog = true, .horizon = 5, .is_asked = true});
  stage.find(DeliveryStage::backlog({5}, 5));
  stage.bodies();
  EXPECT_EQ(line.got, Got{"5"});
}

TEST_F(DeliverySessionTest, WhoNeverAsksGetsLiveMessagesOutOfTurn) {
  stage.attach_behind(line, 5);
  stage.live(6);
  stage.pass(options.fetch_wait);
  stage.live(7);
  EXPECT_EQ(line.got, (Got{"6", "7"}));
  stage.pong(line);
  EXPECT_EQ(stage.taken(), Got{"1:6-6*"});
}

TEST_F(DeliverySessionTest, AFetchAfterMessagesOutOfTurnDoesNotRepeatThem) {
  stage.attach_behind(line, 5);
  stage.pass(options.fetch_wait);
  stage.live(6);
  session.fetch();
  stage.find(DeliveryStage::backlog({4, 5, 6}, 6));
  EXPECT_EQ(stage.reads.back().positions, (std::vector<model::LogPosition>{4, 5}));
  stage.bodies();
  stage.live(7);
  EXPECT_EQ(line.got, (Got{"6", "4", "5", "7"}));
}

// ---- Catching up ----

TEST_F(DeliverySessionTest, AMessageInTheAnswerIsNotSentAgainAsLive) {
  stage.attach_behind(line, 5);
  session.fetch();
  stage.live(6);  // committed before the store looked
  stage.live(7);  // and after
  stage.find(DeliveryStage::backlog({5, 6}, 6));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"5", "6", "7"}));
}

TEST_F(DeliverySessionTest, WhatDoesNotFitIsReadFromTheLog) {
  options.max_held = 2;
  stage.attach_behind(line, 1);
  session.fetch();
  for (const auto p : {2, 3, 4, 5}) stage.live(p);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, Got{"1"});
  stage.find(DeliveryStage::backlog({1, 2, 3, 4, 5}, 5));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(session.state(), State::kLive);
}

TEST_F(DeliverySessionTest, AfterAnOverflowOfTheLoopItCatchesUpByItself) {
  stage.attach(line);
  stage.live(1);
  session.on_lost(4);
  stage.live(5);
  stage.find(DeliveryStage::backlog({1, 2, 3, 4}, 4));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2", "3", "4", "5"}));
}

TEST_F(DeliverySessionTest, ALossThatTheStoreCoveredNeedsNothing) {
  stage.attach(line, {.horizon = 9});
  session.on_lost(9);
  EXPECT_EQ(session.state(), State::kLive);
}

TEST_F(DeliverySessionTest, AnIncompleteAnswerIsFollowedByTheNext) {
  stage.attach_behind(line, 3);
  session.fetch();
  auto first = DeliveryStage::backlog({1, 2}, 3);
  first.is_complete = false;
  stage.find(first);
  stage.bodies();
  ASSERT_EQ(stage.finds.size(), 2u);
  EXPECT_GT(stage.finds[1].limit, stage.finds[0].limit);  // what is on its way counts
  stage.find(DeliveryStage::backlog({1, 2, 3}, 3));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2", "3"}));
  EXPECT_EQ(stage.catch_ups, 1);
}

TEST_F(DeliverySessionTest, TheNextAnswerWaitsForConfirmation) {
  options.max_unconfirmed = 1;
  stage.attach_behind(line, 3);
  session.fetch();
  auto first = DeliveryStage::backlog({1, 2}, 3);
  first.is_complete = false;
  stage.find(first);
  stage.bodies();
  EXPECT_EQ(stage.finds.size(), 1u);
  stage.pong(line);
  static_cast<void>(stage.taken());
  session.on_written();
  EXPECT_EQ(stage.finds.size(), 2u);
}

TEST_F(DeliverySessionTest, ReadsPageByPage) {
  options.page_rows = 2;
  stage.attach_behind(line, 3);
  session.fetch();
  stage.find(DeliveryStage::backlog({1, 2, 3}, 3));
  EXPECT_EQ(stage.reads.back().positions, (std::vector<model::LogPosition>{1, 2}));
  stage.bodies();
  EXPECT_EQ(stage.reads.back().positions, (std::vector<model::LogPosition>{3}));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2", "3"}));
}

TEST_F(DeliverySessionTest, ASlowReaderIsWaitedFor) {
  options.page_rows = 1;
  options.outbound_room = 10;
  stage.attach_behind(line, 2);
  session.fetch();
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  EXPECT_EQ(stage.reads.size(), 1u);
  session.go_on();  // a turn later: the kernel has not taken it
  EXPECT_EQ(stage.reads.size(), 1u);
  line.waiting = 0;
  session.go_on();
  EXPECT_EQ(stage.reads.size(), 2u);
}

TEST_F(DeliverySessionTest, AStoreThatFailsIsAskedAgainLaterAndLater) {
  stage.attach_behind(line, 1);
  session.fetch();
  session.on_backlog(stage.finds.back().ticket, unavailable("test"));
  EXPECT_EQ(stage.finds.size(), 1u);
  stage.pass(options.retry_first);
  ASSERT_EQ(stage.finds.size(), 2u);
  session.on_backlog(stage.finds.back().ticket, unavailable("test"));
  stage.pass(options.retry_first);
  EXPECT_EQ(stage.finds.size(), 2u);
  stage.pass(options.retry_first);
  EXPECT_EQ(stage.finds.size(), 3u);
  stage.find(DeliveryStage::backlog({1}, 1));
  session.on_bodies(stage.reads.back().ticket, unavailable("test"));
  stage.pass(options.retry_most);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, Got{"1"});
}

TEST_F(DeliverySessionTest, AnAnswerToAnOlderQuestionIsIgnored) {
  stage.attach_behind(line, 1);
  session.fetch();
  const auto old = stage.finds.back().ticket;
  session.detach(line);
  stage.attach_behind(second, 1);
  session.on_backlog(old, DeliveryStage::backlog({1}, 1));
  EXPECT_TRUE(stage.reads.empty());
}

TEST_F(DeliverySessionTest, WhatBecameDurableDuringTheQuestionIsNotSentAgain) {
  stage.attach(line);
  stage.live(1);
  stage.pong(line);
  EXPECT_EQ(stage.taken(), Got{"1:1-1"});
  session.on_lost(2);  // asks now
  session.on_written();
  stage.find(DeliveryStage::backlog({1, 2}, 2));  // what the store knew before
  EXPECT_EQ(stage.reads.back().positions, std::vector<model::LogPosition>{2});
}

TEST_F(DeliverySessionTest, TheEndsOfConversationsAreAcknowledgedToo) {
  stage.attach_behind(line, 9);
  session.fetch();
  stage.find(DeliveryStage::backlog({3, 5}, 9));  // 6 to 9 are the user's own
  stage.bodies();
  stage.pass(options.ack_interval);
  stage.pong(line);
  EXPECT_EQ(stage.taken(), Got{"1:3-9"});
}

TEST_F(DeliverySessionTest, AFetchLongAfterTheStartLooksIntoTheLog) {
  stage.attach(line);
  session.fetch();  // nothing can have been missed
  EXPECT_TRUE(stage.finds.empty());
  session.fetch();
  EXPECT_EQ(stage.finds.size(), 1u);
}

// ---- Acknowledgement ----

TEST_F(DeliverySessionTest, APongAcknowledgesWhatWasWrittenBeforeItsPing) {
  stage.attach(line);
  stage.live(1);
  EXPECT_EQ(line.pings, std::vector<std::uint64_t>{1});
  stage.live(2);
  stage.pong(line);
  EXPECT_EQ(stage.taken(), Got{"1:1-1"});
}

TEST_F(DeliverySessionTest, PingsAreOneAtATimeAndNotTooOften) {
  stage.attach(line);
  stage.live(1);
  stage.live(2);
  stage.pass(options.ack_interval * 2);
  EXPECT_EQ(line.pings.size(), 1u);  // the first has no answer yet
  stage.pong(line);
  EXPECT_EQ(line.pings.size(), 2u);
  stage.live(3);
  stage.pong(line);
  EXPECT_EQ(line.pings.size(), 2u);
  stage.pass(options.ack_interval);
  EXPECT_EQ(line.pings.size(), 3u);
}

TEST_F(DeliverySessionTest, APongThatNobodyAskedForCountsForNothing) {
  stage.attach(line);
  stage.live(1);
  session.on_pong(line, 2);
  session.on_pong(line, 99);
  EXPECT_TRUE(stage.taken().empty());
}

TEST_F(DeliverySessionTest, WhatABrokenSocketDidNotAcknowledgeIsNotNoted) {
  stage.attach(line);
  stage.live(1);
  session.detach(line);
  EXPECT_TRUE(stage.taken().empty());
  EXPECT_TRUE(session.is_finished());
}

// A close frame behind data that TCP had acknowledged counted as received, and a
// page that was loaded anew while it caught up lost what it had not yet read.
TEST_F(DeliverySessionTest, OnlyAPongAcknowledgesWhateverTheEnd) {
  stage.attach(line);
  stage.live(1);
  session.on_pong(line, 1);
  stage.live(2);
  session.detach(line);
  EXPECT_FALSE(session.is_finished());
  EXPECT_EQ(stage.taken(), Got{"1:1-1"});
  session.on_written();
  EXPECT_TRUE(session.is_finished());
}

TEST_F(DeliverySessionTest, WhoComesBackBeforeTheStoreKnowsGetsNothingTwice) {
  stage.attach(line);
  stage.live(1);
  session.on_pong(line, 1);
  session.detach(line);
  stage.attach_behind(second, 1);  // the store still calls it missing
  session.fetch();
  stage.find(DeliveryStage::backlog({1}, 1));
  EXPECT_TRUE(stage.reads.empty());
  EXPECT_TRUE(second.got.empty());
  EXPECT_EQ(session.state(), State::kLive);
}

// ---- Bounds ----

TEST_F(DeliverySessionTest, WhoNeverAcknowledgesIsDroppedInTheEnd) {
  options.max_stretches = 3;
  stage.attach(line);
  for (const auto p : {1, 3, 5, 7}) stage.live(p, p);
  EXPECT_TRUE(line.is_dropped);
}

TEST_F(DeliverySessionTest, HeldMessagesAreBoundedInBytes) {
  options.max_held_bytes = 1;
  stage.attach_behind(line, 1);
  stage.live(2);
  session.fetch();
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, Got{"1"});
  EXPECT_EQ(session.state(), State::kCatchingUp);
}

}  // namespace
}  // namespace qn::gateway
