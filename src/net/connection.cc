#include "net/connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/bytes.h"
#include "base/log.h"
#include "net/access_log.h"
#include "net/what_of.h"

namespace qn::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kMaxGather = 64_KiB;      // replies waiting to leave together
constexpr std::size_t kMaxCopiedBody = 16_KiB;  // larger bodies are sent from where they are
constexpr std::size_t kMaxKeptText = 256;       // of the last request's target, while idle
constexpr std::size_t kLingerBuffer = 16_KiB;
constexpr std::size_t kMaxLinger = 64_MiB;
constexpr std::chrono::seconds kMaxLingerTime{30};

bool is_request_id(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
  });
}

}  // namespace

Connection::Connection(std::shared_ptr<ServerLoop> loop, std::unique_ptr<Stream> stream,
                       const IpAddress& peer, Role role)
    : loop_(std::move(loop)),
      stream_(std::move(stream)),
      peer_(to_string(peer)),
      is_peer_trusted_(loop_->shared().proxies.contains(peer)),
      role_(role),
      parser_(loop_->shared().options.max_header) {
  auto& shared = loop_->shared();
  place_ = loop_->connections_.size();
  loop_->connections_.push_back(this);
  shared.serving.add();
  if (role_ == Role::kRefuse) {
    ++loop_->refusals_;
  } else {
    shared.connections.fetch_add(1);
    shared.connections_gauge.add(1);
  }
}

Connection::~Connection() {
  auto& shared = loop_->shared();
  if (has_out_) loop_->return_buffer(std::move(out_));
  if (is_in_flight_) shared.in_flight_gauge.add(-1);
  std::erase(loop_->to_flush_, this);
  auto*& last = loop_->connections_.back();
  last->place_ = place_;
  std::swap(loop_->connections_[place_], last);
  loop_->connections_.pop_back();
  if (role_ == Role::kRefuse) {
    --loop_->refusals_;
  } else {
    shared.connections.fetch_sub(1);
    shared.connections_gauge.add(-1);
  }
  shared.serving.remove();
}

Task<void> Connection::run() {
  if (role_ == Role::kRefuse) {
    answer_error(503);
  } else {
    if (loop_->shared().tls) {
      loop_->arm(*this, ServerLoop::Wait::kHeader, std::chrono::steady_clock::now());
      const bool agreed = co_await stream_->handshake();
      DeadlineQueue::disarm(*this);
      if (!agreed || expired_) co_return;
    }
    co_await serve();
  }
  if (next_ == Next::kCloseGently) co_await close_gently();
}

// The loop that costs: per request one wait for input, one call of the service
// and one write, with no coroutine in between.
Task<void> Connection::serve() {
  while (next_ == Next::kServe && !loop_->is_dropped()) {
    switch (parser_.advance()) {
      case RequestParser::Event::kNeedMore: {
        bool flushed = flush_now();
        if (!flushed) flushed = co_await flush({});
        if (!flushed || !begin_read()) co_return;
        const auto result = co_await stream_->read_some(parser_.room());
        end_read(std::get<1>(result));
        break;
      }
      case RequestParser::Event::kHead:
        if (!admit_body()) co_await open_body();
        break;
      case RequestParser::Event::kPiece:
        co_await write_piece();
        break;
      case RequestParser::Event::kRequest: {
        HttpRequest request = begin_request();
        HttpReply reply;
        std::exception_ptr failure;
        try {
          reply = co_await loop_->shared().service.handle(std::move(request));
        } catch (...) {
          failure = std::current_exception();
        }
        is_handling_ = false;
        if (loop_->is_dropped()) co_return;
        if (failure) reply = on_exception(failure);
        if (reply.websocket) {
          co_await upgrade(std::move(reply));
          break;
        }
        if (append_reply(reply)) break;
        const bool sent = co_await send_body(reply);
        if (!sent) co_return;
        break;
      }
      case RequestParser::Event::kError:
        answer_error(parser_.error_status());
        break;
    }
  }
}

