#include "net/listener.h"

#include <gtest/gtest.h>

#include <string>

namespace qn::net {
namespace {

TEST(ParseListen, TakesNumericAddresses) {
  const auto v4 = parse_listen("127.0.0.1:7001");
  ASSERT_TRUE(v4.has_value());
  EXPECT_EQ(v4->family(), AF_INET);
  EXPECT_EQ(v4->port(), 7001);
  const auto v6 = parse_listen("[::]:0");
  ASSERT_TRUE(v6.has_value());
  EXPECT_EQ(v6->family(), AF_INET6);
  EXPECT_EQ(v6->port(), 0);
}

TEST(ParseListen, QuotesWhatItCannotRead) {
  for (const std::string text : {"", "7001", ":7001", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000",
                                 "127.0.0.1:x", "host:80", "::1:80", "[127.0.0.1]:80", "[]:80"}) {
    const auto parsed = parse_listen(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kRefused);
    EXPECT_NE(parsed.error().text.find('"' + text + '"'), std::string::npos);
  }
}

TEST(OpenListeners, ShareOnePortAmongThemselvesOnly) {
  const auto first = open_listeners("127.0.0.1:0", 3);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->sockets.size(), 3u);
  EXPECT_NE(first->port, 0);
  const std::string address = "127.0.0.1:" + std::to_string(first->port);
  const auto second = open_listeners(address, 3);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  EXPECT_EQ(second.error().text, "address " + address + " is already in use");
}

TEST(OpenListeners, SaysWhyItCannotListen) {
  const auto foreign = open_listeners("192.0.2.1:0", 1);  // not an address of this host
  ASSERT_FALSE(foreign.has_value());
  EXPECT_NE(foreign.error().text.find("cannot listen on 192.0.2.1:0"), std::string::npos);
}

}  // namespace
}  // namespace qn::net
