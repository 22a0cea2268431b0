#include "bus/redis/redis_cache.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <csignal>
#include <future>
#include <utility>
#include <vector>

#include "bus/cache_metrics.h"
#include "bus/redis/redis_connection.h"
#include "bus/redis/redis_state.h"

namespace qn::bus {
namespace asio = boost::asio;
namespace {

using Millis = std::chrono::milliseconds;
using IfLost = RedisCommand::IfLost;
using Kind = RedisReply::Kind;

constexpr std::chrono::seconds kStopPatience{2};

// Only the first increment sets the expiry: a fixed window. A script runs as
// one step, during which the key cannot expire.
constexpr std::string_view kIncrementScript =
    "local value = redis.call('GET', KEYS[1]) "
    "if value == false or value == ARGV[2] then "
    "redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) "
    "return 1 "
    "end "
    "return redis.call('INCR', KEYS[1])";

class RedisCache final : public Cache {
 public:
  RedisCache(EventLoops& loops, RedisOptions options, Random& random, Metrics& metrics);
  ~RedisCache() override { stop(); }

  Task<Result<std::optional<std::string>>> get(std::string key) override;
  Task<Result<void>> set(std::string key, std::string value, Millis ttl) override;
  Task<Result<bool>> set_if_absent(std::string key, std::string value, Millis ttl) override;
  Task<Result<void>> erase(std::string key) override;
  Task<Result<std::int64_t>> increment(std::string key, Millis window) override;
  Task<Result<void>> clear(std::string prefix) override;

  bool is_ready() const override { return state_->is_ready(); }
  void stop() override;

 private:
  // The answer to a command about one key, counted when it fails.
  Task<Result<RedisReply>> ask_about(CacheOp op, std::string key, RedisCommand command);
  Task<Result<RedisReply>> ask(RedisCommand command);
  std::shared_ptr<RedisConnection> connection_for(const asio::any_io_executor& caller) const;
  std::string full_key(const std::string& key) const { return state_->options.key_prefix + key; }

  // Constant after construction.
  CacheMetrics metrics_;
  const std::shared_ptr<RedisState> state_;
  std::vector<std::shared_ptr<RedisConnection>> connections_;

  std::atomic<bool> stopped_ = false;
};

RedisCommand command_of(std::initializer_list<std::string_view> words) {
  RedisCommand command;
  command.words.assign(words.begin(), words.end());
  return command;
}

std::string millis_text(Millis span) {
  return std::to_string(at_least_1_ms(span).count());
}

bool is_on(const asio::any_io_executor& loop, const asio::any_io_executor& caller) {
  return &loop.context() == &caller.context();
}

asio::io_context& io_context_of(const RedisConnection& connection) {
  return static_cast<asio::io_context&>(connection.loop().context());
}

void ignore_sigpipe() {
  struct sigaction current = {};
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
    std::signal(SIGPIPE, SIG_IGN);
  }
}

RedisCache::RedisCache(EventLoops& loops, RedisOptions options, Random& random, Metrics& metrics)
    : metrics_(metrics),
      state_(std::make_shared<RedisState>(std::move(options), loops.size(), metrics_.up)) {
  ignore_sigpipe();
  for (std::size_t i = 0; i < loops.size(); ++i) {
    auto connection = std::make_shared<RedisConnection>(loops.executor(i), state_, random);
    loops.spawn(i, RedisConnection::run(connection));
    connections_.push_back(std::move(connection));
  }
}

Task<Result<std::optional<std::string>>> RedisCache::get(std::string key) {
  auto command = command_of({"GET", full_key(key)});
  CO_TRY(RedisReply reply, co_await ask_about(CacheOp::kGet, std::move(key), std::move(command)));
  const bool hit = reply.kind == Kind::kText && reply.text != kRedisTombstone;
  metrics_.count_get(hit);
  if (!hit) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(reply.text));
}

Task<Result<void>> RedisCache::set(std::string key, std::string value, Millis ttl) {
  auto command = command_of({"SET", full_key(key), value, "PX", millis_text(ttl)});
  CO_CHECK_OK(co_await ask_about(CacheOp::kSet, std::move(key), std::move(command)));
  metrics_.count_ok(CacheOp::kSet);
  co_return Result<void>();
}

