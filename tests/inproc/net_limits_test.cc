#include <gtest/gtest.h>

#include <string>

#include "support/net_server.h"
#include "support/raw_http_client.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n";

void expect_refusal(NetServer& server, std::string_view request, int status) {
  RawHttpClient client(server.port());
  client.send(request);
  const auto answer = client.read_response();
  ASSERT_TRUE(answer) << request;
  EXPECT_EQ(answer->status, status) << request;
  EXPECT_EQ(answer->body, "error " + std::to_string(status));
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(answer->headers.contains("x-request-id"));
  EXPECT_TRUE(client.sees_end());
}

TEST(NetLimits, RefusesWithTheRightStatus) {
  NetServer server;
  const std::string head = "POST /a HTTP/1.1\r\nHost: t\r\n";
  expect_refusal(server, "nonsense\r\n\r\n", 400);
  expect_refusal(server, "GET / HTTP/1.1\r\n\r\n", 400);
  expect_refusal(server, head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
  expect_refusal(server, head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
  expect_refusal(server, head + "Transfer-Encoding: gzip\r\n\r\n", 501);
  expect_refusal(server, "GET / HTTP/3.0\r\n\r\n", 505);
  expect_refusal(server, head + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431);
  expect_refusal(server, head + "Content-Length: 1001\r\n\r\n", 413);
  expect_refusal(server, head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", 413);
}

TEST(NetLimits, AnswersBeforeABadRequestStillLeave) {
  NetServer server;
  RawHttpClient client(server.port());
  client.send(std::string(kGet) + "bad\r\n\r\n");
  EXPECT_EQ(client.read_response()->status, 200);
  EXPECT_EQ(client.read_response()->status, 400);
  EXPECT_TRUE(client.sees_end());
}

TEST(NetLimits, ARefusedUploadCanReadItsAnswer) {
  NetServer server;
  RawHttpClient client(server.port());
  const std::string body(3'000'000, 'x');
  client.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n" + body);
  const auto answer = client.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
}

TEST(NetLimits, ASlowHeadIs408) {
  net::ServerOptions options;
  options.header_timeout = 40ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  // The clock runs from the first byte: dripping does not help.
  bool alive = client.send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 2'000 && alive && !client.has_input(2ms); ++i) alive = client.send("x");
  const auto answer = client.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(client.sees_end());
}

TEST(NetLimits, ASlowHeadBehindAnAnswerIs408) {
  net::ServerOptions options;
  options.header_timeout = 40ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  client.send(std::string(kGet) + "GET /");
  EXPECT_EQ(client.read_response()->status, 200);
  EXPECT_EQ(client.read_response()->status, 408);
}

TEST(NetLimits, ASilentBodyIs408ButASlowOneIsRead) {
  net::ServerOptions options;
  options.body_timeout = 400ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n");
  for (const char c : std::string_view("hello")) {
    EXPECT_FALSE(client.has_input(120ms));  // five times, more than the timeout together
    client.send({&c, 1});
  }
  EXPECT_EQ(client.read_response()->body, "POST /echo hello");
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_EQ(client.read_response()->status, 408);
  EXPECT_TRUE(client.sees_end());
}

TEST(NetLimits, IdleConnectionsEndSilently) {
  net::ServerOptions options;
  options.idle_timeout = 30ms;
  NetServer server(options);
  RawHttpClient unused(server.port());
  RawHttpClient used(server.port());
  used.send(kGet);
  EXPECT_EQ(used.read_response()->status, 200);
  EXPECT_TRUE(used.sees_end());
  EXPECT_TRUE(unused.sees_end());
}

TEST(NetLimits, ARequestInTheServiceIsNotIdle) {
  net::ServerOptions options;
  options.idle_timeout = options.header_timeout = options.body_timeout = 20ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  client.send("GET /gate HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_FALSE(client.has_input(100ms));
  server.service().gate.open();
  EXPECT_EQ(client.read_response()->body, "passed");
}

TEST(NetLimits, AClientThatTakesNothingIsDropped) {
  net::ServerOptions options;
  options.write_timeout = 50ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  // The bug was in this test: "no connection" was also true before the server had
  // accepted the client, and then everything arrived.
  client.send(kGet);
  ASSERT_EQ(client.read_response()->status, 200);
  std::string many;
  for (int i = 0; i < 20; ++i) many += "GET /big HTTP/1.1\r\nHost: t\r\n\r\n";
  client.send(many);
  EXPECT_TRUE(holds_soon([&] {
    return server.metrics().render().find("qn_http_connections 0\n") != std::string::npos;
  }));
  EXPECT_LT(client.read_all().size(), 20 * 4_MiB);
}

TEST(NetLimits, OneConnectionTooManyGetsA503) {
  net::ServerOptions options;
  options.max_connections = 2;
  NetServer server(options);
  RawHttpClient first(server.port());
  RawHttpClient second(server.port());
  first.send(kGet);
  second.send(kGet);
  EXPECT_EQ(first.read_response()->status, 200);
  EXPECT_EQ(second.read_response()->status, 200);
  expect_refusal(server, kGet, 503);
  first.abort();
  EXPECT_TRUE(holds_soon([&] { return http_get(server.port(), "/a")->status == 200; }));
}

TEST(NetLimits, AnOccupiedPortIsRefused) {
  NetServer server;
  net::ServerOptions options;
  options.listen = "127.0.0.1:" + std::to_string(server.port());
  Metrics metrics;
  SystemRandom random;
  EventLoops loops(1, metrics);
  const auto second = net::start_server(options, server.service(), loops, random, metrics);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().text, "address " + options.listen + " is already in use");
  EXPECT_FALSE(net::check_listen(options.listen).has_value());
  EXPECT_TRUE(net::check_listen("127.0.0.1:0").has_value());
}

std::string who(NetServer& server, std::string_view fields) {
  return http_get(server.port(), "/who", fields)->body;
}

TEST(NetAddresses, WithoutProxiesFieldsAreJustText) {
  NetServer server;
  const auto text = who(server, "X-Forwarded-For: 1.2.3.4\r\nX-Request-Id: abc\r\n");
  EXPECT_EQ(text.substr(0, 20), "127.0.0.1 127.0.0.1 ");
  EXPECT_EQ(text.find("abc"), std::string::npos);
  EXPECT_TRUE(text.ends_with(" plain"));
}

TEST(NetAddresses, ATrustedProxySpeaksForItsClient) {
  net::ServerOptions options;
  options.trusted_proxies = {"loopback", "10.0.0.0/8"};
  NetServer server(options);
  EXPECT_EQ(who(server, "X-Forwarded-For: 9.9.9.9, 1.2.3.4, 10.1.1.1\r\nX-Request-Id: a-B_1\r\n"),
            "127.0.0.1 1.2.3.4 a-B_1 plain");
  const auto answer = http_get(server.port(), "/who", "X-Request-Id: a-B_1\r\n");
  EXPECT_EQ(answer->headers.at("x-request-id"), "a-B_1");
  EXPECT_EQ(who(server, "X-Request-Id: a b\r\n").find("a b"), std::string::npos);
  EXPECT_EQ(who(server, "X-Request-Id: " + std::string(65, 'a') + "\r\n").find("aaa"),
            std::string::npos);
}

TEST(NetAddresses, ABadProxyListIsRefused) {
  net::ServerOptions options;
  options.trusted_proxies = {"my-proxy"};
  EXPECT_THROW(NetServer{options}, std::runtime_error);
}

}  // namespace
}  // namespace qn::test
