#pragma once

#include <array>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/event_loops.h"
#include "base/metrics.h"
#include "net/client_address.h"
#include "net/deadline_queue.h"
#include "net/http.h"
#include "net/request_metrics.h"
#include "net/server.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/ws_loop.h"

namespace qn::net {

class Connection;

// Counts the coroutines of a server, so that stop() can wait for them.
class Running {
 public:
  void add() {
    std::lock_guard lock(mu_);
    ++count_;
  }
  void remove() {
    std::lock_guard lock(mu_);
    if (--count_ == 0) none_.notify_all();
  }
  // How many are left, zero or at the deadline.
  std::size_t wait_for_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mu_);
    none_.wait_until(lock, deadline, [this] { return count_ == 0; });
    return count_;
  }

 private:
  std::mutex mu_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

// What all loops of one server share. Constant after the start but for the
// atomics and what locks itself.
struct ServerShared {
  ServerShared(ServerOptions opts, TrustedProxies trusted, HttpService& svc, Metrics& registry);

  const ServerOptions options;
  const TrustedProxies proxies;
  HttpService& service;
  Metrics& metrics;
  Gauge& connections_gauge;
  Gauge& in_flight_gauge;
  std::unique_ptr<TlsContext> tls;  // null: plain HTTP
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> websockets{0};
  Running accepting;
  Running sweeping;
  Running websocket_loops;  // that may still have WebSockets
  Running serving;          // connections
};

// One loop's part of the server: its listener, its connections and what they
// use together. Lives until the last of them is gone; everything but the
// constructor runs on the loop.
class ServerLoop : public std::enable_shared_from_this<ServerLoop> {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Wait { kIdle, kHeader, kBody, kWrite, kLinger };

  ServerLoop(std::shared_ptr<ServerShared> shared, Executor executor, Acceptor acceptor,
             std::uint64_t id_seed);
  ~ServerLoop();

  // Starts accepting and sweeping.
  void start();
  // No new connections; idle ones end now, the others after their request.
  void drain();
  // Everything ends now.
  void drop();

  // For connections.
  ServerShared& shared() { return *shared_; }
  RequestMetrics& metrics() { return metrics_; }
  bool is_draining() const { return state_ != State::kServing; }
  bool is_dropped() const { return state_ == State::kDropped; }
  void arm(Deadlined& what, Wait wait, SteadyTime now);
  std::string new_request_id();
  std::string_view date();
  WsLoop& websockets() { return *websockets_; }
  // Calls connection.flush_waiting() once this turn of the loop is over.
  void flush_later(Connection& connection);
  // Output buffers go round, so that an idle connection holds none.
  std::string borrow_buffer();
  void return_buffer(std::string buffer);

 private:
  friend class Connection;
  enum class State { kServing, kDraining, kDropped };

  static Task<void> accept_all(std::shared_ptr<ServerLoop> self);
  static Task<void> sweep(std::shared_ptr<ServerLoop> self);
  void admit_or_log(Socket socket, const boost::asio::ip::tcp::endpoint& peer);
  void admit(Socket socket, const boost::asio::ip::tcp::endpoint& peer);
  void note_accept_failure(const boost::system::error_code& ec);
  void flush_all();

  // Constant after construction.
  const std::shared_ptr<ServerShared> shared_;
  const Executor executor_;

  Acceptor acceptor_;
  boost::asio::steady_timer sweep_timer_;
  State state_ = State::kServing;
  std::vector<Connection*> connections_;  // each knows its place
  std::size_t refusals_ = 0;              // connections that only get a 503
  std::array<DeadlineQueue, 5> queues_;   // by Wait
  RequestMetrics metrics_;
  const std::shared_ptr<WsLoop> websockets_;
  std::vector<Connection*> to_flush_;
  std::vector<std::string> buffers_;
  std::uint64_t next_id_;
  std::int64_t date_second_ = -1;
  std::string date_;
  SteadyTime accept_failure_logged_{};
};

}  // namespace qn::net
