// What every cache promises, checked on each of them.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "bus/inproc/memory_cache.h"
#include "support/cache_world.h"
#include "support/redis_server.h"

namespace qn::bus {
namespace {

using namespace std::chrono_literals;
using test::eventually;

enum class Kind { kMemory, kRedis };

class CacheConformance : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::kMemory) {
      world_.cache = make_memory_cache(clock_, {}, world_.metrics);
      return;
    }
    server_ = std::make_unique<test::RedisServer>();
    RedisOptions options;
    options.port = server_->port();
    options.timeout = 5s;  // a busy machine is no failure here
    world_.connect(options);
    ASSERT_TRUE(world_.wait_ready());
  }

  Cache& cache() { return *world_.cache; }
  std::optional<std::string> get(const std::string& key) {
    return world_.run(cache().get(key)).value();
  }
  void set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl = 1h) {
    ASSERT_TRUE(world_.run(cache().set(key, value, ttl)));
  }
  std::int64_t increment(const std::string& key, std::chrono::milliseconds window = 1h) {
    return world_.run(cache().increment(key, window)).value();
  }

  SystemClock clock_;
  std::unique_ptr<test::RedisServer> server_;
  boost::asio::io_context own_loop_{1};  // outlives those that post to it
  test::CacheWorld world_;
};

TEST_P(CacheConformance, AbsentKeyIsNothingAndNoError) {
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_P(CacheConformance, KeepsBytesAsTheyAre) {
  const std::vector<std::string> values = {"", "plain", std::string("\0\r\n$-1\r\n\xff", 9), "青鸟",
                                           std::string(100'000, 'x')};
  for (const auto& value : values) {
    set("key with spaces\r\n", value);
    EXPECT_EQ(get("key with spaces\r\n"), value);
  }
}

TEST_P(CacheConformance, SetReplacesValueAndExpiry) {
  set("a", "1", 30ms);
  set("a", "2");
  set("later", "1", 30ms);
  ASSERT_TRUE(eventually([&] { return !get("later"); }));
  EXPECT_EQ(get("a"), "2");
}

TEST_P(CacheConformance, ValueExpires) {
  set("a", "1", 20ms);
  EXPECT_TRUE(eventually([&] { return !get("a"); }));
}

TEST_P(CacheConformance, LifetimeThatHasJustEndedIsNoError) {
  set("a", "1", 0ms);
  set("b", "1", -5s);
  EXPECT_TRUE(eventually([&] { return !get("a") && !get("b"); }));
  EXPECT_TRUE(world_.run(cache().set_if_absent("c", "1", 0ms)));
  EXPECT_EQ(increment("d", 0ms), 1);
}

TEST_P(CacheConformance, SetIfAbsentKeepsTheFirst) {
  EXPECT_TRUE(world_.run(cache().set_if_absent("a", "first", 1h)).value());
  EXPECT_FALSE(world_.run(cache().set_if_absent("a", "second", 1h)).value());
  EXPECT_EQ(get("a"), "first");
}

TEST_P(CacheConformance, EraseForgetsAndMayRepeat) {
  set("a", "1");
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(world_.run(cache().erase("a")));
  EXPECT_EQ(get("a"), std::nullopt);
  set("a", "2");
  EXPECT_EQ(get("a"), "2");
}

TEST_P(CacheConformance, LateFillDoesNotUndoAnErasure) {
  ASSERT_TRUE(world_.run(cache().erase("never seen")));
  EXPECT_FALSE(world_.run(cache().set_if_absent("never seen", "stale", 1h)).value());
  EXPECT_EQ(get("never seen"), std::nullopt);
}

TEST_P(CacheConformance, ErasedCounterStartsAgainWithANewWindow) {
  for (int i = 0; i < 3; ++i) increment("n");
  ASSERT_TRUE(world_.run(cache().erase("n")));
  EXPECT_EQ(increment("n", 100ms), 1);
  EXPECT_EQ(get("n"), "1");
  EXPECT_TRUE(eventually([&] { return !get("n"); }));
}

TEST_P(CacheConformance, IncrementCountsFromOne) {
  EXPECT_EQ(increment("n"), 1);
  EXPECT_EQ(increment("n"), 2);
  EXPECT_EQ(increment("other"), 1);
  EXPECT_EQ(get("n"), "2");
}

TEST_P(CacheConformance, EveryAttemptDoesNotProlongTheWindow) {
  ASSERT_EQ(increment("n", 100ms), 1);
  EXPECT_TRUE(eventually([&] { return increment("n", 100ms) == 1; }));
}

TEST_P(CacheConformance, IncrementOfTextIsAnErrorAndChangesNothing) {
  set("a", "text");
  EXPECT_EQ(world_.run(cache().increment("a", 1h)).error().code, ErrorCode::kInternal);
  EXPECT_EQ(get("a"), "text");
}

TEST_P(CacheConformance, LoopsCountTogetherWithoutLosingAny) {
  std::vector<std::future<Result<std::int64_t>>> counts;
  for (std::size_t i = 0; i < 2'000; ++i) {
    counts.push_back(world_.start(cache().increment("n", 1h), i % 2));
  }
  std::vector<bool> seen(2'001);
  for (auto& count : counts) {
    const auto n = count.get().value();
    ASSERT_TRUE(n >= 1 && n <= 2'000);
    EXPECT_FALSE(seen[static_cast<std::size_t>(n)]);
    seen[static_cast<std::size_t>(n)] = true;
  }
}

TEST_P(CacheConformance, ClearForgetsThePrefixAndNothingElse) {
  for (int i = 0; i < 1'500; ++i) set("s[*?]\\:" + std::to_string(i), "1");
  for (const char* key : {"s", "sx:1", "s*:1", "other", "z"}) set(key, "1");
  ASSERT_TRUE(world_.run(cache().clear("s[*?]\\:")));
  for (int i = 0; i < 1'500; i += 50) {
    EXPECT_EQ(get("s[*?]\\:" + std::to_string(i)), std::nullopt);
  }
  for (const char* key : {"s", "sx:1", "s*:1", "other", "z"}) EXPECT_EQ(get(key), "1") << key;
}

TEST_P(CacheConformance, CallerNeedNotBeOnALoop) {
  set("a", "1");
  auto value = test::start_on(own_loop_.get_executor(), cache().get("a"));
  own_loop_.run();
  EXPECT_EQ(value.get().value(), "1");
}

TEST_P(CacheConformance, StoppedCacheIsUnavailable) {
  set("a", "1");
  for (int i = 0; i < 2; ++i) cache().stop();
  EXPECT_FALSE(cache().is_ready());
  EXPECT_EQ(world_.run(cache().get("a")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(world_.run(cache().erase("a")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(world_.run(cache().clear("a")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(world_.metrics.gauge("qn_cache_up", "").value(), 0);
}

INSTANTIATE_TEST_SUITE_P(Caches, CacheConformance, testing::Values(Kind::kMemory, Kind::kRedis),
                         [](const auto& kind) {
                           return kind.param == Kind::kMemory ? "Memory" : "Redis";
                         });

}  // namespace
}  // namespace qn::bus
