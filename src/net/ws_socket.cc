#include "net/ws_socket.h"

#include <limits.h>
#include <sys/epoll.h>

#include <exception>
#include <utility>

#include "base/log.h"
#include "net/what_of.h"
#include "net/ws_loop.h"

namespace qn::net {
namespace {

constexpr std::size_t kPingSize = 8;  // of the payload of our pings

}  // namespace

WsSocket::WsSocket(WsLoop& loop, std::unique_ptr<Channel> channel,
                   std::unique_ptr<WsHandler> handler, int deflate_window)
    : loop_(loop),
      channel_(std::move(channel)),
      handler_(std::move(handler)),
      deflate_window_(static_cast<std::uint8_t>(deflate_window)) {}

// --- For the application -----------------------------------------------------

bool WsSocket::send(WsFramePtr frame) {
  if (state_ != State::kOpen) return false;
  loop_.metrics().message_out();
  queue(std::move(frame));
  return state_ == State::kOpen;
}

void WsSocket::ping(std::uint64_t number) {
  if (state_ == State::kOpen) queue(make_ws_ping(number));
}

void WsSocket::close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen) return;
  queue(make_ws_close(code, reason));
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  start_farewell();
}

void WsSocket::drop() {
  if (is_reading()) fall(WsHandler::Ended::kDropped, WsLoss::kServer);
}

// --- Writing -----------------------------------------------------------------

std::string_view WsSocket::form_of(const WsFrame& frame) const {
  // What is no longer than the peer's window cannot refer back beyond it.
  const bool may_deflate = deflate_window_ > 0 && frame.payload().size() <= std::size_t{1}
                                                                                << deflate_window_;
  const auto deflated = may_deflate ? frame.deflated() : std::string_view{};
  return deflated.empty() ? frame.bytes() : deflated;
}

void WsSocket::queue(WsFramePtr frame) {
  const auto bytes = form_of(*frame);
  const std::size_t most = loop_.options().max_outbound;
  const auto fits = [&] { return outbound() == 0 || outbound() + bytes.size() <= most; };
  // Much in one turn is no sign of a slow reader: the kernel may have room.
  if (!fits() && !is_full_ && write_now() == Stream::Write::kFailed) {
    fall(WsHandler::Ended::kBroken, WsLoss::kPeer);
    return;
  }
  if (!fits()) {
    fall(WsHandler::Ended::kBroken, WsLoss::kOverflow);
    return;
  }
  if (!out_) out_ = loop_.borrow_outbound();
  out_->push(std::move(frame), bytes);
  if (!is_full_) loop_.flush_later(*this);
}

Stream::Write WsSocket::write_now() {
  auto& pieces = loop_.pieces();
  while (!out_->is_empty()) {
    pieces.clear();
    out_->gather(pieces, IOV_MAX);
    const auto [state, taken] = channel_->write(pieces);
    out_->consume(taken);
    loop_.metrics().written(taken);
    if (state != Stream::Write::kAll) return state;
  }
  return Stream::Write::kAll;
}

void WsSocket::flush() {
  if (state_ == State::kOver || state_ == State::kLinger) return;
  const auto written = out_ ? write_now() : Stream::Write::kAll;
  switch (written) {
    case Stream::Write::kAll:
      on_all_written();
      return;
    case Stream::Write::kPart:
      is_full_ = true;
      watch(EPOLLOUT);
      return;
    case Stream::Write::kFailed:
      fall(WsHandler::Ended::kBroken, WsLoss::kPeer);
  }
}

void WsSocket::on_all_written() {
  if (out_) loop_.return_outbound(std::move(out_));
  if (std::exchange(is_full_, false) && state_ == State::kOpen) loop_.report_drained_later(*this);
  if (state_ != State::kLast) {
    watch(0);
    return;
  }
  channel_->end_writing();
  if (has_peer_closed_) {
    finish();
    return;
  }
  // Closing with unread input would reset the connection, and the peer might
  // never see our close frame.
  state_ = State::kLinger;
  watch(0);
}

void WsSocket::report_drained() {
  if (state_ == State::kOpen && !is_full_) guard([this] { handler_->on_drained(); });
}

void WsSocket::watch(std::uint32_t more) {
  const bool reads = is_reading() || state_ == State::kLinger;
  const std::uint32_t events = (reads ? EPOLLIN : 0u) | more;
  if (events == watched_) return;
  watched_ = events;
  loop_.control(EPOLL_CTL_MOD, *this, channel_->descriptor(), events);
}

// --- Reading -----------------------------------------------------------------

void WsSocket::open(std::span<char> unread) {
  watched_ = EPOLLIN;
  if (!loop_.control(EPOLL_CTL_ADD, *this, channel_->descriptor(), watched_)) {
    handler_.reset();
    fall(WsHandler::Ended::kBroken, WsLoss::kError);
    return;
  }
  guard([this] { handler_->on_open(*this); });
  if (!unread.empty()) take_input(unread);
  if (is_reading() && channel_->has_buffered()) loop_.read_again_later(*this);
}

void WsSocket::on_events(std::uint32_t events) {
  if (state_ == State::kOver) return;
  if ((events & EPOLLOUT) != 0) loop_.flush_later(*this);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
  if ((watched_ & EPOLLIN) != 0) {
    read();
  } else if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
    fall(WsHandler::Ended::kBroken, WsLoss::kPeer);
  }
}

