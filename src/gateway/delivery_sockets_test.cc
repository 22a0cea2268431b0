#include <gtest/gtest.h>

#include "gateway/delivery_session.h"
#include "support/delivery_stage.h"

namespace qn::gateway {
namespace {

using State = DeliverySession::State;
using test::DeliveryStage;
using Got = DeliveryStage::Got;

struct DeliverySocketsTest : testing::Test {
  DeliveryStage stage;
  DeliverySession& session = stage.session;
  GatewayOptions& options = stage.options;
  DeliveryStage::FakeLine line;
  DeliveryStage::FakeLine second;
};

// ---- Several sockets ----

TEST_F(DeliverySocketsTest, OnlyTheNewestSocketGetsMessages) {
  stage.attach(line);
  stage.attach(second);
  stage.live(1);
  EXPECT_TRUE(line.got.empty());
  EXPECT_EQ(second.got, Got{"1"});
  EXPECT_FALSE(line.is_dropped);
  EXPECT_TRUE(line.closed.empty());
}

TEST_F(DeliverySocketsTest, ASecondSocketGetsNothingTwice) {
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

TEST_F(DeliverySocketsTest, WhatWasOnTheWayToADeadSocketIsSentAgain) {
  stage.attach(line);
  stage.live(1);
  stage.attach(second);
  stage.live(2);
  session.detach(line);
  stage.find(DeliveryStage::backlog({1, 2}, 2));
  stage.bodies();
  EXPECT_EQ(second.got, (Got{"1", "2"}));
}

TEST_F(DeliverySocketsTest, AnOlderSocketThatDoesNotAnswerIsGivenUp) {
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

TEST_F(DeliverySocketsTest, WhenTheNewestClosesTheNextOneTakesOver) {
  stage.attach(line);
  stage.attach(second);
  stage.live(1);
  session.detach(second);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  stage.live(2);
  EXPECT_EQ(line.got, (Got{"1", "2"}));
}

TEST_F(DeliverySocketsTest, ANewSocketInTheMiddleOfACatchUpGetsTheRest) {
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

TEST_F(DeliverySocketsTest, AKickIsAFrameAndAClose) {
  stage.attach(line);
  session.end(chat::EndReason::kReplaced);
  EXPECT_EQ(line.got, Got{R"({"msg":"force_logout","data":"你的账号在其他设备登录"})"});
  EXPECT_EQ(line.closed, std::vector<int>{4001});
  stage.live(1);
  EXPECT_EQ(line.got.size(), 1u);
}

TEST_F(DeliverySocketsTest, ABanIsAFrameAndACloseWithoutACode) {
  stage.attach(line);
  session.end(chat::EndReason::kDisabled);
  EXPECT_EQ(line.got, Got{R"({"msg":"fail","data":"你已被管理员禁用"})"});
  EXPECT_EQ(line.closed, std::vector<int>{0});
}

TEST_F(DeliverySocketsTest, WhoLoggedOutHearsNothingAndIsDroppedLater) {
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

TEST_F(DeliverySocketsTest, ABanAfterALogoutStillCloses) {
  stage.attach(line);
  session.end(chat::EndReason::kLoggedOut);
  session.end(chat::EndReason::kDisabled);
  EXPECT_EQ(line.closed, std::vector<int>{0});
}

TEST_F(DeliverySocketsTest, AnOperatorsDisconnectDropsAndTheSessionLivesOn) {
  stage.attach(line);
  session.end(chat::EndReason::kDisconnected);
  EXPECT_TRUE(line.is_dropped);
  session.detach(line);
  stage.attach(second);
  stage.live(1);
  EXPECT_EQ(second.got, Got{"1"});
}

TEST_F(DeliverySocketsTest, AnEndDuringACatchUpStopsIt) {
  stage.attach_behind(line, 1);
  session.fetch();
  stage.find(DeliveryStage::backlog({1}, 1));
  session.end(chat::EndReason::kLoggedOut);
  stage.bodies();
  EXPECT_TRUE(line.got.empty());
}

TEST_F(DeliverySocketsTest, AStopSendsNothingMoreButHearsAcknowledgements) {
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

TEST_F(DeliverySocketsTest, AnAcknowledgingClientGetsNumbersAndNoPings) {
  stage.attach_acknowledging(line);
  stage.live(3, 8);
  EXPECT_NE(line.frames[0].find(R"(,"conversation":8,"seq":3})"), std::string::npos);
  EXPECT_TRUE(line.pings.empty());
  EXPECT_TRUE(stage.taken().empty());
  session.on_client_ack(line, model::ConversationId(8), 3);
  EXPECT_EQ(stage.taken(), Got{"8:0-3"});
}

TEST_F(DeliverySocketsTest, AnOldClientCannotAcknowledgeByFrame) {
  stage.attach(line);
  stage.live(1);
  session.on_client_ack(line, model::ConversationId(1), 1);
  EXPECT_TRUE(stage.taken().empty());
}

TEST_F(DeliverySocketsTest, SyncIsAnsweredBehindTheLastMissedMessage) {
  stage.attach_acknowledging(line, true);
  session.sync(line);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", R"({"type":"synced"})"}));
}

TEST_F(DeliverySocketsTest, SyncWithNothingMissedIsAnsweredAtOnce) {
  stage.attach_acknowledging(line);
  session.sync(line);
  EXPECT_EQ(line.got, Got{R"({"type":"synced"})"});
}

TEST_F(DeliverySocketsTest, AcknowledgementsBeforeSyncSaveFromRepetition) {
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

TEST_F(DeliverySocketsTest, AnAcknowledgingClientThatDoesNotSyncIsCaughtUpInTurn) {
  stage.attach_acknowledging(line, true);
  stage.live(2);
  stage.pass(options.fetch_wait);
  stage.find(DeliveryStage::backlog({1}, 1));
  stage.bodies();
  EXPECT_EQ(line.got, (Got{"1", "2"}));
}

}  // namespace
}  // namespace qn::gateway
