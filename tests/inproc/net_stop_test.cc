#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "support/net_server.h"
#include "support/raw_http_client.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n";
constexpr std::string_view kGate = "GET /gate HTTP/1.1\r\nHost: t\r\n\r\n";

TEST(NetStop, FinishesWhatIsInFlightAndThenCloses) {
  NetServer server;
  RawHttpClient busy(server.port());
  RawHttpClient idle(server.port());
  idle.send(kGet);
  EXPECT_EQ(idle.read_response()->status, 200);
  busy.send(kGate);
  ASSERT_TRUE(server.service().gate.has_arrived(1));

  auto stopping = std::async(std::launch::async, [&] { server.server().stop(10s); });
  EXPECT_TRUE(idle.sees_end());
  EXPECT_TRUE(holds_soon([&] { return !RawHttpClient(server.port()).is_connected(); }));
  EXPECT_EQ(stopping.wait_for(0s), std::future_status::timeout);
  server.service().gate.open();
  const auto answer = busy.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "passed");
  EXPECT_EQ(answer->headers.at("connection"), "close");
  busy.end_writing();
  stopping.get();
}

TEST(NetStop, ARequestHalfReceivedMayBeCompleted) {
  NetServer server;
  RawHttpClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response()->status, 100);
  auto stopping = std::async(std::launch::async, [&] { server.server().stop(10s); });
  EXPECT_TRUE(holds_soon([&] { return !RawHttpClient(server.port()).is_connected(); }));
  client.send("body");
  EXPECT_EQ(client.read_response()->body, "POST /echo body");
  client.end_writing();
  stopping.get();
}

TEST(NetStop, DropsTheRestWhenGraceIsOver) {
  NetServer server;
  RawHttpClient slow(server.port());
  RawHttpClient deaf(server.port());
  RawHttpClient half(server.port());
  slow.send(kGate);
  deaf.send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n");
  half.send("GET /a HT");
  ASSERT_TRUE(server.service().gate.has_arrived(1));
  const auto start = std::chrono::steady_clock::now();
  server.server().stop(20ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
  EXPECT_TRUE(half.sees_end());
  deaf.read_all();
}

TEST(NetStop, IsIdempotentAndWorksWithoutClients) {
  NetServer server;
  server.server().stop(1s);
  server.server().stop(1s);
  EXPECT_FALSE(RawHttpClient(server.port()).is_connected());
}

TEST(NetStop, ARequestThatSleepsIsAbandonedWithoutHarm) {
  auto server = std::make_unique<NetServer>();
  RawHttpClient client(server->port());
  client.send("GET /sleep HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(holds_soon([&] {
    return server->metrics().render().find("qn_http_in_flight 1\n") != std::string::npos;
  }));
  server.reset();
  EXPECT_TRUE(client.sees_end());
}

TEST(NetStop, SurvivesClientsThatComeAndGoMeanwhile) {
  NetServer server;
  std::atomic<bool> over{false};
  std::thread clients([&] {
    while (!over) {
      RawHttpClient client(server.port());
      if (!client.is_connected()) continue;
      client.send(kGet);
      client.read_response();
      client.abort();
    }
  });
  for (int i = 0; i < 50; ++i) http_get(server.port(), "/a");
  server.server().stop(5s);
  over = true;
  clients.join();
}

}  // namespace
}  // namespace qn::test
