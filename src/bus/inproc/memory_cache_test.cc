#include "bus/inproc/memory_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/await.h"

namespace qn::bus {
namespace {

using namespace std::chrono_literals;

template <class T>
T run(Task<T> task) {
  return test::await_here(std::move(task));
}

class MemoryCacheTest : public testing::Test {
 protected:
  std::unique_ptr<Cache> make(std::size_t max_entries = 1'000'000) {
    return make_memory_cache(clock_, MemoryCacheOptions{max_entries}, metrics_);
  }
  bool has(const std::string& key) { return run(cache_->get(key)).value().has_value(); }
  void set(const std::string& key, std::chrono::milliseconds ttl = 1h) {
    ASSERT_TRUE(run(cache_->set(key, "v", ttl)));
  }
  double gauge(const char* name) { return metrics_.gauge(name, "").value(); }
  std::uint64_t dropped(const char* reason) {
    return metrics_.counter("qn_cache_dropped_total", "", {{"reason", reason}}).value();
  }

  FakeClock clock_;
  Metrics metrics_;
  std::unique_ptr<Cache> cache_ = make();
};

TEST_F(MemoryCacheTest, ValueExpiresByTheClock) {
  set("a", 10s);
  clock_.advance(9'999ms);
  EXPECT_TRUE(has("a"));
  clock_.advance(1ms);
  EXPECT_FALSE(has("a"));
}

TEST_F(MemoryCacheTest, SetAgainMovesTheExpiry) {
  set("a", 10s);
  clock_.advance(9s);
  set("a", 10s);
  clock_.advance(9s);
  EXPECT_TRUE(has("a"));
  EXPECT_EQ(gauge("qn_cache_entries"), 1);
}

TEST_F(MemoryCacheTest, ExpiredKeyCountsAsAbsent) {
  set("a", 10s);
  EXPECT_FALSE(run(cache_->set_if_absent("a", "w", 10s)).value());
  clock_.advance(10s);
  EXPECT_TRUE(run(cache_->set_if_absent("a", "w", 10s)).value());
  EXPECT_EQ(run(cache_->get("a")).value(), "w");
}

TEST_F(MemoryCacheTest, ErasureIsGuardedForAWhile) {
  set("a");
  ASSERT_TRUE(run(cache_->erase("a")));
  clock_.advance(Cache::kErasureGuard - 1ms);
  EXPECT_FALSE(run(cache_->set_if_absent("a", "stale", 1h)).value());
  clock_.advance(1ms);
  EXPECT_TRUE(run(cache_->set_if_absent("a", "fresh", 1h)).value());
}

TEST_F(MemoryCacheTest, IncrementsDoNotProlongTheWindow) {
  EXPECT_EQ(run(cache_->increment("n", 60s)).value(), 1);
  clock_.advance(59s);
  EXPECT_EQ(run(cache_->increment("n", 60s)).value(), 2);
  clock_.advance(1s);
  EXPECT_EQ(run(cache_->increment("n", 60s)).value(), 1);
}

TEST_F(MemoryCacheTest, FullCacheForgetsExpiredEntriesFirst) {
  cache_ = make(64 * 8);
  for (int i = 0; i < 8 * 64; ++i) set("old" + std::to_string(i), 1s);
  clock_.advance(2s);
  const auto evicted = dropped("full");
  for (int i = 0; i < 3 * 64; ++i) set("new" + std::to_string(i));
  for (int i = 0; i < 3 * 64; ++i) EXPECT_TRUE(has("new" + std::to_string(i)));
  EXPECT_EQ(dropped("full"), evicted);
}

TEST_F(MemoryCacheTest, StaysWithinItsBoundAndKeepsWhatIsRead) {
  cache_ = make(64 * 16);
  set("hot");
  for (int i = 0; i < 20'000; ++i) {
    set("cold" + std::to_string(i));
    ASSERT_TRUE(has("hot")) << i;
  }
  EXPECT_LE(gauge("qn_cache_entries"), 64 * 16);
  EXPECT_GT(dropped("full"), 18'000U);
}

TEST_F(MemoryCacheTest, CountersAreBoundedToo) {
  cache_ = make(64);
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(run(cache_->increment("n" + std::to_string(i), 1h)));
  }
  EXPECT_LE(gauge("qn_cache_entries"), 64);
}

TEST_F(MemoryCacheTest, ErasingInAnyOrderKeepsTheExpiryOrder) {
  cache_ = make(64 * 100);
  for (int i = 0; i < 1'000; ++i) set("k" + std::to_string(i), 1s * (1 + (i * 7919) % 1'000));
  for (int i = 0; i < 1'000; i += 3) ASSERT_TRUE(run(cache_->erase("k" + std::to_string(i))));
  clock_.advance(500s);
  for (int i = 0; i < 1'000; ++i) {
    const bool alive = i % 3 != 0 && 1 + (i * 7919) % 1'000 > 500;
    EXPECT_EQ(has("k" + std::to_string(i)), alive) << i;
  }
}

TEST_F(MemoryCacheTest, ClearForgetsOnlyThePrefix) {
  for (int i = 0; i < 200; ++i) set("session:" + std::to_string(i));
  set("limit:1");
  ASSERT_TRUE(run(cache_->clear("session:")));
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(has("session:" + std::to_string(i)));
  EXPECT_TRUE(has("limit:1"));
  EXPECT_EQ(gauge("qn_cache_entries"), 1);
}

TEST_F(MemoryCacheTest, CountsHitsAndMisses) {
  set("a");
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("b"));
  const auto get = [&](const char* result) {
    return metrics_.counter("qn_cache_commands_total", "", {{"op", "get"}, {"result", result}})
        .value();
  };
  EXPECT_EQ(get("hit"), 1U);
  EXPECT_EQ(get("miss"), 1U);
}

TEST_F(MemoryCacheTest, StoppedCacheIsUnavailable) {
  cache_->stop();
  EXPECT_FALSE(cache_->is_ready());
  EXPECT_EQ(run(cache_->get("a")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(gauge("qn_cache_up"), 0);
}

TEST_F(MemoryCacheTest, ThreadsCountTogetherWithoutLosingAny) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2'000;
  cache_ = make(64 * 16);
  std::atomic<std::int64_t> highest = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto n = run(cache_->increment("shared", 1h)).value();
        for (auto seen = highest.load(); seen < n && !highest.compare_exchange_weak(seen, n);) {
        }
        const auto key = std::to_string(t) + ':' + std::to_string(i % 100);
        EXPECT_TRUE(run(cache_->set(key, "v", 1h)));
        EXPECT_TRUE(run(cache_->erase(key)));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(highest, kThreads * kEach);
  EXPECT_LE(gauge("qn_cache_entries"), 64 * 16);
  clock_.advance(2h);
  ASSERT_TRUE(run(cache_->clear("")));
  EXPECT_EQ(gauge("qn_cache_entries"), 0);
}

}  // namespace
}  // namespace qn::bus
