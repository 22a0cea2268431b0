// What a call of the in-process session cache costs an event loop.
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "bus/inproc/memory_cache.h"

namespace qn::bench {
namespace {

constexpr std::chrono::hours kLong{1};

std::string key_of(std::int64_t i) {
  return "session:0123456789abcdef01234567" + std::to_string(i);
}

Task<void> set_all(bus::Cache& cache, std::int64_t keys) {
  for (std::int64_t i = 0; i < keys; ++i) {
    std::string value(64, 'v');
    static_cast<void>(co_await cache.set(key_of(i), std::move(value), kLong));
  }
}

Task<void> get_loop(bus::Cache& cache, benchmark::State& state) {
  co_await set_all(cache, state.range(0));
  std::int64_t i = 0;
  for (auto _ : state) {
    auto value = co_await cache.get(key_of(i++ % state.range(0)));
    benchmark::DoNotOptimize(value);
  }
}

Task<void> set_loop(bus::Cache& cache, benchmark::State& state) {
  std::int64_t i = 0;
  for (auto _ : state) {
    std::string value(64, 'v');
    auto stored = co_await cache.set(key_of(i++ % state.range(0)), std::move(value), kLong);
    benchmark::DoNotOptimize(stored);
  }
}

void run(benchmark::State& state, Task<void> (*loop)(bus::Cache&, benchmark::State&)) {
  SystemClock clock;
  Metrics metrics;
  const auto cache = bus::make_memory_cache(clock, {}, metrics);
  boost::asio::io_context io{1};
  boost::asio::co_spawn(io, loop(*cache, state), boost::asio::detached);
  io.run();
}

BENCHMARK_CAPTURE(run, memory_cache_get, &get_loop)->Arg(1'000)->Arg(100'000);
BENCHMARK_CAPTURE(run, memory_cache_set, &set_loop)->Arg(1'000)->Arg(100'000)->Arg(2'000'000);

}  // namespace
}  // namespace qn::bench
