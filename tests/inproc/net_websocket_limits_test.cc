// The WebSocket transport when things go wrong: slow and broken peers, limits,
// the server's stop; and what TLS and compression change.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <future>
#include <stdexcept>

#include "net/ws_deflate.h"
#include "support/tls_client.h"
#include "support/ws_client.h"
#include "support/ws_server.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;
using Events = std::vector<std::string>;
namespace fs = std::filesystem;

// More than any socket buffers hold.
constexpr std::size_t kPiece = 60'000;
constexpr std::size_t kPieces = 400;

void echo(WsRecord& record) {
  record.on_message = [](net::WsConnection& connection, std::string_view payload) {
    connection.send(net::WsFrame::text(payload));
  };
}

TEST(NetWebSocketLimits, ASlowReaderIsDroppedWithoutACloseFrame) {
  net::ServerOptions options;
  options.websocket.max_outbound = 256_KiB;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  std::size_t accepted = 0;
  server.on_loop(0, [&](net::WsConnection& connection) {
    const auto frame = net::WsFrame::text(std::string(kPiece, 'x'));
    while (accepted < kPieces && connection.send(frame)) ++accepted;
    EXPECT_FALSE(connection.send(frame));
  });
  EXPECT_LT(accepted, kPieces);
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "broken", "destroyed"}));
  EXPECT_EQ(server.metric("qn_ws_dropped_total{cause=\"overflow\"}"), "1");
  const std::string all = client.http().read_all();
  EXPECT_LT(all.size(), accepted * (kPiece + 4) + 1);
}

TEST(NetWebSocketLimits, ADrainedQueueIsReported) {
  net::ServerOptions options;
  options.websocket.max_outbound = 64_MiB;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [&](net::WsConnection& connection) {
    const auto frame = net::WsFrame::text(std::string(kPiece, 'x'));
    for (std::size_t i = 0; i < kPieces; ++i) EXPECT_TRUE(connection.send(frame));
  });
  server.on_loop(0, [](net::WsConnection& connection) { EXPECT_GT(connection.outbound(), 0U); });
  EXPECT_EQ(server.record(0).count("drained"), 0U);
  for (std::size_t i = 0; i < kPieces; ++i) ASSERT_EQ(client.read_text().size(), kPiece);
  EXPECT_TRUE(server.record(0).ends_with("drained"));
  server.on_loop(0, [](net::WsConnection& connection) {
    EXPECT_EQ(connection.outbound(), 0U);
    EXPECT_TRUE(connection.send(net::WsFrame::text("on")));
  });
  EXPECT_EQ(client.read_text(), "on");
}

TEST(NetWebSocketLimits, ACloseWaitsForWhatIsPending) {
  net::ServerOptions options;
  options.websocket.max_outbound = 64_MiB;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [&](net::WsConnection& connection) {
    for (std::size_t i = 0; i < kPieces; ++i) {
      connection.send(net::WsFrame::text(std::string(kPiece, 'x')));
    }
  });
  client.send(close_frame(1000));
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  for (std::size_t i = 0; i < kPieces; ++i) ASSERT_EQ(client.read_text().size(), kPiece);
  EXPECT_TRUE(client.sees_close(1000));
}

TEST(NetWebSocketLimits, APeerThatSaysGoodbyeButReadsNothingIsNotWaitedFor) {
  net::ServerOptions options;
  options.websocket.max_outbound = 64_MiB;
  options.websocket.close_timeout = 40ms;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [&](net::WsConnection& connection) {
    for (std::size_t i = 0; i < kPieces; ++i) {
      connection.send(net::WsFrame::text(std::string(kPiece, 'x')));
    }
  });
  client.send(close_frame(1000));
  EXPECT_TRUE(holds_soon([&] { return server.metric("qn_ws_connections") == "0"; }));
}

