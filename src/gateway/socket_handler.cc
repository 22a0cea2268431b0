#include "gateway/socket_handler.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/deadline.h"
#include "base/log.h"
#include "gateway/gateway_loop.h"
#include "gateway/remote_line.h"

namespace qn::gateway {
namespace {

// Pings of the session count from 1; this one only wants a sign of life.
constexpr std::uint64_t kHeartbeat = 0;
// Before it is known who it is; a client that says more does not speak our protocol.
constexpr std::size_t kMaxEarlyFrames = 16;

}  // namespace

SocketHandler::SocketHandler(std::shared_ptr<GatewayCore> core, Opening opening,
                             Admission::Place place)
    : core_(std::move(core)),
      place_(std::move(place)),
      token_(std::move(opening.token)),
      address_(std::move(opening.address)),
      user_agent_(std::move(opening.user_agent)),
      client_acks_(opening.client_acks) {}

SocketHandler::~SocketHandler() = default;

// ---- From the transport ----

void SocketHandler::on_open(net::WsConnection& connection) {
  connection_ = &connection;
  connected_at_ = core_->clock.now();
  heard_at_ = core_->now();
  loop_ = home_ = static_cast<std::uint8_t>(core_->loops.current());
  id_ = core_->next_socket_id(loop_);
  auto& loop = *core_->parts[loop_];
  loop.add(*this);
  if (core_->is_stopping) return connection.drop();
  loop.entrance().add(id_);
}

void SocketHandler::on_message(std::string_view payload) {
  heard_at_ = core_->now();
  if (is_entered()) return take_frame(payload);
  if (!early_frames_) early_frames_ = std::make_unique<std::vector<std::string>>();
  if (early_frames_->size() == kMaxEarlyFrames) return connection_->drop();
  early_frames_->emplace_back(payload);
}

void SocketHandler::take_frame(std::string_view payload) {
  auto frame = parse_client_frame(payload);
  switch (frame.kind) {
    case ClientFrame::Kind::kPing:
      return answer_ping(std::move(frame));
    case ClientFrame::Kind::kSync:
      return tell_session([](OnlineSession& session, Line& line) { session.sync(line); });
    case ClientFrame::Kind::kAck:
      return tell_session([acks = std::move(frame.acks)](OnlineSession& session, Line& line) {
        for (const auto& [conversation, seq] : acks) {
          session.on_client_ack(line, conversation, seq);
        }
      });
    case ClientFrame::Kind::kIgnored:
      log::debug("gateway.frame_ignored", {{"socket", id_}, {"bytes", payload.size()}});
      return;
  }
}

void SocketHandler::on_pong(std::uint64_t number) {
  heard_at_ = core_->now();
  if (number == kHeartbeat) return;
  tell_session([number](OnlineSession& session, Line& line) { session.on_pong(line, number); });
}

void SocketHandler::on_drained() {
  if (session_) return session_->go_on();
  if (is_entered() && is_remote()) report_taken();
}

void SocketHandler::on_closed(Ended) {
  log::debug("gateway.closed", {{"socket", id_}, {"user", user_.value}});
  auto& loop = *core_->parts[loop_];
  loop.remove(*this);
  if (!is_entered()) return;
  core_->loops.spawn(loop_, note_presence(core_, user_, id_, false));
  if (!is_remote()) return loop.detach(std::exchange(session_, nullptr), *this, user_);
  core_->post(
      home_, [socket = id_, user = user_](GatewayLoop& home) { home.detach_remote(socket, user); });
}

// ---- Entering ----

void SocketHandler::on_entered(chat::Inbox::Welcome welcome) {
  token_ = {};
  if (core_->is_stopping) return connection_->drop();
  const auto& person = welcome.arrival.person;
  user_ = welcome.caller.user;
  token_role_ = welcome.caller.token_role;
  username_ = person.username;
  nickname_ = person.nickname;
  const auto entered = core_->homes.enter(user_, loop_);
  core_->count_online();
  home_ = static_cast<std::uint8_t>(entered.home);
  log::debug("gateway.entered", {{"socket", id_}, {"user", user_.value}});
  core_->loops.spawn(loop_, note_presence(core_, user_, id_, true));
  greet(welcome, entered.had_sockets);
  settle_in(welcome, entered.home);
  const auto early = std::move(early_frames_);
  if (!early) return;
  for (const auto& payload : *early) take_frame(payload);
}

void SocketHandler::greet(const chat::Inbox::Welcome& welcome, bool had_sockets) {
  const Time now = core_->clock.now();
  connection_->send(welcome_frame(now));
  if (had_sockets && token_role_ == model::Role::kUser && !welcome.avatar_notice.empty()) {
    connection_->send(chat_frame(welcome.avatar_notice, now));
  }
  for (const auto& guide : welcome.guides) connection_->send(chat_frame(guide, now));
}

void SocketHandler::settle_in(const chat::Inbox::Welcome& welcome, std::size_t home) {
  GatewayLoop::Arrived arrived{welcome.caller, {}};
  arrived.start.has_backlog = welcome.arrival.has_backlog;
  arrived.start.horizon = welcome.arrival.horizon;
  arrived.start.client_acks = client_acks_;
  if (home == loop_) {
    session_ = core_->parts[loop_]->attach(std::move(arrived), *this);
    return;
  }
  core_->post(home, [arrived = std::move(arrived), socket = id_](GatewayLoop& loop) {
    loop.attach_remote(arrived, socket);
  });
}

void SocketHandler::on_refused(std::string_view text) {
  token_ = {};
  connection_->send(fail_frame(text));
  connection_->close(kNoCode, {});
}

void SocketHandler::give_up() {
  connection_->drop();
}

Task<void> SocketHandler::note_presence(std::shared_ptr<GatewayCore> core, UserId user,
                                        std::uint64_t socket, bool is_online) {
  Result<void> done;
  if (is_online) {
    done = co_await core->presence.enter(user, socket);
  } else {
    done = co_await core->presence.leave(user, socket);
  }
  if (!done.has_value()) {
    log::debug("gateway.presence_failed", {{"detail", done.error().detail}});
  }
}

// ---- The client's frames ----

void SocketHandler::tell_session(SessionCall call) {
  if (session_) {
    call(*session_, *this);
    return core_->parts[loop_]->reap(*session_);
  }
  if (!is_entered() || !is_remote()) return;
  core_->post(home_, [socket = id_, call = std::move(call)](GatewayLoop& home) {
    RemoteLine* const line = home.find_remote(socket);
    if (line && line->session) call(*line->session, *line);
  });
}

void SocketHandler::answer_ping(ClientFrame frame) {
  if (!frame.has_token) {
    connection_->send(pong_frame(core_->clock.now()));
    return;
  }
  // One at a time: who pings faster than the store answers has had an answer.
  if (std::exchange(is_checking_ping_, true)) return;
  core_->loops.spawn(loop_, check_ping(core_, loop_, id_, std::move(frame.token)));
}

Task<void> SocketHandler::check_ping(std::shared_ptr<GatewayCore> core, std::size_t loop,
                                     std::uint64_t socket, std::string token) {
  const auto by = Deadline::after(core->options.store_wait);
  const auto is_valid = co_await core->inbox.is_valid(std::move(token), by);
  auto* handler = core->parts[loop]->find_socket(socket);
  if (!handler) co_return;
  handler->is_checking_ping_ = false;
  if (is_valid.has_value() && *is_valid) {
    handler->connection_->send(pong_frame(core->clock.now()));
  }
}

// ---- From the loop ----

void SocketHandler::visit(Instant now) {
  if (now - heard_at_ >= core_->options.dead_after) {
    log::debug("gateway.dead", {{"socket", id_}, {"user", user_.value}});
    return connection_->drop();
  }
  is_beat_ = !is_beat_;
  if (is_beat_ || !is_entered()) return;
  connection_->send(heartbeat_frame());
  connection_->ping(kHeartbeat);
}

void SocketHandler::apply(const RemoteOp& op) {
  switch (op.kind) {
    case RemoteOp::Kind::kSend:
      remote_bytes_ += op.frame->bytes().size();
      return send(op.frame);
    case RemoteOp::Kind::kPing:
      return ping(op.number);
    case RemoteOp::Kind::kClose:
      return close(static_cast<std::uint16_t>(op.number));
    case RemoteOp::Kind::kDrop:
      return drop();
  }
}

void SocketHandler::report_taken() {
  if (connection_->outbound() > 0) return;  // on_drained comes
  core_->post(home_, [socket = id_, total = remote_bytes_](GatewayLoop& home) {
    RemoteLine* const line = home.find_remote(socket);
    if (!line) return;
    line->on_taken(total);
    if (line->session) line->session->go_on();
  });
}

bool SocketHandler::matches(std::string_view keyword) const {
  if (!is_entered()) return false;
  if (keyword.empty()) return true;
  if (username_.find(keyword) != std::string::npos) return true;
  if (nickname_.find(keyword) != std::string::npos) return true;
  return keyword == std::to_string(user_.value);
}

chat::OnlineSocket SocketHandler::describe() const {
  return {id_,      user_,       username_,     nickname_, token_role_,
          address_, user_agent_, connected_at_, sent_};
}

// ---- Line ----

void SocketHandler::send(const net::WsFramePtr& frame) {
  ++sent_;
  if (!connection_->send(frame)) core_->overflows.add();
}

void SocketHandler::ping(std::uint64_t number) {
  connection_->ping(number);
}

void SocketHandler::close(std::uint16_t code) {
  connection_->close(code, {});
}

void SocketHandler::drop() {
  connection_->drop();
}

std::size_t SocketHandler::outbound() const {
  return connection_->outbound();
}

}  // namespace qn::gateway
