#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

namespace qn {

// What a coroutine of this server returns. It runs on the executor it was
// spawned on (an event loop) and comes back to it after every co_await.
template <class T = void>
using Task = boost::asio::awaitable<T>;

// Parks the calling coroutine and calls `start` with a `resume` function. The
// coroutine goes on, on its own executor, once resume is called: exactly once,
// from any thread, also from inside `start`. Whoever keeps `resume` must call
// it in bounded time; it is not cancellable.
Task<void> suspend(std::function<void(std::function<void()> resume)> start);

}  // namespace qn