TEST(NetWebSocketLimits, PingsWithoutReadingOverflow) {
  net::ServerOptions options;
  options.websocket.max_outbound = 64_KiB;
  WsServer server(options);
  WsClient client(server.port(), "/ws");
  const std::string ping = encode({9, true, 0, true, std::string(125, 'p')});
  std::string many;
  for (int i = 0; i < 1000; ++i) many += ping;
  for (int i = 0; i < 1000 && client.send(many); ++i) {
  }
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "broken", "destroyed"}));
}

TEST(NetWebSocketLimits, AnEndWithoutACloseFrameIsABrokenConnection) {
  WsServer server;
  WsClient half(server.port(), "/ws");
  half.send_text("last words");
  half.send(text_frame("never whole").substr(0, 9));
  half.http().end_writing();
  EXPECT_TRUE(half.sees_end());
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(),
            (Events{"open", "message last words", "broken", "destroyed"}));
  WsClient reset(server.port(), "/ws");
  reset.http().abort();
  EXPECT_TRUE(server.record(1).ends_with("destroyed"));
  EXPECT_EQ(server.record(1).events(), (Events{"open", "broken", "destroyed"}));
  EXPECT_EQ(server.metric("qn_ws_dropped_total{cause=\"peer\"}"), "2");
}

TEST(NetWebSocketLimits, AResetDuringAGoodbyeEndsIt) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  server.on_loop(0, [](net::WsConnection& connection) { connection.close(1000, ""); });
  client.http().abort();
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "dropped", "destroyed"}));
}

TEST(NetWebSocketLimits, CallsFromInsideEveryCallbackAreHarmless) {
  WsServer server;
  auto& record = server.record(0);
  record.on_open = [](net::WsConnection& c) { c.send(net::WsFrame::text("welcome")); };
  record.on_message = [](net::WsConnection& c, std::string_view) {
    c.ping(1);
    c.drop();
    EXPECT_FALSE(c.send(net::WsFrame::text("x")));
  };
  record.on_closed = [](net::WsConnection& c) {
    EXPECT_FALSE(c.send(net::WsFrame::text("x")));
    c.ping(2);
    c.close(1000, "");
    c.drop();
  };
  WsClient client(server.port(), "/ws");
  EXPECT_EQ(client.read_text(), "welcome");
  client.send(text_frame("a") + text_frame("b"));
  EXPECT_EQ(client.read()->opcode, 9U);
  EXPECT_TRUE(client.sees_end());
  EXPECT_TRUE(record.ends_with("destroyed"));
  EXPECT_EQ(record.events(), (Events{"open", "message a", "dropped", "destroyed"}));
}

TEST(NetWebSocketLimits, OneHandlerMayEndAnother) {
  WsServer server;
  WsClient first(server.port(), "/ws");
  WsClient second(server.port(), "/ws");
  server.record(1).on_message = [&](net::WsConnection& c, std::string_view) {
    server.record(0).connection->drop();
    c.send(net::WsFrame::text("done"));
  };
  second.send_text("end it");
  EXPECT_EQ(second.read_text(), "done");
  EXPECT_TRUE(first.sees_end());
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
}

TEST(NetWebSocketLimits, AnExceptionEndsOneConnectionOnly) {
  WsServer server;
  server.record(0).on_message = [](net::WsConnection&, std::string_view) {
    throw std::runtime_error("as the test wanted");
  };
  echo(server.record(1));
  WsClient bad(server.port(), "/ws");
  WsClient good(server.port(), "/ws");
  bad.send_text("x");
  EXPECT_TRUE(bad.sees_end());
  good.send_text("y");
  EXPECT_EQ(good.read_text(), "y");
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
}

TEST(NetWebSocketLimits, OneTooManyIsRefusedBeforeTheUpgrade) {
  net::ServerOptions options;
  options.max_websockets = 1;
  WsServer server(options);
  {
    WsClient first(server.port(), "/ws");
    ASSERT_TRUE(first.is_open());
    EXPECT_EQ(WsClient(server.port(), "/ws").answer()->status, 503);
  }
  EXPECT_TRUE(server.record(0).ends_with("destroyed"));
  EXPECT_TRUE(holds_soon([&] { return WsClient(server.port(), "/ws").is_open(); }));
}

