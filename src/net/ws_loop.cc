#include "net/ws_loop.h"

#include <limits.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "base/log.h"

namespace qn::net {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kMaxSpareOutbounds = 1024;
constexpr std::size_t kMaxSpareCapacity = 64;  // pieces

int make_epoll() {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) throw std::runtime_error("no epoll set for WebSockets");
  return epoll;
}

void forget_first(std::vector<WsSocket*>& list, std::size_t count) {
  list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

WsLoop::WsLoop(const WsOptions& options, Executor executor, Metrics& metrics,
               std::atomic<std::size_t>& open)
    : options_(options),
      executor_(executor),
      open_(open),
      descriptor_(executor, make_epoll()),
      farewells_(options.close_timeout),
      metrics_(metrics) {
  pieces_.reserve(IOV_MAX);
}

WsLoop::~WsLoop() = default;

void WsLoop::start() {
  read_buffer_ = std::make_unique_for_overwrite<char[]>(kReadBuffer);
  wait();
}

void WsLoop::wait() {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                         [self = shared_from_this()](boost::system::error_code ec) {
                           if (ec || self->is_stopped_) return;
                           self->turn(Input::kTake);
                           self->wait();
                         });
}

void WsLoop::wake() {
  if (is_in_turn_ || is_awake_) return;
  is_awake_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->is_awake_ = false;
    self->turn(Input::kLeave);
  });
}

// What is out of memory now must not end the loop.
void WsLoop::turn(Input input) {
  is_in_turn_ = true;
  try {
    if (input == Input::kTake) take_events();
    read_again();
    write_all();
    end_sockets();
  } catch (const std::exception& e) {
    log::error("ws.turn_failed", {{"what", e.what()}});
  }
  metrics_.publish();
  is_in_turn_ = false;
  if (!dirty_.empty() || !unread_.empty() || !doomed_.empty()) wake();
}

void WsLoop::take_events() {
  const int size = static_cast<int>(events_.size());
  const int n = ::epoll_wait(descriptor_.native_handle(), events_.data(), size, 0);
  for (int i = 0; i < n; ++i) {
    const auto& event = events_[static_cast<std::size_t>(i)];
    static_cast<WsSocket*>(event.data.ptr)->on_events(event.events);
  }
}

// What handlers do from here on waits for the next turn, so that none lasts long:
// the lists grow at their ends meanwhile.
void WsLoop::read_again() {
  const std::size_t count = unread_.size();
  for (std::size_t i = 0; i < count; ++i) {
    unread_[i]->is_unread = false;
    unread_[i]->read();
  }
  forget_first(unread_, count);
}

void WsLoop::write_all() {
  for (auto* socket : dirty_) {
    socket->is_dirty = false;
    socket->flush();
  }
  dirty_.clear();
  for (auto* socket : drained_) socket->report_drained();
  drained_.clear();
}

void WsLoop::end_sockets() {
  const std::size_t count = doomed_.size();
  for (std::size_t i = 0; i < count; ++i) doomed_[i]->end();
  for (std::size_t i = 0; i < count; ++i) remove(*doomed_[i]);
  forget_first(doomed_, count);
}

void WsLoop::remove(WsSocket& socket) {
  if (socket.is_dirty) std::erase(dirty_, &socket);
  if (socket.is_unread) std::erase(unread_, &socket);
  const std::size_t place = socket.place;
  sockets_.back()->place = place;
  std::swap(sockets_[place], sockets_.back());
  sockets_.pop_back();
  open_.fetch_sub(1, std::memory_order_relaxed);
  metrics_.closed();
}

void WsLoop::adopt(std::unique_ptr<Channel> channel, std::unique_ptr<WsHandler> handler,
                   int deflate_window, std::string unread) {
  if (is_stopped_) return;
  sockets_.push_back(
      std::make_unique<WsSocket>(*this, std::move(channel), std::move(handler), deflate_window));
  auto& socket = *sockets_.back();
  socket.place = sockets_.size() - 1;
  open_.fetch_add(1, std::memory_order_relaxed);
  metrics_.opened();
  socket.open(unread);
}

void WsLoop::stop() {
  if (std::exchange(is_stopped_, true)) return;
  for (auto& socket : sockets_) socket->stop();
  turn(Input::kLeave);
  boost::system::error_code ignored;
  descriptor_.cancel(ignored);
}

bool WsLoop::control(int operation, WsSocket& socket, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &socket;
  return ::epoll_ctl(descriptor_.native_handle(), operation, fd, &event) == 0;
}

void WsLoop::flush_later(WsSocket& socket) {
  if (socket.is_dirty) return;
  dirty_.push_back(&socket);
  socket.is_dirty = true;
  wake();
}

void WsLoop::read_again_later(WsSocket& socket) {
  if (socket.is_unread) return;
  unread_.push_back(&socket);
  socket.is_unread = true;
  wake();
}

void WsLoop::end_later(WsSocket& socket) {
  doomed_.push_back(&socket);
  wake();
}

std::unique_ptr<WsParser> WsLoop::borrow_parser() {
  if (spare_parser_) return std::move(spare_parser_);
  return std::make_unique<WsParser>(options_.max_message);
}

void WsLoop::return_parser(std::unique_ptr<WsParser> parser) {
  if (spare_parser_) return;
  parser->trim();
  spare_parser_ = std::move(parser);
}

std::unique_ptr<WsOutbound> WsLoop::borrow_outbound() {
  if (spare_outbounds_.empty()) return std::make_unique<WsOutbound>();
  auto outbound = std::move(spare_outbounds_.back());
  spare_outbounds_.pop_back();
  return outbound;
}

void WsLoop::return_outbound(std::unique_ptr<WsOutbound> outbound) {
  outbound->clear();
  const bool is_small = outbound->capacity() <= kMaxSpareCapacity;
  if (is_small && spare_outbounds_.size() < kMaxSpareOutbounds) {
    spare_outbounds_.push_back(std::move(outbound));
  }
}

}  // namespace qn::net
