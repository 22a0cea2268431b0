#include <gtest/gtest.h>

#include <future>
#include <string>

#include "support/net_server.h"
#include "support/raw_http_client.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;

std::string head(std::string_view target, std::string_view fields) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: t\r\n").append(fields).append("\r\n");
  return text;
}

std::string length(std::size_t n) {
  return "Content-Length: " + std::to_string(n) + "\r\n";
}

std::string some_bytes(std::size_t n) {
  std::string out(n, '\0');
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<char>(i * 7 + i / 251);
  return out;
}

std::string report(std::string_view body) {
  return std::to_string(body.size()) + ' ' + std::to_string(sink_sum(body));
}

std::string as_chunks(std::string_view body, std::size_t size) {
  std::string out;
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    const auto piece = body.substr(0, size);
    char digits[17];
    std::snprintf(digits, sizeof digits, "%zx", piece.size());
    out.append(digits).append("\r\n").append(piece).append("\r\n");
  }
  return out + "0\r\n\r\n";
}

class NetStreamBody : public testing::Test {
 protected:
  NetServer server_;
  RawHttpClient client_{server_.port()};

  bool is_sink_gone() {
    return holds_soon([&] { return server_.service().sinks == 0; });
  }
};

TEST_F(NetStreamBody, TheSinkGetsTheBodyInSmallPieces) {
  const std::string body = some_bytes(3'000'000);
  client_.send(head("/sink", length(body.size())) + body);
  EXPECT_EQ(client_.read_response()->body, report(body));
  EXPECT_LE(server_.service().largest_piece, 64_KiB);
  EXPECT_GT(server_.service().largest_piece, 0u);
  EXPECT_TRUE(is_sink_gone());
}

TEST_F(NetStreamBody, ChunkedBodiesToo) {
  const std::string body = some_bytes(1'000'000);
  for (const std::size_t size : {777u, 65'536u, 400'000u}) {
    client_.send(head("/sink", "Transfer-Encoding: chunked\r\n") + as_chunks(body, size));
    EXPECT_EQ(client_.read_response()->body, report(body)) << size;
  }
  EXPECT_LE(server_.service().largest_piece, 64_KiB);
}

