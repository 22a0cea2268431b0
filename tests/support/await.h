#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <future>
#include <memory>
#include <utility>

#include "base/event_loops.h"
#include "base/task.h"

namespace qn::test {

// Runs the task to its end and keeps what comes of it in the promise. (Asio's
// use_future wants values with a default, which a Result has not.)
template <class T>
Task<void> fulfil(Task<T> task, std::shared_ptr<std::promise<T>> promise) {
  try {
    T value = co_await std::move(task);
    promise->set_value(std::move(value));
  } catch (...) {
    promise->set_exception(std::current_exception());
  }
}

// Starts the task on this executor; the future has its value.
template <class T>
std::future<T> start_on(const Executor& executor, Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();
  auto future = promise->get_future();
  boost::asio::co_spawn(executor, fulfil(std::move(task), std::move(promise)),
                        boost::asio::detached);
  return future;
}

// Runs the task on a loop of its own in this thread; for tasks no other thread
// resumes, which might still be posting when the loop goes away.
template <class T>
T await_here(Task<T> task) {
  boost::asio::io_context io{1};
  auto future = start_on(io.get_executor(), std::move(task));
  io.run();
  return future.get();
}

}  // namespace qn::test