Task<void> Connection::upgrade(HttpReply reply) {
  auto& shared = loop_->shared();
  const auto handshake = std::move(handshake_);
  int status = handshake ? handshake->status : 500;
  const bool is_full = shared.websockets.load() >= shared.options.max_websockets;
  if (status == 101 && (is_full || loop_->is_draining())) status = 503;
  if (status != 101) {
    HttpReply refusal = error_reply(status);
    refusal.route = reply.route;
    if (status == 426)
      refusal.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    keep_alive_ = false;
    if (!append_reply(refusal)) co_await send_body(refusal);
    co_return;
  }
  append_ws_switch(out(), *handshake, loop_->date(), id_);
  reply.status = status;
  finish_request(reply, 0);
  next_ = Next::kClose;
  const bool sent = co_await flush({});
  if (!sent) co_return;
  loop_->websockets().adopt(stream_->detach(), std::move(reply.websocket),
                            handshake->deflate_window, parser_.unread());
}

bool Connection::begin_read() {
  using Wait = ServerLoop::Wait;
  const auto phase = parser_.phase();
  if (phase == RequestParser::Phase::kIdle) {
    if (loop_->is_draining()) return false;
    if (target_.capacity() > kMaxKeptText) std::string().swap(target_);
  }
  if (phase == RequestParser::Phase::kHead && is_head_timed_) return true;
  is_head_timed_ = phase == RequestParser::Phase::kHead;
  const auto wait = phase == RequestParser::Phase::kIdle ? Wait::kIdle
                    : is_head_timed_                     ? Wait::kHeader
                                                         : Wait::kBody;
  loop_->arm(*this, wait, std::chrono::steady_clock::now());
  return true;
}

void Connection::end_read(std::size_t n) {
  const bool was_idle = parser_.phase() == RequestParser::Phase::kIdle;
  const bool expired = std::exchange(expired_, false);
  if (expired && !was_idle) {
    answer_error(408);
  } else if (n == 0) {
    next_ = Next::kClose;
  } else {
    parser_.filled(n);
  }
}

bool Connection::admit_body() {
  const auto limit = loop_->shared().service.body_limit(parser_.head());
  if (!limit) return false;
  parser_.set_body_limit(*limit);
  invite_body();
  return true;
}

void Connection::invite_body() {
  const bool is_waited_for = parser_.facts().expects_continue && parser_.buffered() == 0;
  if (!is_waited_for) return;
  // A client that waits must not send what will be refused anyway.
  if (parser_.advance() == RequestParser::Event::kNeedMore) out() += kContinue;
}

// No deadline runs while the service works: the client cannot do anything.
Task<void> Connection::open_body() {
  DeadlineQueue::disarm(*this);
  is_head_timed_ = false;
  flush_now();
  identify(parser_.head());
  BodyPlan plan;
  std::exception_ptr failure;
  try {
    plan = co_await loop_->shared().service.open_body(parser_.head());
  } catch (...) {
    failure = std::current_exception();
  }
  if (loop_->is_dropped()) co_return;
  begin_answer(parser_.head());
  if (failure) plan.refusal = on_exception(failure);
  if (plan.refusal) {
    co_await refuse_body(std::move(*plan.refusal));
  } else {
    sink_ = std::move(plan.sink);
    parser_.stream_body(plan.limit);
    invite_body();
  }
}

// What is left of the body would be taken for a request.
Task<void> Connection::refuse_body(HttpReply reply) {
  sink_.reset();
  keep_alive_ = false;
  if (append_reply(reply)) co_return;
  const bool sent = co_await send_body(reply);
  if (!sent) next_ = Next::kClose;
}

Task<void> Connection::write_piece() {
  DeadlineQueue::disarm(*this);
  flush_now();
  std::exception_ptr failure;
  Result<void> written;
  try {
    written = co_await sink_->write(parser_.piece());
  } catch (...) {
    failure = std::current_exception();
  }
  if (loop_->is_dropped()) co_return;
  if (!written) parser_.abandon_body();
  if (!failure) co_return;
  begin_answer(parser_.head());
  HttpReply reply = on_exception(failure);
  co_await refuse_body(std::move(reply));
}

void Connection::begin_answer(const HttpRequest& request) {
  const auto& facts = parser_.facts();
  started_ = std::chrono::steady_clock::now();
  method_ = request.method;
  minor_version_ = facts.minor_version;
  // After a request that is not complete the connection has no use.
  keep_alive_ = facts.keep_alive && parser_.is_complete();
  target_ = request.target;
  address_ = request.address;
  id_ = request.id;
}

