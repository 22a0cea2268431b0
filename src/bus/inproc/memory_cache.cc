#include "bus/inproc/memory_cache.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <utility>
#include <vector>

#include "bus/cache_metrics.h"
#include "bus/inproc/memory_shard.h"

namespace qn::bus {
namespace {

using IfPresent = MemoryShard::IfPresent;
using Millis = std::chrono::milliseconds;

constexpr std::size_t kShards = 64;

class MemoryCache final : public Cache {
 public:
  MemoryCache(Clock& clock, MemoryCacheOptions options, Metrics& metrics);

  Task<Result<std::optional<std::string>>> get(std::string key) override;
  Task<Result<void>> set(std::string key, std::string value, Millis ttl) override;
  Task<Result<bool>> set_if_absent(std::string key, std::string value, Millis ttl) override;
  Task<Result<void>> erase(std::string key) override;
  Task<Result<std::int64_t>> increment(std::string key, Millis window) override;
  Task<Result<void>> clear(std::string prefix) override;

  bool is_ready() const override { return !stopped_.load(std::memory_order_relaxed); }
  void stop() override;

 private:
  MemoryShard& shard_of(const std::string& key);
  bool put(std::string key, std::string value, Millis ttl, IfPresent policy);
  void note(const MemoryShard::Effect& effect);
  Error refuse(CacheOp op);

  // Constant after construction; everything they refer to locks for itself.
  Clock& clock_;
  CacheMetrics metrics_;
  Gauge& entries_;
  Counter& expired_;
  Counter& evicted_;
  std::vector<std::unique_ptr<MemoryShard>> shards_;

  std::atomic<bool> stopped_ = false;
};

Counter& dropped_counter(Metrics& metrics, const char* reason) {
  return metrics.counter("qn_cache_dropped_total", "Entries the memory cache forgot by itself.",
                         {{"reason", reason}});
}

MemoryCache::MemoryCache(Clock& clock, MemoryCacheOptions options, Metrics& metrics)
    : clock_(clock),
      metrics_(metrics),
      entries_(metrics.gauge("qn_cache_entries", "Entries in the memory cache.")),
      expired_(dropped_counter(metrics, "expired")),
      evicted_(dropped_counter(metrics, "full")) {
  const auto per_shard = std::max<std::size_t>(1, options.max_entries / kShards);
  for (std::size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<MemoryShard>(per_shard));
  }
  metrics_.up.set(1);
}

Task<Result<std::optional<std::string>>> MemoryCache::get(std::string key) {
  if (!is_ready()) co_return refuse(CacheOp::kGet);
  auto value = shard_of(key).find(key, clock_.now());
  metrics_.count_get(value.has_value());
  co_return std::move(value);
}

Task<Result<void>> MemoryCache::set(std::string key, std::string value, Millis ttl) {
  if (!is_ready()) co_return refuse(CacheOp::kSet);
  put(std::move(key), std::move(value), ttl, IfPresent::kReplace);
  metrics_.count_ok(CacheOp::kSet);
  co_return Result<void>();
}

Task<Result<bool>> MemoryCache::set_if_absent(std::string key, std::string value, Millis ttl) {
  if (!is_ready()) co_return refuse(CacheOp::kSetIfAbsent);
  const bool stored = put(std::move(key), std::move(value), ttl, IfPresent::kKeep);
  metrics_.count_ok(CacheOp::kSetIfAbsent);
  co_return stored;
}

Task<Result<void>> MemoryCache::erase(std::string key) {
  if (!is_ready()) co_return refuse(CacheOp::kErase);
  auto& shard = shard_of(key);
  const Time now = clock_.now();
  MemoryShard::Effect effect;
  shard.erase(std::move(key), now + kErasureGuard, now, effect);
  note(effect);
  metrics_.count_ok(CacheOp::kErase);
  co_return Result<void>();
}

Task<Result<std::int64_t>> MemoryCache::increment(std::string key, Millis window) {
  if (!is_ready()) co_return refuse(CacheOp::kIncrement);
  auto& shard = shard_of(key);
  const Time now = clock_.now();
  MemoryShard::Effect effect;
  const auto count = shard.add_one(std::move(key), now + at_least_1_ms(window), now, effect);
  note(effect);
  metrics_.count_ok(CacheOp::kIncrement);
  if (!count) co_return internal_error("cache: increment of a value that is no counter");
  co_return *count;
}

// A turn for others after each shard: together they may hold a million keys.
Task<Result<void>> MemoryCache::clear(std::string prefix) {
  const std::function<void(std::function<void()>)> yield = [](auto resume) { resume(); };
  for (auto& shard : shards_) {
    if (!is_ready()) co_return refuse(CacheOp::kClear);
    entries_.add(-static_cast<double>(shard->erase_prefix(prefix)));
    co_await suspend(yield);
  }
  metrics_.count_ok(CacheOp::kClear);
  co_return Result<void>();
}

void MemoryCache::stop() {
  stopped_ = true;
  metrics_.up.set(0);
}

MemoryShard& MemoryCache::shard_of(const std::string& key) {
  // The upper bits: the maps inside the shards use the lower ones.
  const std::uint64_t mixed = std::hash<std::string>{}(key)*0x9e3779b97f4a7c15ULL;
  return *shards_[(mixed >> 32) % kShards];
}

bool MemoryCache::put(std::string key, std::string value, Millis ttl, IfPresent policy) {
  auto& shard = shard_of(key);
  const Time now = clock_.now();
  MemoryShard::Effect effect;
  const auto outcome =
      shard.put(std::move(key), std::move(value), now + at_least_1_ms(ttl), now, policy, effect);
  note(effect);
  return outcome;
}

void MemoryCache::note(const MemoryShard::Effect& effect) {
  if (effect.entries != 0) entries_.add(static_cast<double>(effect.entries));
  if (effect.expired > 0) expired_.add(effect.expired);
  if (effect.evicted > 0) evicted_.add(effect.evicted);
}

Error MemoryCache::refuse(CacheOp op) {
  metrics_.count_unavailable(op);
  return unavailable("memory cache has stopped");
}

}  // namespace

std::unique_ptr<Cache> make_memory_cache(Clock& clock, MemoryCacheOptions options,
                                         Metrics& metrics) {
  return std::make_unique<MemoryCache>(clock, options, metrics);
}

}  // namespace qn::bus
