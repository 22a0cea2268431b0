#include "bus/redis/resolve.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

namespace qn::bus {
namespace asio = boost::asio;
namespace {

// Outlives the wait for it: getaddrinfo cannot be interrupted.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& loop) : resolver(loop), timer(loop) {}
  asio::ip::tcp::resolver resolver;
  asio::steady_timer timer;
  std::optional<Result<std::vector<std::string>>> result;
};

void start(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
  lookup->resolver.async_resolve(
      host, "", [lookup, host](boost::system::error_code failure, const auto& found) {
        if (failure) {
          lookup->result = unavailable("cannot resolve " + host + ": " + failure.message());
        } else {
          std::vector<std::string> addresses;
          for (const auto& entry : found) {
            addresses.push_back(entry.endpoint().address().to_string());
          }
          lookup->result = std::move(addresses);
        }
        lookup->timer.cancel();
      });
}

}  // namespace

Task<Result<std::vector<std::string>>> resolve_host(std::string host,
                                                    std::chrono::milliseconds timeout) {
  boost::system::error_code failure;
  asio::ip::make_address(host, failure);
  if (!failure) co_return std::vector<std::string>(1, host);

  const auto loop = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(loop);
  lookup->timer.expires_after(timeout);
  start(lookup, host);
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  co_await lookup->timer.async_wait(token);
  if (lookup->result) co_return std::move(*lookup->result);
  lookup->resolver.cancel();
  co_return unavailable("resolving " + host + " takes too long");
}

}  // namespace qn::bus