HttpRequest Connection::begin_request() {
  auto& shared = loop_->shared();
  DeadlineQueue::disarm(*this);
  is_head_timed_ = false;
  if (parser_.head().id.empty()) identify(parser_.head());
  begin_answer(parser_.head());
  handshake_.reset();
  if (parser_.head().is_upgrade()) {
    handshake_ = std::make_unique<WsHandshake>(
        read_ws_handshake(parser_.head(), parser_.facts(), shared.options.websocket));
  }
  HttpRequest request = parser_.take();
  request.sink = std::move(sink_);
  shared.in_flight_gauge.add(1);
  is_in_flight_ = is_handling_ = true;
  if (has_out_ && !waits_for_flush_) {
    waits_for_flush_ = true;
    loop_->flush_later(*this);
  }
  return request;
}

void Connection::identify(HttpRequest& request) {
  request.peer = peer_;
  request.address = peer_;
  if (is_peer_trusted_) {
    request.address = loop_->shared().proxies.client(peer_, request.headers);
    const auto given = request.headers.find("x-request-id");
    if (is_request_id(given)) request.id = given;
  }
  if (request.id.empty()) request.id = loop_->new_request_id();
  request.is_tls = loop_->shared().tls != nullptr;
}

Framing Connection::append_head(const HttpReply& reply) {
  if (loop_->is_draining()) keep_alive_ = false;
  ReplyContext context{loop_->date(), id_, minor_version_, keep_alive_};
  const auto framing = framing_of(reply, context);
  if (framing == Framing::kUntilClose) context.keep_alive = keep_alive_ = false;
  append_reply_head(out(), reply, context, framing);
  if (!keep_alive_) next_ = Next::kCloseGently;
  return method_ == Method::kHead ? Framing::kNone : framing;
}

// True: all of it waits in the buffer and the request is finished.
bool Connection::append_reply(const HttpReply& reply) {
  framing_ = append_head(reply);
  const bool fits =
      !reply.source && reply.body.size() <= kMaxCopiedBody && out_.size() < kMaxGather;
  if (framing_ != Framing::kNone && !fits) return false;
  if (framing_ == Framing::kNone) {
    finish_request(reply, 0);
  } else {
    out_ += reply.body;
    finish_request(reply, reply.body.size());
  }
  return true;
}

Task<bool> Connection::send_body(HttpReply& reply) {
  std::uint64_t sent = 0;
  bool complete = false;
  if (reply.source) {
    complete = co_await send_source(reply, sent);
  } else {
    complete = co_await flush(reply.body);
    sent = reply.body.size();
  }
  finish_request(reply, sent);
  co_return complete;
}

Task<bool> Connection::send_source(HttpReply& reply, std::uint64_t& sent) {
  for (;;) {
    Result<std::string> piece = co_await next_piece(*reply.source);
    if (loop_->is_dropped()) co_return false;
    if (!piece) {
      log::warn("http.body_failed",
                {{"id", id_}, {"route", reply.route}, {"what", piece.error().detail}});
      co_return false;
    }
    const bool is_last = piece->empty();
    if (framing_ == Framing::kChunked) {
      append_chunk_size(out(), piece->size());
    } else if (framing_ == Framing::kLength && sent + piece->size() > *reply.content_length) {
      co_return false;  // more than was promised
    }
    const bool written = co_await flush(*piece);
    if (!written) co_return false;
    sent += piece->size();
    if (framing_ == Framing::kChunked) out() += "\r\n";
    if (is_last) co_return framing_ != Framing::kLength || sent == *reply.content_length;
  }
}

Task<Result<std::string>> Connection::next_piece(BodySource& source) {
  std::exception_ptr failure;
  try {
    co_return co_await source.next();
  } catch (...) {
    failure = std::current_exception();
  }
  co_return internal_error(what_of(failure));
}

void Connection::finish_request(const HttpReply& reply, std::uint64_t bytes) {
  const auto took = std::chrono::steady_clock::now() - started_;
  loop_->metrics().record(reply.route, reply.status, took);
  if (is_in_flight_) loop_->shared().in_flight_gauge.add(-1);
  is_in_flight_ = false;
  if (!log::enabled(log::Level::kInfo)) return;
  AccessLine line;
  line.method = target_ == "-" ? "-" : to_string(method_);
  line.target = target_;
  line.status = reply.status;
  line.bytes = bytes;
  line.micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  line.address = address_;
  line.id = id_;
  line.route = reply.route;
  log_access(line);
}

