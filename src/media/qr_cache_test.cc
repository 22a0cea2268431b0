#include "media/qr_cache.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/metrics.h"
#include "media/qr_image.h"

namespace qn::media {
namespace {

class QrCacheTest : public ::testing::Test {
 protected:
  ~QrCacheTest() override { pool_.stop(); }

  Result<std::string> get(QrCache& cache, std::string text) {
    boost::asio::io_context io;
    // The coroutine rests while a worker draws.
    auto work = boost::asio::make_work_guard(io);
    std::optional<Result<std::string>> out;
    auto wait = [&]() -> Task<void> {
      out.emplace(co_await cache.png(std::move(text)));
      work.reset();
    };
    boost::asio::co_spawn(io, wait(), boost::asio::detached);
    io.run();
    return std::move(*out);
  }

  Metrics metrics_;
  WorkerPool pool_{{.name = "test", .threads = 1}, metrics_};
};

TEST_F(QrCacheTest, KeepsWhatWasDrawn) {
  QrCache cache(pool_, 1 << 20);
  const auto first = get(cache, "one");
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, *qr_png("one"));
  EXPECT_EQ(cache.bytes(), first->size() + 3);
  EXPECT_EQ(*get(cache, "one"), *first);
  EXPECT_EQ(cache.bytes(), first->size() + 3);
}

TEST_F(QrCacheTest, TheLeastLatelyUsedGoFirst) {
  const std::size_t one = qr_png("1")->size() + 1;
  QrCache cache(pool_, 2 * one + 40);
  get(cache, "1").value();
  get(cache, "2").value();
  get(cache, "1").value();
  get(cache, "3").value();
  const auto full = cache.bytes();
  EXPECT_LE(full, 2 * one + 40);
  get(cache, "1").value();  // still there
  EXPECT_EQ(cache.bytes(), full);
}

TEST_F(QrCacheTest, WhatIsTooLargeIsNotKept) {
  QrCache cache(pool_, 10);
  EXPECT_TRUE(get(cache, "one"));
  EXPECT_EQ(cache.bytes(), 0u);
  const auto too_long = get(cache, std::string(5'000, 'a'));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace qn::media