void WsSocket::read() {
  if (!is_reading() && state_ != State::kLinger) return;
  const auto room = loop_.read_buffer();
  const auto [state, n] = channel_->read(room);
  switch (state) {
    case Channel::Read::kSome:
      loop_.metrics().read(n);
      take_input(room.first(n));
      if (state_ != State::kOver && channel_->has_buffered()) loop_.read_again_later(*this);
      return;
    case Channel::Read::kNothing:
      return;
    case Channel::Read::kMustWrite:
      is_full_ = true;
      watched_ = EPOLLOUT;
      loop_.control(EPOLL_CTL_MOD, *this, channel_->descriptor(), watched_);
      return;
    case Channel::Read::kEnd:
      on_end_of_input();
  }
}

void WsSocket::on_end_of_input() {
  if (state_ == State::kLinger) {
    finish();
  } else {
    fall(WsHandler::Ended::kBroken, WsLoss::kPeer);
  }
}

void WsSocket::take_input(std::span<char> bytes) {
  if (!is_reading()) return;
  auto parser = parser_ ? std::move(parser_) : loop_.borrow_parser();
  parser->feed(bytes, deflate_window_ > 0 ? &loop_.inflater() : nullptr);
  while (is_reading()) {
    const auto event = parser->next();
    if (event == WsParser::Event::kNeedMore) break;
    on_event(event, *parser);
  }
  if (parser->is_idle()) {
    loop_.return_parser(std::move(parser));
  } else if (is_reading()) {
    parser_ = std::move(parser);
  }
}

void WsSocket::on_event(WsParser::Event event, const WsParser& parser) {
  switch (event) {
    case WsParser::Event::kNeedMore:
      return;
    case WsParser::Event::kText:
    case WsParser::Event::kBinary:
      on_message(event, parser.payload());
      return;
    case WsParser::Event::kPing:
      if (state_ == State::kOpen) queue(make_ws_frame(WsOpcode::kPong, parser.payload()));
      return;
    case WsParser::Event::kPong:
      on_pong(parser.payload());
      return;
    case WsParser::Event::kClose:
      on_peer_close(parser.code());
      return;
    case WsParser::Event::kFailed:
      on_violation(parser.code());
  }
}

void WsSocket::on_message(WsParser::Event event, std::string_view payload) {
  if (state_ != State::kOpen) return;
  loop_.metrics().message_in();
  guard([&] {
    event == WsParser::Event::kText ? handler_->on_message(payload) : handler_->on_binary(payload);
  });
}

// Other pongs than answers to our pings mean nothing (RFC 6455 §5.5.3).
void WsSocket::on_pong(std::string_view payload) {
  if (state_ != State::kOpen || payload.size() != kPingSize) return;
  std::uint64_t number = 0;
  for (const char c : payload) number = number << 8 | static_cast<unsigned char>(c);
  guard([&] { handler_->on_pong(number); });
}

// --- Ending ------------------------------------------------------------------

void WsSocket::on_peer_close(std::uint16_t code) {
  const bool must_answer = state_ == State::kOpen;
  has_peer_closed_ = true;
  begin_last(WsHandler::Ended::kClosed);
  if (must_answer) queue(make_ws_close(code == ws_code::kNoStatus ? 0 : code, {}));
  if (!is_full_) loop_.flush_later(*this);
}

void WsSocket::on_violation(std::uint16_t code) {
  const bool must_tell = state_ == State::kOpen;
  loop_.metrics().lost(WsLoss::kProtocol);
  begin_last(WsHandler::Ended::kBroken);
  if (must_tell) queue(make_ws_close(code, {}));
  if (!is_full_) loop_.flush_later(*this);
}

void WsSocket::begin_last(WsHandler::Ended how) {
  const bool was_ours = state_ == State::kClosing;
  state_ = State::kLast;
  start_farewell();
  tell(was_ours ? WsHandler::Ended::kDropped : how);
  if (is_full_) watch(EPOLLOUT);
}

void WsSocket::start_farewell() {
  if (!farewell_) farewell_ = std::make_unique<Farewell>(*this);
  loop_.arm(*farewell_);
}

void WsSocket::on_close_timeout() {
  fall(WsHandler::Ended::kDropped, WsLoss::kTimeout);
}

void WsSocket::fall(WsHandler::Ended how, WsLoss cause) {
  if (state_ == State::kOver) return;
  if (is_reading()) loop_.metrics().lost(cause);
  ended_ = state_ == State::kClosing ? WsHandler::Ended::kDropped : how;
  finish();
}

void WsSocket::finish() {
  state_ = State::kOver;
  loop_.end_later(*this);
}

void WsSocket::end() {
  if (out_ && ended_ == WsHandler::Ended::kDropped && !is_full_) write_now();
  tell(ended_);
  if (out_) loop_.return_outbound(std::move(out_));
  // Not left to closing: a child process that is being started may still hold a
  // copy of the descriptor, and the set would go on reporting it.
  loop_.control(EPOLL_CTL_DEL, *this, channel_->descriptor(), 0);
}

void WsSocket::tell(WsHandler::Ended how) {
  const auto handler = std::move(handler_);
  if (handler) guard([&] { handler->on_closed(how); });
}

template <class Call>
void WsSocket::guard(Call call) {
  try {
    call();
  } catch (...) {
    log::error("ws.exception", {{"what", what_of(std::current_exception())}});
    fall(WsHandler::Ended::kBroken, WsLoss::kError);
  }
}

}  // namespace qn::net
