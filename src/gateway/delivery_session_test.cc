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
  session.detach(line, false);
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
  session.detach(line, false);
  EXPECT_TRUE(stage.taken().empty());
  EXPECT_TRUE(session.is_finished());
}

TEST_F(DeliverySessionTest, AHealthyGoodbyeAcknowledgesEverything) {
  stage.attach(line);
  stage.live(1);
  stage.live(2);
  session.detach(line, true);
  EXPECT_FALSE(session.is_finished());
  EXPECT_EQ(stage.taken(), Got{"1:1-2"});
  session.on_written();
  EXPECT_TRUE(session.is_finished());
}

TEST_F(DeliverySessionTest, WhoComesBackBeforeTheStoreKnowsGetsNothingTwice) {
  stage.attach(line);
  stage.live(1);
  session.detach(line, true);
  stage.attach_behind(second, 1);  // the store still calls it missing
  session.fetch();
  stage.find(DeliveryStage::backlog({1}, 1));
  EXPECT_TRUE(stage.reads.empty());
  EXPECT_TRUE(second.got.empty());
  EXPECT_EQ(session.state(), State::kLive);
}

// ---- Several sockets ----

TEST_F(DeliverySessionTest, OnlyTheNewestSocketGetsMessages) {
  stage.attach(line);
  stage.attach(second);
  stage.live(1);
  EXPECT_TRUE(line.got.empty());
  EXPECT_EQ(second.got, Got{"1"});
  EXPECT_FALSE(line.is_dropped);
  EXPECT_TRUE(line.closed.empty());
}

TEST_F(DeliverySessionTest, ASecondSocketGetsNothingTwice) {
  stage.attach(line);
  stage.live(1);
  stage.attach_behind(second, 1);  // not acknowledged yet, so the store calls it missing
  stage.live(2);
  EXPECT_TRUE(second.got.empty());  // first what is on the way to the older one
  stage.pong(line);
  EXPECT_EQ(second.got, Got{"2"});
  EXPECT_EQ(line.got, Got{"1"});
  EXPECT_TRUE(stage.finds.empty());
}

TEST_F(DeliverySessionTest, WhatWasOnTheWayToADeadSocketIsSentAgain) {
  stage.attach(line);
  stage.live(1);
  stage.attach(second);
  stage.live(2);
  session.detach(line, false);
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  EXPECT_EQ(second.got, (Got{"1", "2"}));
}

TEST_F(DeliverySessionTest, AnOlderSocketThatDoesNotAnswerIsGivenUp) {
  stage.attach(line);
  stage.live(1);
  stage.attach(second);
  session.fetch();
  stage.pass(options.takeover_wait);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(second.got, Got{"1"});
  EXPECT_FALSE(line.is_dropped);  // it may be alive, and must not come back
}

TEST_F(DeliverySessionTest, WhenTheNewestClosesTheNextOneTakesOver) {
  stage.attach(line);
  stage.attach(second);
  stage.live(1);
  session.detach(second, false);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  stage.live(2);
  EXPECT_EQ(line.got, (Got{"1", "2"}));
}

TEST_F(DeliverySessionTest, ANewSocketInTheMiddleOfACatchUpGetsTheRest) {
  options.page_rows = 1;
  stage.attach_behind(line, 2);
  session.fetch();
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  stage.attach_behind(second, 2);
  stage.bodies();  // of the question that does not count any more
  stage.pong(line);
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  EXPECT_EQ(line.got, Got{"1"});
  EXPECT_EQ(second.got, Got{"2"});
}

// ---- The end ----

TEST_F(DeliverySessionTest, AKickIsAFrameAndAClose) {
  stage.attach(line);
  session.end(chat::EndReason::kReplaced);
  EXPECT_EQ(line.got, Got{R"({"msg":"force_logout","data":"你的账号在其他设备登录"})"});
  EXPECT_EQ(line.closed, std::vector<int>{4001});
  stage.live(1);
  EXPECT_EQ(line.got.size(), 1u);
}

TEST_F(DeliverySessionTest, ABanIsAFrameAndACloseWithoutACode) {
  stage.attach(line);
  session.end(chat::EndReason::kDisabled);
  EXPECT_EQ(line.got, Got{R"({"msg":"fail","data":"你已被管理员禁用"})"});
  EXPECT_EQ(line.closed, std::vector<int>{0});
}