TEST_F(NetStreamBody, TheConnectionGoesOnAfterIt) {
  const std::string body = some_bytes(200'000);
  const std::string next = "GET /next HTTP/1.1\r\nHost: t\r\n\r\n";
  client_.send(next + head("/sink", length(body.size())) + body + next +
               head("/sink", "Transfer-Encoding: chunked\r\n") + as_chunks("abc", 2) + next);
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
  EXPECT_EQ(client_.read_response()->body, report(body));
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
  EXPECT_EQ(client_.read_response()->body, report("abc"));
  const auto last = client_.read_response();
  EXPECT_EQ(last->body, "GET /next ");
  EXPECT_FALSE(last->headers.contains("connection"));
}

TEST_F(NetStreamBody, BytesMayComeOneByOne) {
  for (const char c : head("/sink", length(3)) + "abc") client_.send({&c, 1});
  EXPECT_EQ(client_.read_response()->body, report("abc"));
  const std::string chunked = head("/sink", "Transfer-Encoding: chunked\r\n") + as_chunks("abc", 2);
  for (const char c : chunked) client_.send({&c, 1});
  EXPECT_EQ(client_.read_response()->body, report("abc"));
}

TEST_F(NetStreamBody, NoBodyHasNoSink) {
  client_.send(head("/sink", length(0)));
  EXPECT_EQ(client_.read_response()->body, "POST /sink ");
}

TEST_F(NetStreamBody, ARefusalComesBeforeTheBodyIsInvited) {
  client_.send(head("/sink/refuse", "Expect: 100-continue\r\n" + length(100)));
  const auto answer = client_.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
  EXPECT_EQ(answer->body, "no " + answer->headers.at("x-request-id"));
  EXPECT_EQ(answer->headers.at("connection"), "close");
  client_.end_writing();
  EXPECT_TRUE(client_.sees_end());
}

TEST_F(NetStreamBody, ARefusalReachesAClientThatSendsEverythingFirst) {
  client_.send(head("/sink/refuse", length(30'000'000)) + std::string(30'000'000, 'x'));
  const auto answer = client_.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
}

TEST_F(NetStreamBody, ABodyIsInvitedOnceItIsWanted) {
  client_.send(head("/sink", "Expect: 100-continue\r\n" + length(3)));
  EXPECT_EQ(client_.read_response()->status, 100);
  client_.send("abc");
  EXPECT_EQ(client_.read_response()->body, report("abc"));
}

TEST_F(NetStreamBody, TheLimitOfThePlanIsExact) {
  const std::string body = some_bytes(SampleService::kSinkLimit);
  client_.send(head("/sink", length(body.size())) + body);
  EXPECT_EQ(client_.read_response()->body, report(body));
  client_.send(head("/sink", length(body.size() + 1)));
  const auto answer = client_.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(server_.service().sinks, 0);
}

TEST_F(NetStreamBody, AChunkedBodyOverTheLimitEndsTheSink) {
  client_.send(head("/sink", "Transfer-Encoding: chunked\r\n") +
               as_chunks(some_bytes(SampleService::kSinkLimit + 1), 300'000));
  EXPECT_EQ(client_.read_response()->status, 413);
  EXPECT_TRUE(is_sink_gone());
}

TEST_F(NetStreamBody, ASinkThatRefusesIsAnsweredByTheService) {
  client_.send(head("/sink/full", length(3'000'000)) + std::string(3'000'000, 'x'));
  const auto answer = client_.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "full");
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(is_sink_gone());
}

TEST_F(NetStreamBody, AnExceptionIsStatus500) {
  for (const std::string path : {"/sink/throw", "/sink/burst"}) {
    RawHttpClient client(server_.port());
    client.send(head(path, length(3)) + "abc");
    const auto answer = client.read_response();
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 500);
    EXPECT_EQ(answer->headers.at("connection"), "close");
  }
  EXPECT_TRUE(is_sink_gone());
}

TEST_F(NetStreamBody, ABrokenOffBodyDestroysTheSink) {
  client_.send(head("/sink", length(1'000'000)) + "abc");
  EXPECT_TRUE(holds_soon([&] { return server_.service().largest_piece == 3u; }));
  client_.abort();
  EXPECT_TRUE(is_sink_gone());
  RawHttpClient other(server_.port());
  other.send(head("/sink", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\nzz\r\n");
  EXPECT_EQ(other.read_response()->status, 400);
  EXPECT_TRUE(is_sink_gone());
}

TEST_F(NetStreamBody, NothingIsReadWhileTheSinkWorks) {
  const std::string body = some_bytes(SampleService::kSinkLimit);
  auto sending = std::async(std::launch::async, [&] {
    return client_.send(head("/sink/gate", length(body.size())) + body);
  });
  ASSERT_TRUE(server_.service().gate.has_arrived(1));
  EXPECT_EQ(server_.service().largest_piece, 0u);
  server_.service().gate.open();
  EXPECT_TRUE(sending.get());
  EXPECT_EQ(client_.read_response()->body, report(body));
}

TEST_F(NetStreamBody, AnswersBeforeABodyDoNotWaitForIt) {
  client_.send("GET /first HTTP/1.1\r\nHost: t\r\n\r\n" + head("/sink/gate", length(3)) + "abc");
  EXPECT_EQ(client_.read_response()->body, "GET /first ");
  server_.service().gate.open();
  EXPECT_EQ(client_.read_response()->body, report("abc"));
}

TEST(NetStreamBodyTimes, SilenceIs408ButASlowSinkIsNot) {
  net::ServerOptions options;
  options.body_timeout = options.header_timeout = options.idle_timeout = 100ms;
  NetServer server(options);
  RawHttpClient client(server.port());
  client.send(head("/sink/gate", length(6)) + "abc");
  EXPECT_FALSE(client.has_input(300ms));
  client.send("def");
  server.service().gate.open();
  EXPECT_EQ(client.read_response()->body, report("abcdef"));
  client.send(head("/sink", length(6)) + "abc");
  EXPECT_EQ(client.read_response()->status, 408);
  EXPECT_TRUE(holds_soon([&] { return server.service().sinks == 0; }));
}

TEST(NetStreamBodyStop, AnUploadMayBeFinishedOrIsDropped) {
  NetServer server;
  RawHttpClient client(server.port());
  RawHttpClient stuck(server.port());
  client.send(head("/sink", length(6)) + "abc");
  stuck.send(head("/sink", length(6)) + "abc");
  EXPECT_TRUE(holds_soon([&] { return server.service().sinks == 2; }));
  auto stopping = std::async(std::launch::async, [&] { server.server().stop(400ms); });
  EXPECT_TRUE(holds_soon([&] { return !RawHttpClient(server.port()).is_connected(); }));
  client.send("def");
  const auto answer = client.read_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, report("abcdef"));
  EXPECT_EQ(answer->headers.at("connection"), "close");
  client.end_writing();
  stopping.get();
  EXPECT_FALSE(stuck.read_response());
  EXPECT_EQ(server.service().sinks, 0);
}

}  // namespace
}  // namespace qn::test