Task<Result<bool>> RedisCache::set_if_absent(std::string key, std::string value, Millis ttl) {
  auto command = command_of({"SET", full_key(key), value, "NX", "PX", millis_text(ttl)});
  CO_TRY(const RedisReply reply,
         co_await ask_about(CacheOp::kSetIfAbsent, std::move(key), std::move(command)));
  metrics_.count_ok(CacheOp::kSetIfAbsent);
  co_return reply.kind == Kind::kText;
}

Task<Result<void>> RedisCache::erase(std::string key) {
  const std::vector<std::string> full_keys{full_key(key)};
  auto command = erase_command(full_keys);
  command.if_lost = IfLost::kEraseKey;
  command.key = std::move(key);
  const auto reply = co_await ask(std::move(command));
  if (!reply) {
    metrics_.count_unavailable(CacheOp::kErase);
    co_return reply.error();
  }
  metrics_.count_ok(CacheOp::kErase);
  co_return Result<void>();
}

Task<Result<std::int64_t>> RedisCache::increment(std::string key, Millis window) {
  auto command = command_of(
      {"EVAL", kIncrementScript, "1", full_key(key), millis_text(window), kRedisTombstone});
  const auto reply = co_await ask_about(CacheOp::kIncrement, std::move(key), std::move(command));
  if (reply) {
    metrics_.count_ok(CacheOp::kIncrement);
    co_return reply->integer;
  }
  const auto& failure = reply.error();
  const bool no_counter = failure.detail.find("not an integer") != failure.detail.npos;
  if (no_counter) co_return internal_error("cache: increment of a value that is no counter");
  co_return failure;
}

Task<Result<void>> RedisCache::clear(std::string prefix) {
  const RedisAsk ask_any = [this](RedisCommand command) { return ask(std::move(command)); };
  auto full_prefix = full_key(prefix);
  const auto cleared =
      co_await clear_redis_keys(ask_any, std::move(full_prefix), IfLost::kEraseEverything);
  if (!cleared) {
    metrics_.count_unavailable(CacheOp::kClear);
    co_return cleared.error();
  }
  metrics_.count_ok(CacheOp::kClear);
  co_return Result<void>();
}

Task<Result<RedisReply>> RedisCache::ask_about(CacheOp op, std::string key, RedisCommand command) {
  if (state_->erasures.block(key)) {
    metrics_.count_unavailable(op);
    co_return unavailable("redis: an erasure of this key is not applied yet");
  }
  auto reply = co_await ask(std::move(command));
  if (!reply) metrics_.count_unavailable(op);
  co_return reply;
}

Task<Result<RedisReply>> RedisCache::ask(RedisCommand command) {
  if (stopped_) co_return unavailable("redis: stopped");
  const asio::any_io_executor caller = co_await asio::this_coro::executor;
  const auto connection = connection_for(caller);
  Result<RedisReply> out = unavailable("no answer");
  const std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    auto done = [&out, resume](Result<RedisReply> reply) {
      out = std::move(reply);
      resume();
    };
    if (is_on(connection->loop(), caller)) {
      return connection->submit(std::move(command), std::move(done));
    }
    asio::post(connection->loop(), [connection, &command, done = std::move(done)]() mutable {
      connection->submit(std::move(command), std::move(done));
    });
  };
  co_await suspend(start);
  if (!out) out.error().detail.insert(0, "redis: ");
  co_return out;
}

std::shared_ptr<RedisConnection> RedisCache::connection_for(
    const asio::any_io_executor& caller) const {
  for (const auto& connection : connections_) {
    if (is_on(connection->loop(), caller)) return connection;
  }
  return connections_.front();
}

// Waits until the loops have closed their connections, unless it runs on one of
// them. On loops that have stopped nothing runs any more: it closes from here.
void RedisCache::stop() {
  if (stopped_.exchange(true)) return;
  bool on_a_loop = false;
  std::vector<std::future<void>> closed;
  for (const auto& connection : connections_) {
    auto& loop = io_context_of(*connection);
    on_a_loop |= loop.get_executor().running_in_this_thread();
    std::packaged_task<void()> close([connection] { connection->close(); });
    closed.push_back(close.get_future());
    if (loop.stopped()) {
      close();
    } else {
      asio::post(loop, std::move(close));
    }
  }
  if (on_a_loop) return;
  for (const auto& done : closed) done.wait_for(kStopPatience);
}

}  // namespace

std::unique_ptr<Cache> make_redis_cache(EventLoops& loops, RedisOptions options, Random& random,
                                        Metrics& metrics) {
  return std::make_unique<RedisCache>(loops, std::move(options), random, metrics);
}

}  // namespace qn::bus
