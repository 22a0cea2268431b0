// The WebSocket transport over real sockets: opening, messages, closing, limits.
#include <gtest/gtest.h>

#include <thread>

#include "net/ws_frame.h"
#include "support/ws_client.h"
#include "support/ws_server.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;
using Events = std::vector<std::string>;

void answer_everything(WsRecord& record) {
  record.on_message = [](net::WsConnection& connection, std::string_view payload) {
    connection.send(net::WsFrame::text("re " + std::string(payload)));
  };
}

TEST(NetWebSocket, OpensTalksAndCloses) {
  WsServer server;
  answer_everything(server.record(0));
  WsClient client(server.port(), "/ws");
  ASSERT_TRUE(client.is_open());
  EXPECT_EQ(client.answer()->headers.at("sec-websocket-accept"), kWsAccept);
  client.send_text("hello");
  EXPECT_EQ(client.read_text(), "re hello");
  client.send({2, true, 0, true, "bytes"});
  EXPECT_EQ(client.read_text(), "re bytes");
  client.send(close_frame(4321, "bye"));
  EXPECT_TRUE(client.sees_close(4321));
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(),
            (Events{"open", "message hello", "binary bytes", "closed", "destroyed"}));
}

TEST(NetWebSocket, TakesWhatCameBehindTheHandshake) {
  WsServer server;
  answer_everything(server.record(0));
  WsClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n" + ws_handshake("/ws") + text_frame("early") +
              text_frame("half").substr(0, 3));
  EXPECT_EQ(client.http().read_response()->body, "plain");
  EXPECT_EQ(client.http().read_response()->status, 101);
  EXPECT_EQ(client.read_text(), "re early");
  client.send(text_frame("half").substr(3));
  EXPECT_EQ(client.read_text(), "re half");
}

TEST(NetWebSocket, ReadsByteByByte) {
  WsServer server;
  answer_everything(server.record(0));
  WsClient client(server.port(), "/ws");
  const std::string bytes = encode({1, false, 0, true, "one "}) + encode({9, true, 0, true, "?"}) +
                            encode({0, true, 0, true, "two"}) + text_frame(std::string(200, 'x'));
  for (const char c : bytes) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.read(), (WsTestFrame{10, true, 0, false, "?"}));
  EXPECT_EQ(client.read_text(), "re one two");
  EXPECT_EQ(client.read_text(), "re " + std::string(200, 'x'));
}

TEST(NetWebSocket, AnswersRefusedHandshakesInHttp) {
  WsServer server;
  EXPECT_EQ(WsClient(server.port(), "/elsewhere").answer()->body, "plain");
  const std::string fields = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  EXPECT_EQ(http_get(server.port(), "/ws", fields)->status, 400);
  const auto old = http_get(
      server.port(), "/ws",
      fields + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n");
  EXPECT_EQ(old->status, 426);
  EXPECT_EQ(old->headers.at("sec-websocket-version"), "13");
  EXPECT_EQ(old->body, "error 426");
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), Events{"destroyed"});
}

TEST(NetWebSocket, EchoesTheFirstSubprotocol) {
  WsServer server;
  WsClient client(server.port(), "/ws", "Sec-WebSocket-Protocol: one, two\r\n");
  EXPECT_EQ(client.answer()->headers.at("sec-websocket-protocol"), "one");
}

