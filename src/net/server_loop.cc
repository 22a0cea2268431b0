#include "net/server_loop.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <ctime>

#include "base/bytes.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/http_date.h"

namespace qn::net {
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kAcceptPause = 100ms;
constexpr auto kLingerTime = 2s;
constexpr std::size_t kMaxRefusals = 64;  // 503s being delivered at a time
constexpr std::size_t kMaxSpareBuffers = 64;
constexpr std::size_t kMaxSpareCapacity = 64_KiB;

// A sweep late by an eighth of the shortest wait is early enough.
std::chrono::milliseconds sweep_interval(const ServerOptions& o) {
  const auto shortest = std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout,
                                  o.websocket.close_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 8, 5ms, 500ms);
}

void log_failure(std::exception_ptr failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    log::error("http.connection_failed", {{"what", e.what()}});
  }
}

IpAddress address_of(const asio::ip::tcp::endpoint& endpoint) {
  IpAddress out{};
  if (endpoint.address().is_v6()) {
    const auto bytes = endpoint.address().to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
  const auto bytes = endpoint.address().to_v4().to_bytes();
  out[10] = out[11] = 0xff;
  std::copy(bytes.begin(), bytes.end(), out.begin() + 12);
  return out;
}

// Spreads a counter over 64 bits (splitmix64), so that ids look unrelated.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

ServerShared::ServerShared(ServerOptions opts, TrustedProxies trusted, HttpService& svc,
                           Metrics& registry)
    : options(std::move(opts)),
      proxies(std::move(trusted)),
      service(svc),
      metrics(registry),
      connections_gauge(registry.gauge("qn_http_connections", "Open client connections.")),
      in_flight_gauge(registry.gauge("qn_http_in_flight", "Requests being answered.")) {}

ServerLoop::ServerLoop(std::shared_ptr<ServerShared> shared, Executor executor, Acceptor acceptor,
                       std::uint64_t id_seed)
    : shared_(std::move(shared)),
      executor_(executor),
      acceptor_(std::move(acceptor)),
      sweep_timer_(executor),
      queues_{DeadlineQueue(shared_->options.idle_timeout),
              DeadlineQueue(shared_->options.header_timeout),
              DeadlineQueue(shared_->options.body_timeout),
              DeadlineQueue(shared_->options.write_timeout), DeadlineQueue(kLingerTime)},
      metrics_(shared_->metrics),
      websockets_(std::make_shared<WsLoop>(shared_->options.websocket, executor, shared_->metrics,
                                           shared_->websockets)),
      next_id_(id_seed) {
  shared_->accepting.add();
  shared_->sweeping.add();
  shared_->websocket_loops.add();
}

ServerLoop::~ServerLoop() = default;

void ServerLoop::start() {
  auto self = shared_from_this();
  websockets_->start();
  asio::co_spawn(executor_, accept_all(self), [self](std::exception_ptr failure) {
    log_failure(failure);
    self->shared_->accepting.remove();
  });
  asio::co_spawn(executor_, sweep(self), [self](std::exception_ptr failure) {
    log_failure(failure);
    self->shared_->sweeping.remove();
  });
}

Task<void> ServerLoop::accept_all(std::shared_ptr<ServerLoop> self) {
  while (self->state_ == State::kServing) {
    Socket socket(self->executor_);
    asio::ip::tcp::endpoint peer;
    const auto [ec] = co_await self->acceptor_.async_accept(socket, peer, kAwait);
    if (self->state_ != State::kServing) break;
    if (!ec) {
      self->admit_or_log(std::move(socket), peer);
    } else if (ec != asio::error::connection_aborted) {
      self->note_accept_failure(ec);
      co_await sleep_for(kAcceptPause);  // out of descriptors: waiting is all that helps
    }
  }
}

// Out of memory for one more connection must not end the accepting.
void ServerLoop::admit_or_log(Socket socket, const asio::ip::tcp::endpoint& peer) {
  try {
    admit(std::move(socket), peer);
  } catch (...) {
    log_failure(std::current_exception());
  }
}

void ServerLoop::note_accept_failure(const boost::system::error_code& ec) {
  const auto now = std::chrono::steady_clock::now();
  if (now - accept_failure_logged_ < 1s) return;
  accept_failure_logged_ = now;
  log::error("http.accept_failed", {{"what", ec.message()}});
}

void ServerLoop::admit(Socket socket, const asio::ip::tcp::endpoint& peer) {
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const bool is_full = shared_->connections.load() >= shared_->options.max_connections;
  if (is_full && (shared_->tls || refusals_ >= kMaxRefusals)) return;
  auto stream = shared_->tls ? shared_->tls->make_stream(std::move(socket))
                             : make_plain_stream(std::move(socket));
  if (!stream) return;
  const auto role = is_full ? Connection::Role::kRefuse : Connection::Role::kServe;
  auto connection =
      std::make_unique<Connection>(shared_from_this(), std::move(stream), address_of(peer), role);
  auto task = connection->run();
  auto ended = [owned = std::move(connection)](std::exception_ptr failure) {
    log_failure(failure);
  };
  asio::co_spawn(executor_, std::move(task), std::move(ended));
}

Task<void> ServerLoop::sweep(std::shared_ptr<ServerLoop> self) {
  const auto interval = sweep_interval(self->shared_->options);
  while (self->state_ != State::kDropped) {
    self->sweep_timer_.expires_after(interval);
    co_await self->sweep_timer_.async_wait(kAwait);
    const auto now = std::chrono::steady_clock::now();
    for (auto& queue : self->queues_) queue.expire(now);
    self->websockets_->expire(now);
  }
}

void ServerLoop::drain() {
  if (state_ != State::kServing) return;
  state_ = State::kDraining;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  queues_[static_cast<std::size_t>(Wait::kIdle)].expire_all();
}

void ServerLoop::drop() {
  if (state_ == State::kDropped) return;
  drain();
  state_ = State::kDropped;
  websockets_->stop();
  shared_->websocket_loops.remove();
  sweep_timer_.cancel();
  for (auto* connection : connections_) connection->drop();
}

void ServerLoop::arm(Deadlined& what, Wait wait, SteadyTime now) {
  queues_[static_cast<std::size_t>(wait)].arm(what, now);
}

std::string ServerLoop::new_request_id() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t x = mix(next_id_++);
  std::string id(16, '0');
  for (std::size_t i = id.size(); i-- > 0; x >>= 4) id[i] = kDigits[x & 15];
  return id;
}

std::string_view ServerLoop::date() {
  const std::int64_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    date_ = http_date(now);
  }
  return date_;
}

void ServerLoop::flush_later(Connection& connection) {
  if (to_flush_.empty()) {
    asio::post(executor_, [self = shared_from_this()] { self->flush_all(); });
  }
  to_flush_.push_back(&connection);
}

void ServerLoop::flush_all() {
  const auto connections = std::exchange(to_flush_, {});
  for (auto* connection : connections) connection->flush_waiting();
}

std::string ServerLoop::borrow_buffer() {
  if (buffers_.empty()) return {};
  auto buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void ServerLoop::return_buffer(std::string buffer) {
  if (buffers_.size() >= kMaxSpareBuffers || buffer.capacity() > kMaxSpareCapacity) return;
  buffer.clear();
  buffers_.push_back(std::move(buffer));
}

}  // namespace qn::net
