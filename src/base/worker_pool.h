#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"

namespace qn {

// Threads for work that blocks or burns CPU: password hashing, image scaling.
// Any thread may submit. The queue is bounded: a full queue refuses at once, so
// an overload shows as a clear answer and not as latency. Owned by app/, which
// stops it after everything that submits to it.
class WorkerPool {
 public:
  struct Options {
    std::string name;  // label in metrics and the thread's name
    std::size_t threads = 2;
    std::size_t max_queue = 256;  // jobs waiting, not counting those running
  };

  WorkerPool(Options options, Metrics& metrics);
  ~WorkerPool();

  // Runs fn on a worker and resumes the caller with its value. kOverloaded when
  // the queue is full or the pool has stopped. An exception in fn is rethrown
  // in the caller.
  template <class F, class T = std::invoke_result_t<F&>>
  Task<Result<T>> run(F fn);

  // Runs a job nobody waits for; it must not throw. False: the queue is full or
  // the pool has stopped.
  bool submit(std::function<void()> job);

  // Refuses new jobs, runs those queued, joins the threads. Idempotent.
  void stop();

 private:
  void work();

  const Options options_;
  Gauge& queue_depth_;
  Counter& refused_;

  std::mutex mu_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

template <class F, class T>
Task<Result<T>> WorkerPool::run(F fn) {
  std::optional<T> value;
  std::exception_ptr failure;
  bool accepted = true;
  // Named: g++ 12 destroys such a temporary twice inside a co_await expression.
  std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    accepted = submit([&, resume] {
      try {
        value.emplace(fn());
      } catch (...) {
        failure = std::current_exception();
      }
      resume();
    });
    if (!accepted) resume();
  };
  co_await suspend(std::move(start));
  if (failure) std::rethrow_exception(failure);
  if (!accepted) co_return Error{ErrorCode::kOverloaded, {}, options_.name + " queue is full"};
  co_return std::move(*value);
}

}  // namespace qn
