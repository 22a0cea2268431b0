#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <future>

#include "base/event_loops.h"

namespace qn {
namespace {

Task<void> collect(WorkerPool& pool, std::function<int()> job, std::promise<Result<int>>& out) {
  out.set_value(co_await pool.run(std::move(job)));
}

class WorkerPoolTest : public ::testing::Test {
 protected:
  Result<int> run(WorkerPool& pool, std::function<int()> job) {
    std::promise<Result<int>> promise;
    loops_.spawn(0, collect(pool, std::move(job), promise));
    return promise.get_future().get();
  }

  Metrics metrics_;
  EventLoops loops_{1, metrics_};
};

TEST_F(WorkerPoolTest, RunsOnAnotherThreadAndReturnsTheValue) {
  WorkerPool pool({.name = "test", .threads = 1}, metrics_);
  const auto result = run(pool, [] { return 7; });
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(*result, 7);
}

TEST_F(WorkerPoolTest, AFullQueueRefusesAtOnce) {
  WorkerPool pool({.name = "test", .threads = 1, .max_queue = 1}, metrics_);
  std::promise<void> started;
  std::promise<void> release;
  auto gate = release.get_future().share();
  std::promise<Result<int>> running;
  std::promise<Result<int>> queued;
  const auto block = [&started, gate] {
    started.set_value();
    gate.wait();
    return 1;
  };
  loops_.spawn(0, collect(pool, block, running));
  started.get_future().wait();
  loops_.spawn(0, collect(
                      pool, [] { return 2; }, queued));

  const auto refused = run(pool, [] { return 3; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kOverloaded);
  release.set_value();
  EXPECT_EQ(*running.get_future().get(), 1);
  EXPECT_EQ(*queued.get_future().get(), 2);
}

TEST_F(WorkerPoolTest, AfterStopItRefuses) {
  WorkerPool pool({.name = "test", .threads = 1}, metrics_);
  pool.stop();
  EXPECT_EQ(run(pool, [] { return 1; }).error().code, ErrorCode::kOverloaded);
}

}  // namespace
}  // namespace qn
