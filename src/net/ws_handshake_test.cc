#include "net/ws_handshake.h"

#include <gtest/gtest.h>

#include "support/ws_client.h"

namespace qn::net {
namespace {

constexpr std::string_view kKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::string_view kUpgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::string_view kVersion = "Sec-WebSocket-Version: 13\r\n";

// Of a whole head, or of fields behind a GET.
WsHandshake read(std::string head, bool deflate = false) {
  if (!head.starts_with("GET ")) head.insert(0, "GET /ws HTTP/1.1\r\nHost: t\r\n").append("\r\n");
  HttpRequest request;
  HeadFacts facts;
  EXPECT_EQ(parse_head(head, request, facts), 0) << head;
  EXPECT_TRUE(request.is_upgrade());
  WsOptions options;
  options.deflate = deflate;
  return read_ws_handshake(request, facts, options);
}

std::string fields(std::string_view extra = {}) {
  return std::string(kUpgrade).append(kVersion).append(kKey).append(extra);
}

std::string answer(const WsHandshake& handshake) {
  std::string out;
  append_ws_switch(out, handshake, "now", "id");
  return out;
}

TEST(WsHandshake, AnswersTheExampleOfTheRfc) {
  const auto handshake = read(fields());
  EXPECT_EQ(handshake.status, 101);
  EXPECT_EQ(answer(handshake),
            "HTTP/1.1 101 Switching Protocols\r\nDate: now\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "X-Request-Id: id\r\n\r\n");
  EXPECT_EQ(read(test::ws_handshake("/ws")).accept, test::kWsAccept);
}

TEST(WsHandshake, IsAskedForByGetOnly) {
  HttpRequest request;
  EXPECT_FALSE(request.is_upgrade());
  request.headers.add("Upgrade", "h2c, WEBSOCKET");
  EXPECT_TRUE(request.is_upgrade());
  request.method = Method::kPost;
  EXPECT_FALSE(request.is_upgrade());
}

TEST(WsHandshake, RefusesMalformedOnes) {
  const std::string start = std::string(kUpgrade).append(kVersion);
  EXPECT_EQ(read(start).status, 400);
  EXPECT_EQ(read(fields(kKey)).status, 400);
  EXPECT_EQ(read(start + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n").status, 400);
  EXPECT_EQ(read(start + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ===\r\n").status, 400);
  EXPECT_EQ(read(start + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n").status, 400);
  EXPECT_EQ(read(start + "Sec-WebSocket-Key: \r\n").status, 400);
  EXPECT_EQ(read(std::string(kUpgrade).append(kKey)).status, 400);  // no version
  EXPECT_EQ(read("Upgrade: websocket\r\nConnection: close\r\n" + std::string(kVersion).append(kKey))
                .status,
            400);
  EXPECT_EQ(read(fields("Content-Length: 3\r\n")).status, 400);
  EXPECT_EQ(read(fields("Sec-WebSocket-Protocol: a b\r\n")).status, 400);
  EXPECT_EQ(read("GET /ws HTTP/1.0\r\n" + fields() + "\r\n").status, 400);
}

TEST(WsHandshake, RefusesOtherVersions) {
  for (const std::string version : {"8", "14", "013", "x"}) {
    EXPECT_EQ(
        read(std::string(kUpgrade).append(kKey) + "Sec-WebSocket-Version: " + version + "\r\n")
            .status,
        426);
  }
}

TEST(WsHandshake, TakesTheFirstSubprotocol) {
  const auto handshake = read(fields("Sec-WebSocket-Protocol:  token-abc , chat\r\n"));
  EXPECT_EQ(handshake.protocol, "token-abc");
  EXPECT_NE(answer(handshake).find("\r\nSec-WebSocket-Protocol: token-abc\r\n"), std::string::npos);
}

TEST(WsHandshake, DeflatesOnlyWhenAllowed) {
  const std::string offer = fields("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  EXPECT_EQ(read(offer).deflate_window, 0);
  EXPECT_EQ(read(fields(), true).deflate_window, 0);
  const auto handshake = read(offer, true);
  EXPECT_EQ(handshake.deflate_window, 15);
  EXPECT_NE(answer(handshake).find("\r\nSec-WebSocket-Extensions: permessage-deflate; "
                                   "server_no_context_takeover; client_no_context_takeover\r\n"),
            std::string::npos);
}

int window(std::string_view offer) {
  return read(fields("Sec-WebSocket-Extensions: " + std::string(offer) + "\r\n"), true)
      .deflate_window;
}

TEST(WsHandshake, ChoosesTheFirstOfferItCanKeep) {
  EXPECT_EQ(window("permessage-deflate; client_max_window_bits"), 15);
  EXPECT_EQ(window("permessage-deflate; client_max_window_bits=\"10\""), 15);
  EXPECT_EQ(window("foo, permessage-deflate; server_max_window_bits=8"), 8);
  EXPECT_EQ(window("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
            15);
  EXPECT_EQ(window("permessage-deflate; server_max_window_bits=7, permessage-deflate"), 15);
  EXPECT_EQ(window("permessage-deflate; unknown"), 0);
  EXPECT_EQ(window("permessage-deflate; server_max_window_bits"), 0);
  EXPECT_EQ(window("permessage-deflate; server_max_window_bits=16"), 0);
  EXPECT_EQ(window("permessage-deflate; server_max_window_bits=08"), 0);
  EXPECT_EQ(window("permessage-deflate; client_max_window_bits=99"), 0);
  EXPECT_EQ(window("permessage-deflate; server_no_context_takeover=1"), 0);
  EXPECT_EQ(window("permessage-deflate; client_no_context_takeover; client_no_context_takeover"),
            0);
  EXPECT_EQ(window("permessage-deflate;"), 15);
  const auto named = read(
      fields("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12\r\n"), true);
  EXPECT_NE(answer(named).find("; server_max_window_bits=12\r\n"), std::string::npos);
}

}  // namespace
}  // namespace qn::net
