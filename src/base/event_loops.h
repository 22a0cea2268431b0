#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <memory>

#include "base/metrics.h"
#include "base/task.h"

namespace qn {

using Executor = boost::asio::any_io_executor;

// N event loops, each an io_context run by one thread. A connection lives on
// one loop; talk between loops is a post. Owned by app/, outlives everything
// that runs on it.
class EventLoops {
 public:
  EventLoops(std::size_t count, Metrics& metrics);
  ~EventLoops();

  std::size_t size() const;
  Executor executor(std::size_t loop) const;
  // The loop that the calling thread runs; size() for any other thread.
  std::size_t current() const;

  // Starts a detached coroutine on a loop. An exception that escapes it is
  // logged, never fatal.
  void spawn(std::size_t loop, Task<void> task);
  void post(std::size_t loop, std::function<void()> fn);

  // Stops the loops and joins the threads; pending work is dropped, so stop
  // what runs on them first. Idempotent.
  void stop();

 private:
  struct Loop;
  std::unique_ptr<Loop[]> loops_;
  std::size_t count_;
  bool stopped_ = false;
};

// Lets the calling coroutine rest on its own loop.
Task<void> sleep_for(std::chrono::milliseconds span);

}  // namespace qn
