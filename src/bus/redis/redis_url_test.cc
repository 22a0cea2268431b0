#include "bus/redis/redis_url.h"

#include <gtest/gtest.h>

namespace qn::bus {
namespace {

TEST(RedisUrl, HostAloneTakesTheDefaults) {
  const auto options = parse_redis_url("redis://cache.internal").value();
  EXPECT_EQ(options.host, "cache.internal");
  EXPECT_EQ(options.port, 6379);
  EXPECT_EQ(options.db, 0);
  EXPECT_EQ(options.user, "");
  EXPECT_EQ(options.password, "");
}

TEST(RedisUrl, ReadsEveryPart) {
  const auto options = parse_redis_url("redis://app:p%40ss%3A%2F@10.0.0.7:6380/3").value();
  EXPECT_EQ(options.user, "app");
  EXPECT_EQ(options.password, "p@ss:/");
  EXPECT_EQ(options.host, "10.0.0.7");
  EXPECT_EQ(options.port, 6380);
  EXPECT_EQ(options.db, 3);
}

TEST(RedisUrl, PasswordOfTheDefaultUser) {
  const auto options = parse_redis_url("redis://:se+cret@localhost/").value();
  EXPECT_EQ(options.user, "");
  EXPECT_EQ(options.password, "se+cret");
  EXPECT_EQ(options.db, 0);
}

TEST(RedisUrl, UnencodedAtSignInThePassword) {
  const auto options = parse_redis_url("redis://:p@ss:word@localhost").value();
  EXPECT_EQ(options.password, "p@ss:word");
  EXPECT_EQ(options.host, "localhost");
}

TEST(RedisUrl, Ipv6InBrackets) {
  EXPECT_EQ(parse_redis_url("redis://[::1]:7000").value().host, "::1");
  EXPECT_EQ(parse_redis_url("redis://[::1]:7000").value().port, 7000);
  EXPECT_EQ(parse_redis_url("redis://[fe80::2]").value().port, 6379);
}

TEST(RedisUrl, RefusesWithATextThatSaysWhy) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "must start with redis://"},
      {"http://localhost", "must start with redis://"},
      {"rediss://localhost", "TLS"},
      {"redis://", "host is missing"},
      {"redis://:pw@", "host is missing"},
      {"redis://:@localhost", "password is empty"},
      {"redis://app@localhost", "needs a password"},
      {"redis://a:%zz@localhost", "malformed percent escape"},
      {"redis://a:pw%4@localhost", "malformed percent escape"},
      {"redis://localhost:0", "port must be"},
      {"redis://localhost:", "port must be"},
      {"redis://localhost:65536", "port must be"},
      {"redis://localhost:6379x", "port must be"},
      {"redis://localhost/-1", "database must be"},
      {"redis://localhost/one", "database must be"},
      {"redis://localhost/0/1", "database must be"},
      {"redis://localhost?db=1", "no meaning"},
      {"redis://[::1", "closing bracket"},
      {"redis://[::1]6379", "after the IPv6"},
      {"redis://lo cal", "space or control"},
  };
  for (const auto& [url, text] : cases) {
    const auto parsed = parse_redis_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, ErrorCode::kRefused) << url;
    EXPECT_NE(parsed.error().text.find(text), std::string::npos) << url << parsed.error().text;
  }
}

TEST(RedisUrl, ErrorsNeverRepeatThePassword) {
  const auto parsed = parse_redis_url("redis://:hunter2@localhost:port");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().text.find("hunter2"), std::string::npos);
}

TEST(RedisUrl, BuildsWhatItParses) {
  RedisOptions options;
  options.host = "::1";
  options.port = 7001;
  options.user = "app user";
  options.password = "a/b:c@d%e?f#键";
  options.db = 15;
  const auto url = make_redis_url(options);
  const auto again = parse_redis_url(url).value();
  EXPECT_EQ(again.host, options.host);
  EXPECT_EQ(again.port, options.port);
  EXPECT_EQ(again.user, options.user);
  EXPECT_EQ(again.password, options.password);
  EXPECT_EQ(again.db, options.db);
}

TEST(RedisUrl, BuildsThePlainForm) {
  EXPECT_EQ(make_redis_url(RedisOptions{}), "redis://127.0.0.1:6379");
}

}  // namespace
}  // namespace qn::bus
