#include "support/net_server.h"

#include <gtest/gtest.h>

#include <string>

#include "support/raw_http_client.h"

namespace qn::test {
namespace {

std::string get(std::string_view target, std::string_view fields = {}) {
  std::string text = "GET ";
  text.append(target).append(" HTTP/1.1\r\nHost: t\r\n").append(fields).append("\r\n");
  return text;
}

std::string post(std::string_view target, std::string_view fields, std::string_view body) {
  std::string text = "POST ";
  text.append(target).append(" HTTP/1.1\r\nHost: t\r\n").append(fields).append("\r\n").append(body);
  return text;
}

class NetServerTest : public testing::Test {
 protected:
  NetServer server_;
  RawHttpClient client_{server_.port()};
};

TEST_F(NetServerTest, AnswersOneRequestAfterTheOther) {
  for (const std::string path : {"/a", "/b?x=1"}) {
    client_.send(get(path));
    const auto answer = client_.read_response();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "GET " + path + " ");
    EXPECT_EQ(answer->headers.at("content-type"), "text/plain");
    EXPECT_EQ(answer->headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer->headers.at("x-request-id").size(), 16u);
    EXPECT_EQ(answer->headers.at("date").size(), 29u);
    EXPECT_FALSE(answer->headers.contains("connection"));
  }
}

TEST_F(NetServerTest, AnswersPipelinedRequestsInOrder) {
  std::string all;
  for (int i = 0; i < 500; ++i) all += post("/" + std::to_string(i), "Content-Length: 2\r\n", "xy");
  client_.send(all);
  for (int i = 0; i < 500; ++i) {
    const auto answer = client_.read_response();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "POST /" + std::to_string(i) + " xy");
  }
}

TEST_F(NetServerTest, FirstAnswersDoNotWaitForASlowOne) {
  client_.send(get("/first") + get("/gate") + get("/last"));
  const auto first = client_.read_response();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->body, "GET /first ");
  ASSERT_TRUE(server_.service().gate.has_arrived(1));
  server_.service().gate.open();
  EXPECT_EQ(client_.read_response()->body, "passed");
  EXPECT_EQ(client_.read_response()->body, "GET /last ");
}

TEST_F(NetServerTest, ReadsChunkedBodies) {
  client_.send(post("/echo", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"));
  client_.send("1;ext=1\r\n!\r\n0\r\nTrailer: x\r\n\r\n" + get("/next"));
  EXPECT_EQ(client_.read_response()->body, "POST /echo hello!");
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
}

TEST_F(NetServerTest, ReadsRequestsThatArriveByteByByte) {
  for (const char c : post("/echo", "Content-Length: 3\r\n", "abc")) client_.send({&c, 1});
  EXPECT_EQ(client_.read_response()->body, "POST /echo abc");
}

TEST_F(NetServerTest, HeadHasTheLengthAndNoBody) {
  client_.send("HEAD /abc HTTP/1.1\r\nHost: t\r\n\r\n" + get("/next"));
  const auto head = client_.read_response(RawHttpClient::Body::kNone);
  EXPECT_EQ(head->headers.at("content-length"), "10");
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
}

TEST_F(NetServerTest, HeadOfASourceDoesNotReadIt) {
  client_.send("HEAD /measured HTTP/1.1\r\nHost: t\r\n\r\n" + get("/next"));
  EXPECT_EQ(client_.read_response(RawHttpClient::Body::kNone)->headers.at("content-length"), "11");
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
}

TEST_F(NetServerTest, StatusWithoutBodyHasNoLength) {
  client_.send(get("/empty") + get("/next"));
  const auto answer = client_.read_response();
  EXPECT_EQ(answer->status, 204);
  EXPECT_FALSE(answer->headers.contains("content-length"));
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
}

TEST_F(NetServerTest, InvitesTheBodyOfAClientThatAsks) {
  client_.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_EQ(client_.read_response()->status, 100);
  client_.send("abc");
  EXPECT_EQ(client_.read_response()->body, "POST /echo abc");
}

TEST_F(NetServerTest, RefusesABodyBeforeItIsSent) {
  client_.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 1001\r\n", ""));
  EXPECT_EQ(client_.read_response()->status, 413);
  EXPECT_TRUE(client_.sees_end());
}

TEST_F(NetServerTest, DoesNotInviteABodyThatIsThere) {
  client_.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 3\r\n", "abc"));
  EXPECT_EQ(client_.read_response()->status, 200);
}

TEST_F(NetServerTest, ClosesWhenAsked) {
  client_.send(get("/a", "Connection: close\r\n") + get("/never"));
  const auto answer = client_.read_response();
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(client_.sees_end());
}

TEST_F(NetServerTest, Http10ClosesUnlessAskedNotTo) {
  client_.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client_.read_response()->headers.at("connection"), "keep-alive");
  client_.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client_.read_response()->headers.at("connection"), "close");
  EXPECT_TRUE(client_.sees_end());
}