void Connection::answer_error(int status) {
  DeadlineQueue::disarm(*this);
  sink_.reset();
  const bool known = parser_.has_head();
  method_ = known ? parser_.head().method : Method::kGet;
  target_ = known ? parser_.head().target : "-";
  minor_version_ = 1;
  keep_alive_ = false;
  address_ = peer_;
  id_ = loop_->new_request_id();
  started_ = std::chrono::steady_clock::now();
  const HttpReply reply = error_reply(status);
  const bool has_body = append_head(reply) != Framing::kNone;
  if (has_body) out_ += reply.body;
  finish_request(reply, has_body ? reply.body.size() : 0);
}

HttpReply Connection::on_exception(std::exception_ptr failure) {
  HttpReply reply = error_reply(500);
  log::error("http.exception", {{"id", id_},
                                {"route", reply.route},
                                {"path", redact_target(target_)},
                                {"what", what_of(failure)}});
  return reply;
}

HttpReply Connection::error_reply(int status) {
  HttpReply reply;
  try {
    reply = loop_->shared().service.transport_error(status);
  } catch (...) {
    log::error("http.exception", {{"id", id_}, {"what", what_of(std::current_exception())}});
  }
  reply.status = status;
  reply.source.reset();
  return reply;
}

std::string& Connection::out() {
  if (!has_out_) out_ = loop_->borrow_buffer();
  has_out_ = true;
  return out_;
}

// Takes what was sent off the front of `tail`; `out_` goes first.
Stream::Write Connection::write_now(std::string_view& tail) {
  const std::array pieces{std::string_view(out_).substr(out_sent_), tail};
  const auto [state, taken] = stream_->try_write(pieces);
  const std::size_t of_out = std::min(taken, pieces[0].size());
  tail.remove_prefix(taken - of_out);
  out_sent_ += of_out;
  if (has_out_ && out_sent_ == out_.size()) {
    loop_->return_buffer(std::move(out_));
    out_ = {};
    has_out_ = false;
    out_sent_ = 0;
  }
  return state;
}

bool Connection::flush_now() {
  std::string_view nothing;
  return !has_out_ || write_now(nothing) == Stream::Write::kAll;
}

Task<bool> Connection::flush(std::string_view tail) {
  is_head_timed_ = false;
  for (;;) {
    if (loop_->is_dropped()) co_return false;
    const auto state = write_now(tail);
    if (state != Stream::Write::kPart) co_return state == Stream::Write::kAll;
    loop_->arm(*this, ServerLoop::Wait::kWrite, std::chrono::steady_clock::now());
    const bool ready = co_await stream_->wait_to_write();
    DeadlineQueue::disarm(*this);
    if (!ready || std::exchange(expired_, false)) co_return false;
  }
}

// Reads and drops for a while: closing a socket with unread input would reset
// the connection and could take the answer with it. Long enough for an upload
// whose client reads nothing before it has sent everything.
Task<void> Connection::close_gently() {
  const bool flushed = co_await flush({});
  if (!flushed) co_return;
  stream_->end_writing();
  std::string scratch(kLingerBuffer, '\0');
  const auto start = std::chrono::steady_clock::now();
  loop_->arm(*this, ServerLoop::Wait::kLinger, start);
  for (std::size_t total = 0; total < kMaxLinger && !expired_ && !loop_->is_dropped();) {
    const auto result = co_await stream_->read_some(scratch);
    const std::size_t n = std::get<1>(result);
    if (n == 0) break;
    total += n;
    const auto now = std::chrono::steady_clock::now();
    const bool waits_on = !loop_->is_draining() && now - start < kMaxLingerTime;
    if (waits_on) loop_->arm(*this, ServerLoop::Wait::kLinger, now);
  }
  DeadlineQueue::disarm(*this);
}

void Connection::on_deadline() {
  expired_ = true;
  stream_->cancel();
}

// The service takes its time: the answers before this one must not wait for it.
void Connection::flush_waiting() {
  waits_for_flush_ = false;
  if (is_handling_) flush_now();
}

}  // namespace qn::net
