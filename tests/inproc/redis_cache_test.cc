#include "bus/redis/redis_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/cache_world.h"
#include "support/redis_server.h"

namespace qn::bus {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using Steady = std::chrono::steady_clock;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class RedisCacheTest : public testing::Test {
 protected:
  RedisOptions options() const {
    RedisOptions out;
    out.port = server_.port();
    out.timeout = 5s;  // tests of the timeout set their own
    out.max_backoff = 100ms;
    return out;
  }
  void connect(RedisOptions how) {
    world_.connect(std::move(how));
    ASSERT_TRUE(world_.wait_ready());
  }
  Cache& cache() { return *world_.cache; }
  Result<std::optional<std::string>> get(const std::string& key) {
    return world_.run(cache().get(key));
  }
  bool set(const std::string& key, const std::string& value) {
    return world_.run(cache().set(key, value, 1h)).has_value();
  }
  ErrorCode erase_error(const std::string& key, std::size_t loop = 0) {
    return world_.run(cache().erase(key), loop).error().code;
  }
  // The server crashes, and what it knew comes back with it.
  void crash_and_remember() {
    ASSERT_EQ(server_.command("SAVE"), "OK");
    server_.kill();
    ASSERT_TRUE(eventually([&] { return !cache().is_ready(); }));
  }
  void come_back() {
    server_.restart();
    ASSERT_TRUE(world_.wait_ready());
  }

