#include "base/event_loops.h"

#include <pthread.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "base/log.h"

namespace qn {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds kLagProbe{250};

// What this thread runs, if it is one of a loop.
thread_local const EventLoops* loops_of_thread = nullptr;
thread_local std::size_t loop_of_thread = 0;

// How late a timer fires is how long everything else on the loop waits.
Task<void> probe_lag(Gauge& gauge) {
  for (;;) {
    const auto due = std::chrono::steady_clock::now() + kLagProbe;
    co_await sleep_for(kLagProbe);
    const std::chrono::duration<double> late = std::chrono::steady_clock::now() - due;
    gauge.set(std::max(0.0, late.count()));
  }
}

}  // namespace

struct EventLoops::Loop {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(io);
  std::thread thread;
};

EventLoops::EventLoops(std::size_t count, Metrics& metrics)
    : loops_(std::make_unique<Loop[]>(count)), count_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    auto& loop = loops_[i];
    spawn(i, probe_lag(metrics.gauge("qn_loop_lag_seconds",
                                     "How late the last timer of an event loop fired.",
                                     {{"loop", std::to_string(i)}})));
    loop.thread = std::thread([this, i, &loop] {
      loops_of_thread = this;
      loop_of_thread = i;
      loop.io.run();
    });
    pthread_setname_np(loop.thread.native_handle(), ("loop-" + std::to_string(i)).c_str());
  }
}

EventLoops::~EventLoops() {
  stop();
}

std::size_t EventLoops::size() const {
  return count_;
}

Executor EventLoops::executor(std::size_t loop) const {
  return loops_[loop].io.get_executor();
}

std::size_t EventLoops::current() const {
  return loops_of_thread == this ? loop_of_thread : count_;
}

void EventLoops::spawn(std::size_t loop, Task<void> task) {
  asio::co_spawn(loops_[loop].io, std::move(task), [](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log::error("task.failed", {{"what", e.what()}});
    }
  });
}

void EventLoops::post(std::size_t loop, std::function<void()> fn) {
  asio::post(loops_[loop].io, std::move(fn));
}

void EventLoops::stop() {
  if (stopped_) return;
  stopped_ = true;
  for (std::size_t i = 0; i < count_; ++i) {
    loops_[i].guard.reset();
    loops_[i].io.stop();
  }
  for (std::size_t i = 0; i < count_; ++i) loops_[i].thread.join();
}

Task<void> sleep_for(std::chrono::milliseconds span) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace qn
