#include "gateway/gateway.h"

#include <gtest/gtest.h>

#include "support/gateway_world.h"

namespace qn::gateway {
namespace {

using std::chrono::milliseconds;
using test::GatewayClient;
using test::GatewayWorld;
using Ended = net::WsHandler::Ended;
using Got = std::vector<std::string>;

constexpr UserId kAnna(7);
constexpr UserId kBen(8);

bool eventually(const std::function<bool()>& condition) {
  return GatewayWorld::eventually(condition);
}

TEST(Gateway, DeliversToMembersWhereverTheirSocketsAre) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  GatewayClient ben(world, 1);
  anna.open(world.log_in(kAnna, "a"));
  ben.open(world.log_in(kBen, "b"));
  ASSERT_TRUE(anna.is_entered() && ben.is_entered());
  world.say(1, {kAnna, kBen});
  world.say(2, {kBen});
  EXPECT_TRUE(ben.gets({"1", "2"}));
  EXPECT_TRUE(anna.gets({"1"}));
}

TEST(Gateway, APongMovesTheCursor) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  world.say(1, {kAnna});
  EXPECT_TRUE(eventually([&] { return world.log.delivered(kAnna, 1) == 1; }));
}

TEST(Gateway, TheNewestSocketOfASessionGetsMessagesFromAnotherLoop) {
  GatewayWorld world;
  const auto token = world.log_in(kAnna, "a");
  GatewayClient first(world, 0);
  GatewayClient second(world, 1);
  first.open(token);
  ASSERT_TRUE(first.is_entered());
  second.open(token);
  ASSERT_TRUE(second.is_entered());
  // The session hears of it a moment later.
  std::size_t said = 0;
  const auto arrived = [&] { return first.got().size() + second.got().size(); };
  while (second.got().empty()) {
    world.say(1, {kAnna});
    ++said;
    ASSERT_TRUE(eventually([&] { return arrived() == said; }));
  }
  const auto before = first.got().size();
  for (int i = 0; i < 50; ++i) world.say(1, {kAnna});
  said += 50;
  EXPECT_TRUE(eventually([&] { return arrived() == said; }));
  EXPECT_EQ(first.got().size(), before);
  EXPECT_EQ(second.got().back(), std::to_string(said));
  EXPECT_TRUE(
      eventually([&] { return world.log.delivered(kAnna, 1) == static_cast<model::Seq>(said); }));
}

TEST(Gateway, WhatAFarSocketDidNotAcknowledgeComesAgain) {
  GatewayWorld world;
  const auto token = world.log_in(kAnna, "a");
  GatewayClient first(world, 0);
  auto second = std::make_unique<GatewayClient>(world, 1);
  first.open(token);
  ASSERT_TRUE(first.is_entered());
  second->go_silent();
  second->open(token);
  ASSERT_TRUE(second->is_entered());
  do {
    world.say(1, {kAnna});
    ASSERT_TRUE(eventually([&] { return !first.got().empty() || !second->got().empty(); }));
  } while (second->got().empty());
  const std::string lost = second->got().back();
  second.reset();
  EXPECT_TRUE(eventually([&] { return !first.got().empty() && first.got().back() == lost; }));
}

TEST(Gateway, AFetchMayComeBeforeItsSocket) {
  GatewayWorld world;
  world.say(1, {kAnna});
  world.gateway.deliver_missed(kAnna, "a");
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  EXPECT_TRUE(anna.gets({"1"}));
}

TEST(Gateway, AFetchBringsWhatWasMissedBeforeWhatIsNew) {
  GatewayWorld world;
  world.say(1, {kAnna});
  world.say(1, {kAnna});
  GatewayClient anna(world, 1);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  world.say(1, {kAnna});
  world.gateway.deliver_missed(kAnna, "a");
  EXPECT_TRUE(anna.gets({"1", "2", "3"}));
}

TEST(Gateway, AStoreThatFailsIsAskedAgain) {
  GatewayWorld world;
  world.say(1, {kAnna});
  world.log.fail(3);
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  world.log.fail(3);
  world.gateway.deliver_missed(kAnna, "a");
  EXPECT_TRUE(anna.gets({"1"}));
  EXPECT_TRUE(eventually([&] { return world.log.delivered(kAnna, 1) == 1; }));
}

TEST(Gateway, AnOverflowOfTheInboxIsMadeUpFromTheLog) {
  auto options = GatewayWorld::quick();
  options.max_inbox = 4;
  GatewayWorld world(options);
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  std::vector<model::LoggedMessage> many;
  Got expected;
  for (int i = 1; i <= 20; ++i) {
    many.push_back(world.log.say(1, {kAnna}));
    expected.push_back(std::to_string(i));
  }
  world.gateway.publish(std::move(many));
  EXPECT_TRUE(anna.gets(expected));
}

TEST(Gateway, ABadTokenIsToldAndClosedWithoutACode) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  EXPECT_EQ(anna.open("nonsense"), 101);
  EXPECT_TRUE(anna.gets({R"({"msg":"fail","data":"Token 不合法"})"}));
  EXPECT_TRUE(eventually([&] { return anna.ended() == 0; }));
}

TEST(Gateway, ALoginElsewhereKicksEverySocketOfTheSession) {
  GatewayWorld world;
  const auto token = world.log_in(kAnna, "a");
  GatewayClient first(world, 0);
  GatewayClient second(world, 1);
  first.open(token);
  ASSERT_TRUE(first.is_entered());
  second.open(token);
  ASSERT_TRUE(second.is_entered());
  world.gateway.end({"a"}, chat::EndReason::kReplaced);
  EXPECT_TRUE(eventually([&] { return first.ended() == 4001; }));
  // Attached before or after the end: closed in any case.
  EXPECT_TRUE(eventually([&] { return second.ended() == 4001 || second.ended() == 0; }));
  EXPECT_TRUE(eventually([&] { return world.gateway.count().sockets == 0; }));
}