  test::RedisServer server_;
  test::CacheWorld world_;
};

TEST_F(RedisCacheTest, KeysHaveThePrefixAndAnExpiry) {
  connect(options());
  ASSERT_TRUE(set("a", "1"));
  ASSERT_TRUE(world_.run(cache().increment("n", 1h)));
  EXPECT_EQ(server_.command("GET qn:a"), "1");
  for (const char* key : {"qn:a", "qn:n"}) {
    const auto left = std::stoll(server_.command(std::string("PTTL ") + key));
    EXPECT_GT(left, 3'500'000) << key;
    EXPECT_LE(left, 3'600'000) << key;
  }
}

TEST_F(RedisCacheTest, ConnectsByName) {
  auto how = options();
  how.host = "localhost";
  connect(how);
  EXPECT_TRUE(set("a", "1"));
}

TEST_F(RedisCacheTest, UnknownHostIsUnavailable) {
  auto how = options();
  how.host = "no-such-host.invalid";
  testing::internal::CaptureStderr();
  world_.connect(how);
  EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
  world_.cache->stop();
  testing::internal::GetCapturedStderr();
}

TEST_F(RedisCacheTest, SignsInAndSelectsTheDatabase) {
  test::RedisServer server("s3cret");
  auto how = options();
  how.port = server.port();
  how.password = "s3cret";
  how.db = 3;
  connect(how);
  ASSERT_TRUE(set("a", "1"));
  EXPECT_EQ(server.command("GET qn:a", 3), "1");
  EXPECT_EQ(server.command("GET qn:a", 0), "nil");
}

TEST_F(RedisCacheTest, SignsInAsAUserWhoMayOnlyDoWhatWeNeed) {
  ASSERT_EQ(server_.command("ACL SETUSER app on >pw ~qn:* +get +set +incr +unlink +scan +eval"),
            "OK");
  auto how = options();
  how.user = "app";
  how.password = "pw";
  connect(how);
  ASSERT_TRUE(set("a", "1"));
  EXPECT_EQ(world_.run(cache().increment("n", 1h)).value(), 1);
  EXPECT_TRUE(world_.run(cache().clear("")));
  EXPECT_EQ(get("a").value(), std::nullopt);
}

TEST_F(RedisCacheTest, WrongPasswordIsLoggedOnceAndUnavailable) {
  test::RedisServer server("s3cret");
  auto how = options();
  how.port = server.port();
  how.password = "hunter2";
  testing::internal::CaptureStderr();
  world_.connect(how);
  ASSERT_TRUE(eventually([&] {
    const auto got = get("a");
    return got.error().detail.find("WRONGPASS") != std::string::npos;
  }));
  cache().stop();
  const auto logged = testing::internal::GetCapturedStderr();
  EXPECT_EQ(count_of(logged, "redis.away"), 1U) << logged;
  EXPECT_NE(logged.find("AUTH failed: WRONGPASS"), std::string::npos) << logged;
  EXPECT_EQ(logged.find("hunter2"), std::string::npos) << logged;
}

TEST_F(RedisCacheTest, MissingPasswordIsUnavailable) {
  test::RedisServer server("s3cret");
  auto how = options();
  how.port = server.port();
  testing::internal::CaptureStderr();
  world_.connect(how);
  EXPECT_TRUE(
      eventually([&] { return get("a").error().detail.find("NOAUTH") != std::string::npos; }));
  cache().stop();
  testing::internal::GetCapturedStderr();
}

TEST_F(RedisCacheTest, FailsFastWhileAwayAndWorksAgainAfterwards) {
  connect(options());
  auto& up = world_.metrics.gauge("qn_cache_up", "");
  EXPECT_EQ(up.value(), 1);
  testing::internal::CaptureStderr();
  server_.kill();
  ASSERT_TRUE(eventually([&] { return !cache().is_ready() && !get("a"); }));
  EXPECT_EQ(up.value(), 0);
  const auto begin = Steady::now();
  for (int i = 0; i < 200; ++i) EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
  EXPECT_LT(Steady::now() - begin, 4s);  // one timeout is longer than that
  server_.restart();
  ASSERT_TRUE(world_.wait_ready());
  const auto logged = testing::internal::GetCapturedStderr();
  EXPECT_EQ(count_of(logged, "redis.away"), 1U) << logged;
  EXPECT_EQ(count_of(logged, "redis.back"), 1U) << logged;
  EXPECT_NE(logged.find("downtime_seconds="), std::string::npos) << logged;
  EXPECT_TRUE(set("a", "1"));
  EXPECT_EQ(up.value(), 1);
}

TEST_F(RedisCacheTest, StartsWithoutRedisAndFindsItLater) {
  server_.kill();
  world_.connect(options());
  EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
  come_back();
  EXPECT_TRUE(set("a", "1"));
}

TEST_F(RedisCacheTest, ErasureWhileAwayIsAppliedBeforeAnythingIsAnswered) {
  connect(options());
  ASSERT_TRUE(set("session", "valid"));
  ASSERT_TRUE(set("other", "kept"));
  crash_and_remember();
  EXPECT_EQ(erase_error("session"), ErrorCode::kUnavailable);
  server_.restart();
  // No moment may show the old value, whatever answers first.
  ASSERT_TRUE(eventually([&] {
    const auto got = get("session");
    EXPECT_TRUE(!got || !*got);
    return got.has_value();
  }));
  EXPECT_NE(server_.command("GET qn:session"), "valid");
  EXPECT_FALSE(world_.run(cache().set_if_absent("session", "stale", 1h)).value());
  EXPECT_EQ(get("other").value(), "kept");
}

TEST_F(RedisCacheTest, TooManyErasuresWhileAwayClearEverythingOfOurs) {
  auto how = options();
  how.max_erasures = 8;
  connect(how);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(set("s" + std::to_string(i), "valid"));
  server_.command("SET foreign stays");
  crash_and_remember();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(erase_error("s" + std::to_string(i), i % 2), ErrorCode::kUnavailable);
  }
  come_back();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get("s" + std::to_string(i)).value(), std::nullopt);
  EXPECT_EQ(server_.command("GET foreign"), "stays");
}

TEST_F(RedisCacheTest, ClearWhileAwayIsAppliedToo) {
  connect(options());
  ASSERT_TRUE(set("a", "1"));
  crash_and_remember();
  EXPECT_EQ(world_.run(cache().clear("a")).error().code, ErrorCode::kUnavailable);
  come_back();
  EXPECT_EQ(get("a").value(), std::nullopt);
  EXPECT_TRUE(set("a", "2"));
}