TEST(NetWebSocket, SaysWhatWasWrongAndEnds) {
  WsServer server;
  const auto close_after = [&](const std::string& bytes) {
    WsClient client(server.port(), "/ws");
    client.send(bytes);
    const auto frame = client.read();
    client.http().end_writing();
    return frame && client.sees_end() ? frame->close_code() : 0;
  };
  EXPECT_EQ(close_after(encode({3, true, 0, true, "x"})), 1002);
  EXPECT_EQ(close_after(encode({1, true, 0, false, "x"})), 1002);
  EXPECT_EQ(close_after(encode({1, true, 4, true, "x"})), 1002);
  EXPECT_EQ(close_after(encode({0, true, 0, true, "x"})), 1002);
  EXPECT_EQ(close_after(encode({9, true, 0, true, std::string(126, 'x')})), 1002);
  EXPECT_EQ(close_after(close_frame(1005)), 1002);
  EXPECT_EQ(close_after(text_frame("\xff")), 1007);
  EXPECT_EQ(close_after(text_frame(std::string(65'537, 'x'))), 1009);
  EXPECT_TRUE(server.record(7).ends_with("destroyed"));
  EXPECT_EQ(server.record(7).events(), (Events{"open", "broken", "destroyed"}));
  EXPECT_EQ(server.metric("qn_ws_dropped_total{cause=\"protocol\"}"), "8");
}

TEST(NetWebSocket, TheCloseFrameArrivesAlthoughMoreIsSent) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  client.send(text_frame("\xff") + text_frame(std::string(60'000, 'x')));
  for (int i = 0; i < 20; ++i) client.send_text(std::string(60'000, 'x'));
  EXPECT_EQ(client.read()->close_code(), 1007);
}

TEST(NetWebSocket, ClosesFromTheServersSide) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [](net::WsConnection& connection) {
    connection.send(net::WsFrame::text("last"));
    connection.close(4001, "why");
    EXPECT_FALSE(connection.send(net::WsFrame::text("too late")));
    connection.close(4002, "again");
  });
  EXPECT_EQ(client.read_text(), "last");
  const auto frame = client.read();
  EXPECT_EQ(frame->close_code(), 4001);
  EXPECT_EQ(frame->payload.substr(2), "why");
  client.send_text("ignored");
  client.send(close_frame(4001));
  EXPECT_TRUE(client.sees_end());
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "dropped", "destroyed"}));
}

TEST(NetWebSocket, DoesNotWaitForeverForTheAnswer) {
  net::ServerOptions options;
  options.websocket.close_timeout = 40ms;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [](net::WsConnection& connection) { connection.close(0, ""); });
  EXPECT_TRUE(client.sees_close(1005));
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.metric("qn_ws_dropped_total{cause=\"timeout\"}"), "1");
}

TEST(NetWebSocket, DropSendsNoCloseFrame) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [](net::WsConnection& connection) {
    connection.send(net::WsFrame::text("before"));
    connection.drop();
    EXPECT_FALSE(connection.send(net::WsFrame::text("after")));
    connection.drop();
  });
  EXPECT_EQ(client.read_text(), "before");
  EXPECT_TRUE(client.sees_end());
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "dropped", "destroyed"}));
}

TEST(NetWebSocket, PingsComeBackWithTheirNumber) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [](net::WsConnection& connection) {
    connection.send(net::WsFrame::text("first"));
    connection.ping(0x0102030405060708);
  });
  EXPECT_EQ(client.read_text(), "first");
  const auto ping = client.read();
  EXPECT_EQ(ping->opcode, 9U);
  client.send({10, true, 0, true, "unasked for"});
  client.send({10, true, 0, true, ping->payload});
  EXPECT_TRUE(server.record(0).ends_with("pong " + std::to_string(0x0102030405060708)));
}

TEST(NetWebSocket, WhatIsSentInOneTurnLeavesTogetherAndInOrder) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  const auto shared = net::WsFrame::text("shared");
  server.on_loop(0, [&](net::WsConnection& connection) {
    for (int i = 0; i < 3000; ++i) {
      connection.send(i % 2 == 0 ? shared : net::WsFrame::text(std::to_string(i)));
    }
    EXPECT_GT(connection.outbound(), 3000U * 2);
  });
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(client.read_text(), i % 2 == 0 ? "shared" : std::to_string(i));
  }
  server.on_loop(0, [](net::WsConnection& connection) { EXPECT_EQ(connection.outbound(), 0U); });
  EXPECT_EQ(server.record(0).count("drained"), 0U);
}

TEST(NetWebSocket, CountsWhatHappens) {
  WsServer server;
  answer_everything(server.record(0));
  {
    WsClient client(server.port(), "/ws");
    EXPECT_TRUE(holds_soon([&] { return server.metric("qn_ws_connections") == "1"; }));
    client.send_text("hello");
    EXPECT_EQ(client.read_text(), "re hello");
    client.send(close_frame(1000));
    EXPECT_TRUE(client.sees_close(1000));
  }
  EXPECT_TRUE(holds_soon([&] { return server.metric("qn_ws_connections") == "0"; }));
  EXPECT_TRUE(
      holds_soon([&] { return server.metric("qn_ws_bytes_total{direction=\"out\"}") == "14"; }));
  EXPECT_EQ(server.metric("qn_ws_messages_total{direction=\"in\"}"), "1");
  EXPECT_EQ(server.metric("qn_ws_messages_total{direction=\"out\"}"), "1");
  EXPECT_EQ(server.metric("qn_ws_bytes_total{direction=\"in\"}"), "19");
  EXPECT_EQ(server.metric("qn_http_connections"), "0");
}

}  // namespace
}  // namespace qn::test
