#include "base/task.h"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace qn {
namespace asio = boost::asio;

Task<void> suspend(std::function<void(std::function<void()> resume)> start) {
  auto initiate = [](auto handler, auto begin) {
    // std::function wants a copyable callable, a completion handler only moves.
    using Handler = decltype(handler);
    auto shared = std::make_shared<Handler>(std::move(handler));
    auto executor = asio::get_associated_executor(*shared);
    begin([shared, executor] { asio::post(executor, [shared] { (*shared)(); }); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      initiate, asio::use_awaitable, std::move(start));
}

}  // namespace qn