TEST_F(RedisCacheTest, KeyThatAwaitsErasureIsHiddenFromTheOtherLoops) {
  auto how = options();
  how.min_backoff = how.max_backoff = 60s;
  connect(how);
  ASSERT_TRUE(set("session", "valid"));
  const auto clients = server_.command("CLIENT LIST TYPE normal");
  const auto id = clients.substr(3, clients.find(' ') - 3);
  ASSERT_EQ(server_.command("CLIENT KILL ID " + id), "1");
  ASSERT_TRUE(eventually([&] { return !cache().is_ready(); }));
  // Which loop it hit is unknown: the one that fails has lost its connection.
  const std::size_t lost = world_.run(cache().get("session"), 0).has_value() ? 1 : 0;
  EXPECT_EQ(world_.run(cache().get("session"), 1 - lost).value(), "valid");
  EXPECT_EQ(erase_error("session", lost), ErrorCode::kUnavailable);
  const auto hidden = world_.run(cache().get("session"), 1 - lost);
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(world_.run(cache().erase("session"), 1 - lost));
}

TEST_F(RedisCacheTest, StalledServerCostsOneTimeoutAndRecovers) {
  auto how = options();
  how.timeout = 300ms;
  connect(how);
  server_.pause();
  EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
  const auto begin = Steady::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
  EXPECT_LT(Steady::now() - begin, 3s);
  server_.resume();
  ASSERT_TRUE(world_.wait_ready());
  EXPECT_TRUE(eventually([&] { return set("a", "1"); }));
}

TEST_F(RedisCacheTest, StalledServerDoesNotReviveWhatWasErased) {
  auto how = options();
  how.timeout = 200ms;
  connect(how);
  for (int i = 0; i < 5; ++i) {
    const auto key = "session" + std::to_string(i);
    ASSERT_TRUE(eventually([&] { return set(key, "valid"); }));
    server_.pause();
    // Lies in the server's socket buffer and may be run after the stall.
    EXPECT_FALSE(set(key, "valid again"));
    EXPECT_EQ(erase_error(key), ErrorCode::kUnavailable);
    server_.resume();
    ASSERT_TRUE(eventually([&] {
      const auto got = get(key);
      EXPECT_TRUE(!got || !*got);
      return got.has_value();
    }));
    ASSERT_TRUE(world_.wait_ready());
    EXPECT_EQ(get(key).value(), std::nullopt);
  }
}

TEST_F(RedisCacheTest, LostConnectionsAreFencedOnTheServer) {
  auto how = options();
  how.timeout = 100ms;
  connect(how);
  ASSERT_EQ(server_.command("INFO commandstats").find("client|kill"), std::string::npos);
  server_.pause();
  EXPECT_FALSE(get("a"));
  server_.resume();
  ASSERT_TRUE(eventually([&] { return get("a").has_value() && cache().is_ready(); }));
  EXPECT_NE(server_.command("INFO commandstats").find("client|kill"), std::string::npos);
}

TEST_F(RedisCacheTest, ReadOnlyReplicaKeepsTheErasureForLater) {
  connect(options());
  ASSERT_TRUE(set("session", "valid"));
  ASSERT_EQ(server_.command("REPLICAOF 127.0.0.1 1"), "OK");
  EXPECT_EQ(erase_error("session"), ErrorCode::kUnavailable);
  EXPECT_EQ(get("session").error().code, ErrorCode::kUnavailable);
  ASSERT_EQ(server_.command("REPLICAOF NO ONE"), "OK");
  ASSERT_TRUE(eventually([&] { return get("session").has_value(); }));
  EXPECT_EQ(get("session").value(), std::nullopt);
}

TEST_F(RedisCacheTest, FullServerStillErases) {
  connect(options());
  ASSERT_TRUE(set("session", "valid"));
  ASSERT_EQ(server_.command("CONFIG SET maxmemory 1"), "OK");
  EXPECT_FALSE(set("other", "no room"));
  EXPECT_TRUE(world_.run(cache().erase("session")));
  EXPECT_EQ(get("session").value(), std::nullopt);
}