TEST(NetWebSocketLimits, TheyDoNotCountAsConnections) {
  net::ServerOptions options;
  options.max_connections = 1;
  WsServer server(options);
  std::vector<std::unique_ptr<WsClient>> clients;
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(holds_soon([&] { return server.metric("qn_http_connections") == "0"; }));
    clients.push_back(std::make_unique<WsClient>(server.port(), "/ws"));
    EXPECT_TRUE(clients.back()->is_open());
  }
}

TEST(NetWebSocketLimits, ManyAtOnceAllGetTheirAnswers) {
  WsServer server;
  constexpr std::size_t kCount = 300;
  std::vector<std::unique_ptr<WsClient>> clients;
  for (std::size_t i = 0; i < kCount; ++i) {
    echo(server.record(i));
    clients.push_back(std::make_unique<WsClient>(server.port(), "/ws"));
  }
  for (std::size_t i = 0; i < kCount; ++i) clients[i]->send_text(std::to_string(i));
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(clients[i]->read_text(), std::to_string(i));
  for (std::size_t i = 0; i < kCount; i += 2) clients[i].reset();
  EXPECT_TRUE(holds_soon([&] { return server.metric("qn_ws_connections") == "150"; }));
  for (std::size_t i = 1; i < kCount; i += 2) {
    clients[i]->send_text("again");
    EXPECT_EQ(clients[i]->read_text(), "again");
  }
}

