#include "gateway/gateway_loop.h"

#include <algorithm>
#include <utility>

#include "base/deadline.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "chat/texts.h"
#include "gateway/frames.h"
#include "gateway/socket_handler.h"

namespace qn::gateway {
namespace {

// A session that has ended is remembered longer than entering may take, so that
// a socket which was authenticated just before does not revive it.
constexpr Instant kEndedFor{60'000};
// How often a stop looks whether it may go on.
constexpr Instant kPoll{10};

std::size_t slots_for(Instant round, Instant tick) {
  return static_cast<std::size_t>(std::max<Instant::rep>(1, round / tick));
}

}  // namespace

GatewayLoop::GatewayLoop(GatewayCore& core, std::size_t index)
    : core_(core),
      index_(index),
      now_(core.now()),
      sessions_by_turn_(slots_for(core.options.revalidate, core.options.tick)),
      wheel_(core.options.tick, now_),
      reads_(core, index),
      acks_(core, index),
      // Visited twice per heartbeat, to notice the dead in time.
      sockets_by_turn_(slots_for(core.options.heartbeat / 2, core.options.tick)),
      entrance_(core, index),
      outboxes_(core.loops.size()),
      inbox_(core.options) {}

GatewayLoop::~GatewayLoop() = default;

// ---- Live messages ----

void GatewayLoop::push(LiveBatchPtr batch) {
  if (!inbox_.push(std::move(batch))) return;
  core_.post(index_, [](GatewayLoop& loop) { loop.deal_out(); });
}

void GatewayLoop::deal_out() {
  if (dealing_.empty()) {
    auto taken = inbox_.take();
    if (taken.lost != 0) lose(taken.lost);
    dealing_.assign(std::make_move_iterator(taken.batches.begin()),
                    std::make_move_iterator(taken.batches.end()));
    if (dealing_.empty() && taken.lost == 0) return;  // the next push() posts again
  }
  is_turn_open_ = true;
  const auto start = std::chrono::steady_clock::now();
  std::size_t visited = 0;
  while (!dealing_.empty() && visited < core_.options.slice) {
    const auto& messages = dealing_.front()->messages;
    visited += deal_out(messages[dealt_++]);
    if (dealt_ < messages.size()) continue;
    dealing_.pop_front();
    dealt_ = 0;
  }
  // Pings leave in the same write as what they are about.
  finish_turn();
  // Behind the writing, which is most of the work.
  core_.post(index_, [start](GatewayLoop& loop) {
    loop.rest(std::chrono::floor<Instant>(std::chrono::steady_clock::now() - start));
  });
}

// More of the same, or to see that there is no more. Others have their turn first;
// after much work for as long as that took, and what comes meanwhile for the same
// sockets leaves in the same writes.
void GatewayLoop::rest(Instant worked) {
  const Instant span = std::min(worked, core_.options.rest_most);
  if (span == Instant{0}) return deal_out();
  core_.loops.spawn(index_, deal_out_later(core_.shared_from_this(), index_, span));
}

Task<void> GatewayLoop::deal_out_later(std::shared_ptr<GatewayCore> core, std::size_t loop,
                                       Instant span) {
  co_await sleep_for(span);
  core->parts[loop]->deal_out();
}

std::size_t GatewayLoop::deal_out(const LiveMessage& message) {
  heard_ = message.position;
  LiveView view(message);
  for (const UserId member : *message.members) {
    if (member == message.hidden_from) continue;
    for (auto* session = registry_.sessions_of(member); session; session = session->next_of_user) {
      session->on_live(view);
    }
  }
  return message.members->size() + 1;
}

void GatewayLoop::lose(model::LogPosition position) {
  log::warn("gateway.inbox_overflow", {{"loop", index_}});
  core_.overflows.add();
  heard_ = position;
  for (const auto& [id, session] : registry_.all()) session->on_lost(position);
}

// ---- Sessions ----

std::shared_ptr<OnlineSession> GatewayLoop::attach(Arrived arrived, Line& line) {
  const auto& caller = arrived.caller;
  OnlineSession* known = registry_.find(caller.session);
  const auto ended = registry_.find_end(caller.session, core_.now());
  if (ended || (known && known->has_ended()) || core_.is_stopping) {
    if (core_.is_stopping) {
      line.drop();
    } else {
      const bool is_disabled = ended == chat::EndReason::kDisabled;
      line.send(fail_frame(is_disabled ? chat::texts::kSocketUserDisabled
                                       : chat::texts::kSocketBadToken));
      line.close(kNoCode);
    }
    return nullptr;
  }
  auto session = known ? known->shared_from_this()
                       : std::make_shared<OnlineSession>(caller, *this, core_.options);
  if (!known) {
    core_.homes.hold(caller.user);
    registry_.add(session);
    sessions_by_turn_.add(*session);
  }
  // First registered, then asked: see home_directory.h.
  arrived.start.is_asked = core_.homes.take_fetch(caller.user, caller.session, core_.now());
  arrived.start.published = heard_;
  session->attach(line, arrived.start);
  return session;
}

void GatewayLoop::detach(const std::shared_ptr<OnlineSession>& session, Line& line, UserId user) {
  if (session) {
    session->detach(line);
    reap(*session);
  }
  core_.homes.leave(user);
  core_.count_online();
}

void GatewayLoop::reap(OnlineSession& session) {
  if (!session.is_finished() || registry_.find(session.id) != &session) return;
  const UserId user = session.user();
  sessions_by_turn_.remove(session);
  registry_.remove(session);
  core_.homes.release(user);
}

void GatewayLoop::fetch(UserId user, const std::string& session) {
  OnlineSession* const found = registry_.find(session);
  // Without a socket the fetch is for the one that is about to open.
  if (!found || !found->has_lines()) return;
  if (core_.homes.take_fetch(user, session, core_.now())) found->fetch();
}

void GatewayLoop::end(const std::vector<std::string>& sessions, chat::EndReason reason) {
  for (const auto& id : sessions) {
    if (reason != chat::EndReason::kDisconnected) {
      registry_.remember_end(id, reason, core_.now() + kEndedFor);
    }
    if (auto* const session = registry_.find(id)) session->end(reason);
  }
}

void GatewayLoop::revalidate(OnlineSession& session) {
  session.shrink();
  if (!session.has_lines() || session.has_ended()) return reap(session);
  core_.loops.spawn(index_,
                    ask_validity(core_.shared_from_this(), index_, session.shared_from_this()));
}

Task<void> GatewayLoop::ask_validity(std::shared_ptr<GatewayCore> core, std::size_t loop,
                                     std::shared_ptr<OnlineSession> session) {
  auto caller = session->caller();
  const auto by = Deadline::after(core->options.store_wait);
  const auto is_good = co_await core->inbox.keep_alive(std::move(caller), by);
  if (!is_good.has_value() || *is_good) co_return;
  // It comes back and hears why it may not.
  session->end(chat::EndReason::kLoggedOut);
  session->end(chat::EndReason::kDisconnected);
  core->parts[loop]->reap(*session);
}

// ---- Sockets ----

void GatewayLoop::add(SocketHandler& socket) {
  sockets_.emplace(socket.id(), &socket);
  sockets_by_turn_.add(socket);
}

void GatewayLoop::remove(SocketHandler& socket) {
  sockets_.erase(socket.id());
  sockets_by_turn_.remove(socket);
}

SocketHandler* GatewayLoop::find_socket(std::uint64_t id) const {
  const auto it = sockets_.find(id);
  return it == sockets_.end() ? nullptr : it->second;
}

void GatewayLoop::attach_remote(Arrived arrived, std::uint64_t socket) {
  auto& line = remote_lines_[socket] = std::make_unique<RemoteLine>(*this, socket);
  line->session = attach(std::move(arrived), *line);
}

RemoteLine* GatewayLoop::find_remote(std::uint64_t socket) const {
  const auto it = remote_lines_.find(socket);
  return it == remote_lines_.end() ? nullptr : it->second.get();
}

void GatewayLoop::detach_remote(std::uint64_t socket, UserId user) {
  const auto it = remote_lines_.find(socket);
  const auto line = std::move(it->second);
  remote_lines_.erase(it);
  detach(line->session, *line, user);
}

void GatewayLoop::send_remote(RemoteOp op) {
  outboxes_[GatewayCore::loop_of(op.socket)].push_back(std::move(op));
  finish_turn_later();
}

void GatewayLoop::apply(const std::vector<RemoteOp>& ops) {
  std::vector<std::uint64_t> touched;
  for (const RemoteOp& op : ops) {
    SocketHandler* const socket = find_socket(op.socket);
    if (!socket) continue;
    socket->apply(op);
    if (touched.empty() || touched.back() != op.socket) touched.push_back(op.socket);
  }
  // In the next turn, when what was sent in this one has been given to the kernel.
  core_.post(index_, [touched = std::move(touched)](GatewayLoop& loop) {
    for (const auto id : touched) {
      if (SocketHandler* const socket = loop.find_socket(id)) socket->report_taken();
    }
  });
}

// ---- DeliverySession::Host ----

void GatewayLoop::find_backlog(DeliverySession& session, DeliverySession::Ticket ticket,
                               int limit) {
  reads_.add({static_cast<OnlineSession&>(session).shared_from_this(), ticket, limit});
}

void GatewayLoop::read(DeliverySession& session, DeliverySession::Ticket ticket,
                       std::vector<model::LogPosition> positions) {
  reads_.add(
      {static_cast<OnlineSession&>(session).shared_from_this(), ticket, 0, std::move(positions)});
}

void GatewayLoop::write_acknowledged(DeliverySession& session, bool hurry) {
  acks_.add(static_cast<OnlineSession&>(session), hurry);
}

void GatewayLoop::ping_soon(DeliverySession& session) {
  pings_.push_back(static_cast<OnlineSession&>(session).shared_from_this());
  finish_turn_later();
}

void GatewayLoop::resume_later(DeliverySession& session) {
  core_.post(index_, [kept = static_cast<OnlineSession&>(session).shared_from_this()](
                         GatewayLoop&) { kept->go_on(); });
}

void GatewayLoop::wake_at(DeliverySession& session, Instant when) {
  auto& s = static_cast<OnlineSession&>(session);
  if (s.armed_for > now_ && s.armed_for <= when) return;
  s.armed_for = when;
  wheel_.add(s.weak_from_this(), when);
}

// ---- Turns ----

void GatewayLoop::finish_turn_later() {
  if (std::exchange(is_turn_open_, true)) return;
  core_.post(index_, [](GatewayLoop& loop) { loop.finish_turn(); });
}

void GatewayLoop::finish_turn() {
  is_turn_open_ = false;
  auto pings = std::exchange(pings_, {});
  for (const auto& session : pings) session->send_ping();
  for (std::size_t to = 0; to < outboxes_.size(); ++to) {
    if (outboxes_[to].empty()) continue;
    auto ops = std::make_shared<std::vector<RemoteOp>>(std::exchange(outboxes_[to], {}));
    core_.post(to, [ops](GatewayLoop& loop) { loop.apply(*ops); });
  }
  core_.deliveries.add(std::exchange(deliveries_, 0));
}

void GatewayLoop::on_tick() {
  now_ = core_.now();
  wheel_.advance(now_, [](OnlineSession& session) {
    session.armed_for = Instant{0};
    session.on_time();
  });
  for (SocketHandler* const socket : sockets_by_turn_.turn()) socket->visit(now_);
  const auto sessions = sessions_by_turn_.turn();  // a copy: some are reaped
  for (OnlineSession* const session : sessions) revalidate(*session);
  acks_.on_tick(now_);
  registry_.forget_ends(now_);
}

bool GatewayLoop::is_quiet() const {
  const auto& all = registry_.all();
  return std::none_of(all.begin(), all.end(),
                      [](const auto& entry) { return entry.second->is_in_flight(); });
}

Task<void> GatewayLoop::shut() {
  const auto core = core_.shared_from_this();
  for (const auto& [id, session] : registry_.all()) session->quiesce();
  const Instant until = core->now() + core->options.stop_grace;
  while (!is_quiet() && core->now() < until) co_await sleep_for(kPoll);
  for (const auto& [id, socket] : sockets_) socket->drop_now();
  // Those that were closed in time have said what they received.
  const Instant give_up = core->now() + core->options.stop_wait;
  do {
    co_await sleep_for(kPoll);
    acks_.on_tick(core->now());
  } while (!(acks_.is_idle() && sockets_.empty()) && core->now() < give_up);
}

}  // namespace qn::gateway