TEST_F(NetServerTest, AnswersAClientThatHasEndedItsSide) {
  client_.send(get("/a") + get("/gate"));
  client_.end_writing();
  EXPECT_EQ(client_.read_response()->body, "GET /a ");
  server_.service().gate.open();
  EXPECT_EQ(client_.read_response()->body, "passed");
  EXPECT_TRUE(client_.sees_end());
}

TEST_F(NetServerTest, SendsLargeBodies) {
  client_.send(get("/big") + get("/next"));
  EXPECT_EQ(client_.read_response()->body.size(), 4_MiB);
  EXPECT_EQ(client_.read_response()->body, "GET /next ");
}

TEST_F(NetServerTest, SendsSources) {
  client_.send(get("/chunks") + get("/measured"));
  const auto chunked = client_.read_response();
  EXPECT_EQ(chunked->headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(chunked->body, "onetwothree");
  const auto measured = client_.read_response();
  EXPECT_EQ(measured->headers.at("content-length"), "11");
  EXPECT_EQ(measured->body, "onetwothree");
}

TEST_F(NetServerTest, OldClientsGetSourcesUpToTheClose) {
  client_.send("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto answer = client_.read_response();
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_EQ(answer->body, "onetwothree");
}

TEST_F(NetServerTest, ASourceThatFailsCutsTheConnection) {
  client_.send(get("/broken"));
  EXPECT_FALSE(client_.read_response());
  RawHttpClient other(server_.port());
  other.send(get("/short"));
  EXPECT_FALSE(other.read_response());
}

TEST_F(NetServerTest, AnExceptionIsStatus500AndTheConnectionGoesOn) {
  client_.send(get("/throw") + get("/next"));
  const auto answer = client_.read_response();
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body, "error 500");
  EXPECT_EQ(client_.read_response()->status, 200);
}

TEST_F(NetServerTest, AClientThatVanishesDisturbsNobody) {
  client_.send(get("/gate"));
  ASSERT_TRUE(server_.service().gate.has_arrived(1));
  client_.abort();
  server_.service().gate.open();
  EXPECT_EQ(http_get(server_.port(), "/a")->status, 200);
}

TEST_F(NetServerTest, CountsWhatItDoes) {
  http_get(server_.port(), "/a");
  client_.send(get("/gate"));
  ASSERT_TRUE(server_.service().gate.has_arrived(1));
  const auto shows = [&](std::string_view line) {
    return holds_soon([&] { return server_.metrics().render().find(line) != std::string::npos; });
  };
  EXPECT_TRUE(shows("qn_http_requests_total{route=\"sample\",status=\"200\"} 1\n"));
  EXPECT_TRUE(shows("qn_http_request_seconds_count{route=\"sample\"} 1\n"));
  EXPECT_TRUE(shows("qn_http_in_flight 1\n"));
  EXPECT_TRUE(shows("qn_http_connections 1\n"));
  server_.service().gate.open();
  EXPECT_TRUE(shows("qn_http_in_flight 0\n"));
}

}  // namespace
}  // namespace qn::test