TEST(NetWebSocketStop, DropsThemAfterTheRequestsInFlight) {
  WsServer server;
  WsClient client(server.port(), "/ws");
  RawHttpClient busy(server.port());
  busy.send("GET /gate HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(server.gate().has_arrived(1));
  auto stopping = std::async(std::launch::async, [&] { server.server().stop(10s); });
  EXPECT_TRUE(holds_soon([&] { return !RawHttpClient(server.port()).is_connected(); }));
  client.send_text("still here");
  EXPECT_TRUE(server.record(0).ends_with("message still here"));
  server.gate().open();
  EXPECT_EQ(busy.read_response()->body, "plain");
  busy.end_writing();
  stopping.get();
  EXPECT_EQ(server.record(0).events(),
            (Events{"open", "message still here", "dropped", "destroyed"}));
  EXPECT_TRUE(client.sees_end());
  EXPECT_EQ(server.metric("qn_ws_dropped_total{cause=\"stop\"}"), "1");
}

TEST(NetWebSocketStop, ALateUpgradeIsRefused) {
  WsServer server;
  WsClient late(server.port());
  late.send(ws_handshake("/gate/ws"));
  ASSERT_TRUE(server.gate().has_arrived(1));
  auto stopping = std::async(std::launch::async, [&] { server.server().stop(10s); });
  EXPECT_TRUE(holds_soon([&] { return !RawHttpClient(server.port()).is_connected(); }));
  server.gate().open();
  EXPECT_EQ(late.http().read_response()->status, 503);
  late.http().end_writing();
  stopping.get();
  EXPECT_EQ(server.record(0).events(), Events{"destroyed"});
}

class NetWebSocketTls : public testing::Test {
 protected:
  NetWebSocketTls() {
    std::string name = (fs::temp_directory_path() / "qn-wss-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write_certificate(folder_, "t");
  }
  ~NetWebSocketTls() override { fs::remove_all(folder_); }

  net::ServerOptions options() const {
    net::ServerOptions options;
    options.tls_cert = folder_ / "cert.pem";
    options.tls_key = folder_ / "key.pem";
    options.websocket.max_outbound = 64_MiB;
    return options;
  }

  fs::path folder_;
};

TEST_F(NetWebSocketTls, TalksAndSaysGoodbye) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    WsServer server(options());
    echo(server.record(0));
    TlsClient client(server.port(), version);
    // One record holds the handshake, a whole frame and the start of another.
    client.send(ws_handshake("/ws") + text_frame("early") + text_frame("half").substr(0, 5));
    EXPECT_TRUE(client
                    .read_until("\x81\x05"
                                "early")
                    .ends_with("early"));
    client.send(text_frame("half").substr(5));
    EXPECT_EQ(client.read_until("half"), "\x81\x04half");
    const std::string large(60'000, 'x');
    client.send(text_frame(large));
    EXPECT_EQ(client.read_until(large).size(), 4 + large.size());
    client.send(close_frame(1000));
    EXPECT_EQ(client.read_until("\xe8"), "\x88\x02\x03\xe8");
    EXPECT_TRUE(client.sees_close_notify());
    EXPECT_TRUE(server.record(0).ends_with("destroyed"));
    EXPECT_EQ(server.record(0).events().back(), "destroyed");
  }
}

TEST_F(NetWebSocketTls, KeepsOrderWhenTheKernelIsFull) {
  WsServer server(options());
  TlsClient client(server.port());
  client.send(ws_handshake("/ws"));
  client.read_until("\r\n\r\n");
  std::string expected;
  server.on_loop(0, [&](net::WsConnection& connection) {
    for (std::size_t i = 0; i < 3000; ++i) {
      const auto frame = net::WsFrame::text(std::to_string(i) + std::string(i * 37 % 20'000, 'x'));
      expected += frame->bytes();
      EXPECT_TRUE(connection.send(frame));
    }
    const auto last = net::WsFrame::text("the end");
    expected += last->bytes();
    connection.send(last);
  });
  server.on_loop(0, [](net::WsConnection& connection) { EXPECT_GT(connection.outbound(), 0U); });
  const std::string all = client.read_until("the end");
  EXPECT_EQ(all.size(), expected.size());
  EXPECT_TRUE(all == expected);
  EXPECT_TRUE(server.record(0).ends_with("drained"));
  EXPECT_EQ(server.record(0).events(), (Events{"open", "drained"}));
}

TEST_F(NetWebSocketTls, DropSaysNothing) {
  WsServer server(options());
  TlsClient client(server.port());
  client.send(ws_handshake("/ws"));
  client.read_until("\r\n\r\n");
  server.on_loop(0, [](net::WsConnection& connection) { connection.drop(); });
  EXPECT_FALSE(client.sees_close_notify());
}

TEST(NetWebSocketDeflate, CompressesBothWays) {
  net::ServerOptions options;
  options.websocket.deflate = true;
  WsServer server(options);
  echo(server.record(0));
  WsClient client(server.port(), "/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  ASSERT_TRUE(client.answer()->headers.contains("sec-websocket-extensions"));
  const std::string text(1000, 'x');
  client.send({1, true, 4, true, net::ws_deflate(text)});
  const auto frame = client.read();
  EXPECT_EQ(frame->reserved, 4U);
  EXPECT_EQ(frame->payload, net::ws_deflate(text));
  client.send_text("short");
  EXPECT_EQ(client.read(), (WsTestFrame{1, true, 0, false, "short"}));
  EXPECT_TRUE(server.record(0).ends_with("message short"));
  EXPECT_EQ(server.record(0).events()[1], "message " + text);
  client.send({1, true, 4, true, net::ws_deflate(std::string(65'537, 'x'))});
  EXPECT_EQ(client.read()->close_code(), 1009);
}

TEST(NetWebSocketDeflate, ASmallWindowGetsLongMessagesAsTheyAre) {
  net::ServerOptions options;
  options.websocket.deflate = true;
  WsServer server(options);
  echo(server.record(0));
  WsClient client(server.port(), "/ws",
                  "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8\r\n");
  client.send_text(std::string(256, 'x'));
  EXPECT_EQ(client.read()->reserved, 4U);
  client.send_text(std::string(257, 'x'));
  EXPECT_EQ(client.read()->reserved, 0U);
}

}  // namespace
}  // namespace qn::test