TEST_F(RedisCacheTest, ErrorOfOneCommandLeavesTheConnection) {
  connect(options());
  server_.command("LPUSH qn:list x");
  const auto wrong = get("list");
  EXPECT_EQ(wrong.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(wrong.error().detail.find("WRONGTYPE"), std::string::npos);
  EXPECT_TRUE(cache().is_ready());
  EXPECT_TRUE(set("a", "1"));
}

TEST_F(RedisCacheTest, AnswersGoToThoseWhoAsked) {
  connect(options());
  std::vector<std::future<Result<void>>> sets;
  for (std::size_t i = 0; i < 3'000; ++i) {
    const auto text = std::to_string(i);
    sets.push_back(world_.start(cache().set("k" + text, "v" + text, 1h), i % 2));
  }
  for (auto& done : sets) ASSERT_TRUE(done.get());
  std::vector<std::future<Result<std::optional<std::string>>>> gets;
  for (std::size_t i = 0; i < 3'000; ++i) {
    gets.push_back(world_.start(cache().get("k" + std::to_string(i)), i % 2));
  }
  for (std::size_t i = 0; i < gets.size(); ++i) {
    EXPECT_EQ(gets[i].get().value(), "v" + std::to_string(i));
  }
}

TEST_F(RedisCacheTest, QueueIsBoundedAndAnErasureOverItIsKept) {
  auto how = options();
  how.max_pending = 10;
  how.timeout = 60s;
  connect(how);
  ASSERT_TRUE(set("session", "valid"));
  server_.pause();
  std::vector<std::future<Result<std::optional<std::string>>>> waiting;
  for (int i = 0; i < 10; ++i) waiting.push_back(world_.start(cache().get("a")));
  const auto refused = get("a");
  EXPECT_EQ(refused.error().detail, "redis: too many commands wait");
  EXPECT_EQ(erase_error("session"), ErrorCode::kUnavailable);
  for (auto& answer : waiting) EXPECT_EQ(answer.get().error().code, ErrorCode::kUnavailable);
  server_.resume();
  ASSERT_TRUE(world_.wait_ready());
  EXPECT_EQ(get("session").value(), std::nullopt);
}

TEST_F(RedisCacheTest, StopEndsWaits) {
  auto how = options();
  how.timeout = 60s;
  connect(how);
  server_.pause();
  auto waiting = world_.start(cache().get("a"));
  EXPECT_EQ(waiting.wait_for(20ms), std::future_status::timeout);
  cache().stop();
  ASSERT_EQ(waiting.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(waiting.get().error().code, ErrorCode::kUnavailable);
}

TEST_F(RedisCacheTest, StopFromALoopDoesNotBlockIt) {
  connect(options());
  std::promise<void> stopped;
  world_.loops.post(0, [&] {
    cache().stop();
    stopped.set_value();
  });
  ASSERT_EQ(stopped.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(get("a").error().code, ErrorCode::kUnavailable);
}

TEST_F(RedisCacheTest, MayBeStoppedAfterTheLoops) {
  connect(options());
  world_.loops.stop();
  world_.cache->stop();
  EXPECT_FALSE(world_.cache->is_ready());
}

TEST_F(RedisCacheTest, CountsCommandsByOutcome) {
  connect(options());
  ASSERT_TRUE(set("a", "1"));
  ASSERT_TRUE(get("a"));
  ASSERT_TRUE(get("b"));
  server_.kill();
  ASSERT_TRUE(eventually([&] { return !cache().is_ready() && !get("a"); }));
  const auto count = [&](const char* op, const char* result) {
    return world_.metrics.counter("qn_cache_commands_total", "", {{"op", op}, {"result", result}})
        .value();
  };
  EXPECT_EQ(count("set", "ok"), 1U);
  EXPECT_EQ(count("get", "hit"), 1U);
  EXPECT_EQ(count("get", "miss"), 1U);
  EXPECT_GE(count("get", "unavailable"), 1U);
}

}  // namespace
}  // namespace qn::bus
