#include "net/client_address.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

TrustedProxies proxies(const std::vector<std::string>& entries) {
  auto parsed = TrustedProxies::parse(entries);
  EXPECT_TRUE(parsed.has_value());
  return std::move(*parsed);
}

bool trusts(const TrustedProxies& p, std::string_view address) {
  return p.contains(parse_ip(address).value());
}

std::string client(const TrustedProxies& p, std::initializer_list<std::string_view> fields) {
  Headers headers;
  headers.add("Host", "x");
  for (const auto field : fields) headers.add("X-Forwarded-For", field);
  return p.client("10.0.0.1", headers);
}

TEST(ParseIp, TakesBothKindsAndNothingElse) {
  EXPECT_EQ(to_string(parse_ip("192.0.2.7").value()), "192.0.2.7");
  EXPECT_EQ(to_string(parse_ip("2001:DB8::1").value()), "2001:db8::1");
  EXPECT_EQ(to_string(parse_ip("::ffff:192.0.2.7").value()), "192.0.2.7");
  for (const std::string_view text :
       {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "host", "::g", "[::1]"}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
}

TEST(TrustedProxies, MatchesBlocksToTheBit) {
  const auto p = proxies({"10.0.0.0/8", "192.168.4.0/22", "2001:db8::/33", "198.51.100.9"});
  EXPECT_TRUE(trusts(p, "10.255.0.1"));
  EXPECT_FALSE(trusts(p, "11.0.0.1"));
  EXPECT_TRUE(trusts(p, "192.168.7.255"));
  EXPECT_FALSE(trusts(p, "192.168.8.0"));
  EXPECT_TRUE(trusts(p, "2001:db8:7fff::1"));
  EXPECT_FALSE(trusts(p, "2001:db8:8000::1"));
  EXPECT_TRUE(trusts(p, "198.51.100.9"));
  EXPECT_FALSE(trusts(p, "198.51.100.8"));
}

TEST(TrustedProxies, LoopbackMeansBothKinds) {
  const auto p = proxies({"loopback"});
  EXPECT_TRUE(trusts(p, "127.0.0.1"));
  EXPECT_TRUE(trusts(p, "127.9.9.9"));
  EXPECT_TRUE(trusts(p, "::1"));
  EXPECT_FALSE(trusts(p, "128.0.0.1"));
}

TEST(TrustedProxies, NamesTheBadEntry) {
  for (const std::string entry :
       {"", "host", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129"}) {
    const auto parsed = TrustedProxies::parse({entry});
    ASSERT_FALSE(parsed.has_value()) << entry;
    EXPECT_NE(parsed.error().text.find('"' + entry + '"'), std::string::npos);
  }
}

TEST(ForwardedFor, IsTheRightmostUntrustedHop) {
  const auto p = proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(p, {}), "10.0.0.1");
  EXPECT_EQ(client(p, {"203.0.113.5"}), "203.0.113.5");
  EXPECT_EQ(client(p, {"1.1.1.1, 203.0.113.5, 10.9.9.9"}), "203.0.113.5");
  EXPECT_EQ(client(p, {"1.1.1.1", "203.0.113.5", "10.9.9.9"}), "203.0.113.5");
  EXPECT_EQ(client(p, {"10.1.1.1, 10.2.2.2"}), "10.1.1.1");
}

TEST(ForwardedFor, UnderstandsPortsAndStopsAtNonsense) {
  const auto p = proxies({"10.0.0.0/8"});
  EXPECT_EQ(client(p, {"203.0.113.5:4711"}), "203.0.113.5");
  EXPECT_EQ(client(p, {"[2001:db8::5]:4711"}), "2001:db8::5");
  EXPECT_EQ(client(p, {"2001:db8::5"}), "2001:db8::5");
  EXPECT_EQ(client(p, {"unknown, 10.9.9.9"}), "10.9.9.9");
  EXPECT_EQ(client(p, {"1.1.1.1, evil"}), "10.0.0.1");
  EXPECT_EQ(client(p, {"[::1"}), "10.0.0.1");
  EXPECT_EQ(client(p, {""}), "10.0.0.1");
}

}  // namespace
}  // namespace qn::net