TEST_F(DeliverySessionTest, WhoLoggedOutHearsNothingAndIsDroppedLater) {
  stage.attach(line);
  session.end(chat::EndReason::kLoggedOut);
  stage.live(1);
  stage.pass(options.logout_grace - Instant(1));
  EXPECT_FALSE(line.is_dropped);
  stage.pass(Instant(1));
  EXPECT_TRUE(line.is_dropped);
  EXPECT_TRUE(line.got.empty());
  EXPECT_TRUE(line.closed.empty());
}

TEST_F(DeliverySessionTest, ABanAfterALogoutStillCloses) {
  stage.attach(line);
  session.end(chat::EndReason::kLoggedOut);
  session.end(chat::EndReason::kDisabled);
  EXPECT_EQ(line.closed, std::vector<int>{0});
}

TEST_F(DeliverySessionTest, AnOperatorsDisconnectDropsAndTheSessionLivesOn) {
  stage.attach(line);
  session.end(chat::EndReason::kDisconnected);
  EXPECT_TRUE(line.is_dropped);
  session.detach(line, false);
  stage.attach(second);
  stage.live(1);
  EXPECT_EQ(second.got, Got{"1"});
}

TEST_F(DeliverySessionTest, AnEndDuringACatchUpStopsIt) {
  stage.attach_behind(line, 1);
  session.fetch();
  stage.find(DeliveryStage::backlog({1}, 1));
  session.end(chat::EndReason::kLoggedOut);
  stage.bodies();
  EXPECT_TRUE(line.got.empty());
}

TEST_F(DeliverySessionTest, AStopSendsNothingMoreButHearsAcknowledgements) {
  stage.attach(line);
  stage.live(1);
  stage.live(2);
  session.quiesce();
  stage.live(3);
  EXPECT_EQ(line.got.size(), 2u);
  EXPECT_EQ(line.pings.size(), 2u);  // at once, whatever the interval
  stage.pong(line);
  EXPECT_EQ(stage.taken(), Got{"1:1-2"});
  EXPECT_FALSE(session.is_in_flight());
}

// ---- Clients that acknowledge ----

TEST_F(DeliverySessionTest, AnAcknowledgingClientGetsNumbersAndNoPings) {
  stage.attach_acknowledging(line);
  stage.live(3, 8);
  EXPECT_NE(line.frames[0].find(R"(,"conversation":8,"seq":3})"), std::string::npos);
  EXPECT_TRUE(line.pings.empty());
  EXPECT_TRUE(stage.taken().empty());
  session.on_client_ack(line, model::ConversationId(8), 3);
  EXPECT_EQ(stage.taken(), Got{"8:0-3"});
}

TEST_F(DeliverySessionTest, AnOldClientCannotAcknowledgeByFrame) {
  stage.attach(line);
  stage.live(1);
  session.on_client_ack(line, model::ConversationId(1), 1);
  EXPECT_TRUE(stage.taken().empty());
}

TEST_F(DeliverySessionTest, SyncIsAnsweredBehindTheLastMissedMessage) {
  stage.attach_acknowledging(line, true);
  session.sync(line);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", R"({"type":"synced"})"}));
}

TEST_F(DeliverySessionTest, SyncWithNothingMissedIsAnsweredAtOnce) {
  stage.attach_acknowledging(line);
  session.sync(line);
  EXPECT_EQ(line.got, Got{R"({"type":"synced"})"});
}

TEST_F(DeliverySessionTest, AcknowledgementsBeforeSyncSaveFromRepetition) {
  stage.attach_acknowledging(line);
  stage.live(1);
  stage.live(2);
  stage.attach_acknowledging(second);
  session.on_client_ack(second, model::ConversationId(1), 1);
  session.sync(second);
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  EXPECT_EQ(second.got, (Got{"2", R"({"type":"synced"})"}));
}

TEST_F(DeliverySessionTest, AnAcknowledgingClientThatDoesNotSyncIsCaughtUpInTurn) {
  stage.attach_acknowledging(line, true);
  stage.live(2);
  stage.pass(options.fetch_wait);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2"}));
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