TEST(Gateway, ASocketCannotReviveASessionThatHasJustEnded) {
  GatewayWorld world;
  const auto token = world.log_in(kAnna, "a");
  world.gateway.end({"a"}, chat::EndReason::kLoggedOut);
  GatewayClient anna(world, 0);
  anna.open(token);
  EXPECT_TRUE(anna.gets({R"({"msg":"fail","data":"Token 不合法"})"}));
}

TEST(Gateway, ASessionThatIsNotGoodAnyMoreIsDropped) {
  auto options = GatewayWorld::quick();
  options.revalidate = milliseconds(20);
  GatewayWorld world(options);
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  world.sessions_store.remove("a");
  static_cast<void>(world.run(world.cache->clear("session:")));
  EXPECT_TRUE(eventually([&] { return anna.ended() == GatewayClient::kDropped; }));
}

TEST(Gateway, ClientsArePingedAndAnswered) {
  auto options = GatewayWorld::quick();
  options.heartbeat = milliseconds(20);
  GatewayWorld world(options);
  GatewayClient anna(world, 0);
  const auto token = world.log_in(kAnna, "a");
  anna.open(token);
  ASSERT_TRUE(anna.is_entered());
  EXPECT_TRUE(eventually([&] { return !anna.got().empty(); }));
  EXPECT_EQ(anna.got().front(), R"({"type":"ping"})");
  anna.say(R"({"type":"ping","token":")" + token + R"("})");
  EXPECT_TRUE(eventually([&] { return anna.got().back().starts_with(R"({"type":"pong","t)"); }));
}

TEST(Gateway, ADeadLineIsDroppedWithoutACloseFrame) {
  auto options = GatewayWorld::quick();
  options.heartbeat = milliseconds(20);
  options.dead_after = milliseconds(50);
  GatewayWorld world(options);
  GatewayClient anna(world, 0);
  anna.go_silent();
  anna.open(world.log_in(kAnna, "a"));
  EXPECT_TRUE(eventually([&] { return anna.ended() == GatewayClient::kDropped; }));
}

TEST(Gateway, TooManySocketsOfOneTokenAreRefused) {
  GatewayWorld world;
  const auto token = world.log_in(kAnna, "a");
  std::vector<std::unique_ptr<GatewayClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<GatewayClient>(world, 0));
    EXPECT_EQ(clients.back()->open(token), 101);
  }
  GatewayClient one_more(world, 1);
  EXPECT_EQ(one_more.open(token), 503);
  clients.pop_back();
  EXPECT_EQ(one_more.open(token), 101);
}

TEST(Gateway, OperatorsSeeAndDisconnectSockets) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  GatewayClient ben(world, 1);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  ben.open(world.log_in(kBen, "b"));
  ASSERT_TRUE(ben.is_entered());
  EXPECT_EQ(world.gateway.count().users, 2);
  const auto all = world.run(world.gateway.list("", 1, 0));
  EXPECT_EQ(all.total, 2);
  ASSERT_EQ(all.sockets.size(), 1u);
  EXPECT_EQ(all.sockets[0].username, "user8");  // the newest
  const auto found = world.run(world.gateway.list("7", 10, 0));
  ASSERT_EQ(found.sockets.size(), 1u);
  EXPECT_EQ(found.sockets[0].address, "192.0.2.1");
  EXPECT_FALSE(world.run(world.gateway.disconnect(kBen, found.sockets[0].id)));
  EXPECT_TRUE(world.run(world.gateway.disconnect(kAnna, found.sockets[0].id)));
  EXPECT_TRUE(eventually([&] { return world.gateway.count().users == 1; }));
  EXPECT_EQ(anna.ended(), GatewayClient::kDropped);
}

TEST(Gateway, PresenceFollowsTheSockets) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  const auto users = [&] { return *world.run(world.presence->count_users()); };
  EXPECT_TRUE(eventually([&] { return users() == 1; }));
  anna.close(Ended::kClosed);
  EXPECT_TRUE(eventually([&] { return users() == 0; }));
}

TEST(Gateway, AStopDropsEverybodyAndKeepsTheirAcknowledgements) {
  auto options = GatewayWorld::quick();
  options.ack_write = milliseconds(60'000);
  GatewayWorld world(options);
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"));
  ASSERT_TRUE(anna.is_entered());
  world.say(1, {kAnna});
  ASSERT_TRUE(anna.gets({"1"}));
  world.gateway.stop();
  EXPECT_EQ(anna.ended(), GatewayClient::kDropped);
  EXPECT_EQ(world.log.delivered(kAnna, 1), 1);
}

TEST(Gateway, AcknowledgingClientsAcknowledgeByThemselves) {
  GatewayWorld world;
  GatewayClient anna(world, 0);
  anna.open(world.log_in(kAnna, "a"), "&ack=1");
  ASSERT_TRUE(anna.is_entered());
  world.say(3, {kAnna});
  ASSERT_TRUE(anna.gets({"1"}));
  anna.say(R"({"type":"ack","acks":[[3,1]]})");
  EXPECT_TRUE(eventually([&] { return world.log.delivered(kAnna, 3) == 1; }));
  anna.say(R"({"type":"sync"})");
  EXPECT_TRUE(anna.gets({"1", R"({"type":"synced"})"}));
}

}  // namespace
}  // namespace qn::gateway
