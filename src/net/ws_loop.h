#pragma once

#include <sys/epoll.h>
#include <sys/uio.h>

#include <array>
#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/event_loops.h"
#include "net/channel.h"
#include "net/deadline_queue.h"
#include "net/websocket.h"
#include "net/ws_deflate.h"
#include "net/ws_metrics.h"
#include "net/ws_outbound.h"
#include "net/ws_parser.h"
#include "net/ws_socket.h"

namespace qn::net {

// The WebSockets of one event loop: an epoll set of their own, which Asio watches
// as one descriptor, and what they use together. A turn takes what has arrived,
// then writes everything that was sent, one gathered write per connection, then
// reports drained and ended ones. Owned by its ServerLoop; everything runs on the
// loop but the constructor.
class WsLoop : public std::enable_shared_from_this<WsLoop> {
 public:
  // `open` counts the WebSockets of all loops and outlives this.
  WsLoop(const WsOptions& options, Executor executor, Metrics& metrics,
         std::atomic<std::size_t>& open);
  ~WsLoop();

  void start();
  // Takes over a connection that has answered the handshake; `unread` came behind
  // it. A socket that cannot be watched is closed, its handler never called.
  void adopt(std::unique_ptr<Channel> channel, std::unique_ptr<WsHandler> handler,
             int deflate_window, std::string unread);
  void expire(DeadlineQueue::SteadyTime now) { farewells_.expire(now); }
  // Drops all of them, now and for good.
  void stop();

  // For the sockets.
  const WsOptions& options() const { return options_; }
  WsMetrics& metrics() { return metrics_; }
  WsInflater& inflater() { return inflater_; }
  // EPOLL_CTL_…; false: the kernel refused.
  bool control(int operation, WsSocket& socket, int fd, std::uint32_t events);
  void flush_later(WsSocket& socket);
  void report_drained_later(WsSocket& socket) { drained_.push_back(&socket); }
  void read_again_later(WsSocket& socket);
  void end_later(WsSocket& socket);
  void arm(Deadlined& farewell) { farewells_.arm(farewell, std::chrono::steady_clock::now()); }
  std::span<char> read_buffer() { return {read_buffer_.get(), kReadBuffer}; }
  std::vector<iovec>& pieces() { return pieces_; }
  std::unique_ptr<WsParser> borrow_parser();
  void return_parser(std::unique_ptr<WsParser> parser);
  std::unique_ptr<WsOutbound> borrow_outbound();
  void return_outbound(std::unique_ptr<WsOutbound> outbound);

 private:
  static constexpr std::size_t kReadBuffer = 64_KiB;
  static constexpr std::size_t kEventsPerTurn = 256;

  enum class Input { kTake, kLeave };

  void wait();
  // Sees to it that a turn comes, also when nothing arrives that brings one.
  void wake();
  void turn(Input input);
  void take_events();
  void read_again();
  void write_all();
  void end_sockets();
  void remove(WsSocket& socket);

  // Constant after construction.
  const WsOptions options_;
  const Executor executor_;
  std::atomic<std::size_t>& open_;

  boost::asio::posix::stream_descriptor descriptor_;  // the epoll set
  std::vector<std::unique_ptr<WsSocket>> sockets_;    // each knows its place
  DeadlineQueue farewells_;
  WsMetrics metrics_;
  WsInflater inflater_;

  // Of the turn in progress, or the next.
  bool is_in_turn_ = false;
  bool is_awake_ = false;  // a turn is posted
  bool is_stopped_ = false;
  std::vector<WsSocket*> dirty_;
  std::vector<WsSocket*> drained_;
  std::vector<WsSocket*> unread_;
  std::vector<WsSocket*> doomed_;

  // Lent out.
  std::array<epoll_event, kEventsPerTurn> events_;
  std::unique_ptr<char[]> read_buffer_;
  std::vector<iovec> pieces_;
  std::unique_ptr<WsParser> spare_parser_;
  std::vector<std::unique_ptr<WsOutbound>> spare_outbounds_;
};

}  // namespace qn::net
