#pragma once

#include <hiredis/async.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/redis/redis_reply.h"
#include "bus/redis/redis_state.h"

namespace qn::bus {

// One command.
struct RedisCommand {
  using Words = std::vector<std::string>;
  // What to remember when Redis does not confirm, to make it up later.
  enum class IfLost { kForget, kEraseKey, kEraseEverything };

  Words words;
  IfLost if_lost = IfLost::kForget;
  std::string key;  // for kEraseKey, as the caller names it
};

// One connection to Redis on one event loop: connects, signs in, catches up on
// erasures, serves; when lost, rests and begins again. Owned by the cache and
// by run(); every call on the loop. While it is not serving, commands fail at
// once. Answers come in order, so one overdue answer means the server stalls:
// the connection is given up and all that wait for it fail together.
class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
 public:
  using Done = std::function<void(Result<RedisReply>)>;

  RedisConnection(boost::asio::any_io_executor loop, std::shared_ptr<RedisState> state,
                  Random& random);
  ~RedisConnection();

  // The whole life; ends soon after close().
  static Task<void> run(std::shared_ptr<RedisConnection> self);

  // Calls done exactly once, within the timeout: kUnavailable when Redis is
  // away, stalls, or answers with an error.
  void submit(RedisCommand command, Done done);
  void close();

  const boost::asio::any_io_executor& loop() const { return loop_; }

 private:
  enum class Phase { kAway, kConnecting, kGreeting, kServing, kClosed };
  using Words = RedisCommand::Words;

  struct Pending {
    RedisCommand command;
    Done done;
    std::chrono::steady_clock::time_point deadline;
  };

  Task<Result<void>> connect();
  Task<Result<void>> greet();
  Task<Result<void>> sign_in();
  Task<void> fence_lost_clients();
  Task<Result<void>> settle_erasures();
  Task<Result<RedisReply>> ask(RedisCommand command);
  Task<void> wait_for_change(std::chrono::milliseconds at_most);
  std::chrono::milliseconds next_backoff();

  Result<void> open(const std::string& address);
  void send(RedisCommand command, Done done);
  bool write(const RedisCommand& command);
  void give_up(std::string reason);
  void fail(Pending pending, const std::string& why);
  void check_overdue();
  void arm_overdue();

  void on_connect(int status);
  void on_disconnect();
  void on_reply(const redisReply* reply);

  // Constant after construction.
  const boost::asio::any_io_executor loop_;
  const std::shared_ptr<RedisState> state_;
  Random& random_;

  // Touched only on the loop.
  Phase phase_ = Phase::kAway;
  std::string reason_ = "not connected yet";  // why it is not serving
  redisAsyncContext* context_ = nullptr;
  std::optional<RedisClient> identity_;
  std::deque<Pending> pending_;
  int failed_attempts_ = 0;
  bool overdue_armed_ = false;
  boost::asio::steady_timer overdue_;
  boost::asio::steady_timer change_;  // cancelled to wake run()
};

// Erases these keys (with their prefix) in one step and leaves tombstones, the
// value kRedisTombstone for Cache::kErasureGuard. A server without memory for
// those still erases.
RedisCommand erase_command(const std::vector<std::string>& full_keys);
inline constexpr std::string_view kRedisTombstone("\0erased", 7);

using RedisAsk = std::function<Task<Result<RedisReply>>(RedisCommand)>;

// Unlinks every key of Redis that starts with `prefix`, some hundred per step.
Task<Result<void>> clear_redis_keys(RedisAsk ask, std::string prefix, RedisCommand::IfLost if_lost);

}  // namespace qn::bus
