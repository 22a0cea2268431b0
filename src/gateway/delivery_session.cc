#include "gateway/delivery_session.h"

#include <algorithm>
#include <cassert>

#include "base/log.h"
#include "chat/texts.h"
#include "gateway/frames.h"
#include "gateway/held_messages.h"
#include "gateway/missed_messages.h"

namespace qn::gateway {
namespace {

constexpr std::uint16_t kReplacedCode = 4001;
// A fetch this soon after the store has said that nothing is missing has nothing
// to look for.
constexpr Instant kFresh{5'000};
// How often a wait that something should end is looked at all the same.
constexpr Instant kRecheck{200};
// Acknowledgements by a client that the store does not know of yet.
constexpr std::size_t kMaxClientAcks = 4'096;

}  // namespace

// What a session needs while it is not simply live.
struct DeliverySession::Work {
  enum class Phase { kNone, kFinding, kReading, kSending, kDraining, kConfirming, kRetrying };
  Phase phase = Phase::kNone;

  HeldMessages held;
  MissedMessages missed;
  Instant retry_delay{0};
};

DeliverySession::DeliverySession(UserId user, Host& host, const GatewayOptions& options)
    : user_(user), host_(host), options_(options) {}

DeliverySession::~DeliverySession() = default;

// ---- Sockets ----

void DeliverySession::attach(Line& line, const Start& start_with) {
  assert(!has_ended());
  const bool is_first = newest_ == nullptr;
  line.older_ = newest_;
  line.client_acks_ = start_with.client_acks;
  newest_ = &line;
  attached_at_ = std::max(start_with.horizon, start_with.published);
  if (is_first) return start(start_with);
  take_over();
  if (start_with.is_asked) fetch();
}

void DeliverySession::start(const Start& with) {
  horizon_ = with.horizon;
  lost_ = 0;
  if (with.has_backlog) return with.is_asked ? catch_up(Round::kFirst) : go_behind();
  state_ = State::kLive;
  fresh_until_ = host_.now() + kFresh;
  on_lost(with.published);
}

// The client of a newer socket is the one of the older socket: it has what it was
// sent there, if that socket is alive.
void DeliverySession::take_over() {
  if (newest_->client_acks_) {
    // It says itself what it has; until then nothing is certain.
    is_sync_asked_ = false;
    if (sent_ && sent_->abandon()) return go_behind();
  }
  if (state_ == State::kSettling) return;
  if (is_in_flight()) return settle();
  if (state_ == State::kBehind) return go_behind();
  if (state_ == State::kCatchingUp) host_.resume_later(*this);
}

void DeliverySession::settle() {
  after_ = state_;  // kLive, kBehind or kCatchingUp
  cancel_work();
  state_ = State::kSettling;
  until_ = host_.now() + options_.takeover_wait;
  ping_now();
  host_.wake_at(*this, until_);
}

void DeliverySession::settled(bool was_abandoned) {
  if (was_abandoned || after_ == State::kCatchingUp) return catch_up(Round::kFirst);
  if (after_ == State::kBehind) return go_behind();
  if (lost_ > horizon_) return catch_up(Round::kFirst);
  go_live();
}

void DeliverySession::detach(Line& line) {
  Line** link = &newest_;
  while (*link != &line) link = &(*link)->older_;
  const bool was_newest = link == &newest_;
  *link = line.older_;
  line.older_ = nullptr;

  bool was_abandoned = false;
  const bool was_writer = writer_ == &line;
  if (was_writer) {
    writer_ = nullptr;
    was_abandoned = sent_ && sent_->abandon();
  }
  if (!newest_) return go_idle();
  if (has_ended()) return;
  if (state_ == State::kSettling && (was_writer || writer_ == newest_)) {
    return settled(was_abandoned);
  }
  if (was_abandoned) return catch_up(Round::kFirst);
  if (was_newest && state_ == State::kCatchingUp) host_.resume_later(*this);
}

void DeliverySession::go_idle() {
  cancel_work();
  work_.reset();
  is_out_of_turn_ = false;
  is_sync_asked_ = false;
  lost_ = 0;
  if (!has_ended()) state_ = State::kIdle;
}

void DeliverySession::end(chat::EndReason reason) {
  if (reason == chat::EndReason::kDisconnected) return drop_lines();
  if (has_ended() && until_ == Instant{0}) return;  // closed already
  quiesce();
  if (reason == chat::EndReason::kLoggedOut) {
    until_ = host_.now() + options_.logout_grace;
    host_.wake_at(*this, until_);
    return;
  }
  for (Line* line = newest_; line; line = line->older_) {
    const bool is_kick = reason == chat::EndReason::kReplaced;
    line->send(is_kick ? force_logout_frame() : fail_frame(chat::texts::kSocketUserDisabled));
    line->close(is_kick ? kReplacedCode : kNoCode);
  }
}

void DeliverySession::drop_lines() {
  for (Line* line = newest_; line; line = line->older_) line->drop();
}

void DeliverySession::quiesce() {
  cancel_work();
  work_.reset();
  state_ = State::kEnded;
  until_ = Instant{0};
  ping_now();
}

// ---- Live messages ----

void DeliverySession::on_live(LiveView& message) {
  if (message->position <= horizon_) return;
  switch (state_) {
    case State::kIdle:
    case State::kEnded:
      return;
    case State::kBehind:
      if (!is_out_of_turn_) return hold(message);
      [[fallthrough]];
    case State::kLive:
      horizon_ = message->position;
      return write(message->conversation, message->seq, message.frame(newest_->client_acks_),
                   state_ == State::kLive);
    case State::kSettling:
    case State::kCatchingUp:
      return hold(message);
  }
}

void DeliverySession::on_lost(model::LogPosition position) {
  if (position <= horizon_ || state_ == State::kIdle || has_ended()) return;
  lost_ = std::max(lost_, position);
  if (state_ == State::kLive) catch_up(Round::kFirst);
}

void DeliverySession::hold(const LiveView& message) {
  if (!work().held.add(message.message(), options_)) lost_ = std::max(lost_, message->position);
}

void DeliverySession::send_held(bool is_in_turn) {
  if (!work_) return;
  for (const auto& h : work_->held.take()) {
    if (h.position <= horizon_) continue;
    horizon_ = h.position;
    write(h.conversation, h.seq,
          newest_->client_acks_ ? number_frame(*h.frame, h.conversation, h.seq) : h.frame,
          is_in_turn);
  }
}

void DeliverySession::write(model::ConversationId conversation, model::Seq seq,
                            const net::WsFramePtr& frame, bool is_in_turn) {
  assert(writer_ == newest_ || !is_in_flight());
  writer_ = newest_;
  newest_->send(frame);
  sent().write(conversation, seq, is_in_turn, next_mark());
  host_.count_deliveries(1);
  if (!is_ping_wanted_ && !newest_->client_acks_) {
    is_ping_wanted_ = true;
    host_.ping_soon(*this);
  }
  if (sent_->stretches() > options_.max_stretches) newest_->drop();
}

// ---- Acknowledgement ----

std::uint64_t DeliverySession::next_mark() const {
  return writer_->client_acks_ ? SentList::kByClient : writer_->pings_ + 1;
}

void DeliverySession::send_ping() {
  is_ping_wanted_ = false;
  if (!writer_ || !sent_ || !sent_->is_waiting_for(writer_->pings_ + 1)) return;
  if (writer_->pongs_ < writer_->pings_) return;  // on_pong() comes back to it
  const Instant due = writer_->pinged_at_ + options_.ack_interval;
  if (writer_->pings_ > 0 && host_.now() < due) return host_.wake_at(*this, due);
  ping_now();
}

void DeliverySession::ping_now() {
  if (!writer_ || !sent_ || !sent_->is_waiting_for(writer_->pings_ + 1)) return;
  writer_->pinged_at_ = host_.now();
  writer_->ping(++writer_->pings_);
}

void DeliverySession::on_pong(Line& line, std::uint64_t number) {
  if (number <= line.pongs_ || number > line.pings_) return;
  line.pongs_ = number;
  if (&line != writer_ || !sent_) return;
  if (sent_->acknowledge(number)) {
    const bool hurry = work_ && work_->phase == Work::Phase::kConfirming;
    host_.write_acknowledged(*this, hurry);
  }
  if (state_ == State::kSettling && !is_in_flight()) return settled(false);
  send_ping();
}

void DeliverySession::on_client_ack(const Line& line, model::ConversationId conversation,
                                    model::Seq seq) {
  if (!line.client_acks_ || sent().acknowledged() >= kMaxClientAcks) return;
  // Nothing has been sent from beyond either.
  sent_->acknowledge(conversation, seq, std::max(attached_at_, horizon_));
  is_acked_meanwhile_ = true;
  host_.write_acknowledged(*this, false);
  if (state_ == State::kSettling && !is_in_flight()) settled(false);
}

void DeliverySession::on_written() {
  if (sent_) sent_->on_written(state_ == State::kCatchingUp);
  go_on();
}

// ---- What was missed ----

void DeliverySession::go_behind() {
  cancel_work();
  state_ = State::kBehind;
  is_out_of_turn_ = false;
  until_ = host_.now() + options_.fetch_wait;
  host_.wake_at(*this, until_);
}

void DeliverySession::deliver_out_of_turn() {
  is_out_of_turn_ = true;
  send_held(false);
  shrink();
}

void DeliverySession::fetch() {
  switch (state_) {
    case State::kLive:
      if (host_.now() < fresh_until_) {
        fresh_until_ = Instant{0};
        return;
      }
      [[fallthrough]];
    case State::kBehind:
      return catch_up(Round::kFirst);
    case State::kSettling:
      after_ = State::kCatchingUp;
      return;
    case State::kCatchingUp:  // it will cover everything
    case State::kIdle:
    case State::kEnded:
      return;
  }
}

void DeliverySession::sync(const Line& line) {
  if (!line.client_acks_ || has_ended()) return;
  is_sync_asked_ = true;
  fetch();
  if (state_ == State::kLive) answer_sync();
}

void DeliverySession::answer_sync() {
  if (is_sync_asked_) newest_->send(synced_frame());
  is_sync_asked_ = false;
}

void DeliverySession::catch_up(Round round) {
  if (round == Round::kFirst) host_.count_catch_up();
  cancel_work();
  state_ = State::kCatchingUp;
  is_out_of_turn_ = false;
  work().phase = Work::Phase::kFinding;
  is_finding_ = true;
  is_acked_meanwhile_ = false;
  // What is on its way still counts as missing in the store.
  const std::size_t known = sent_ ? std::min(sent_->unconfirmed(), options_.max_unconfirmed) : 0;
  host_.find_backlog(*this, ticket_, options_.catch_up_batch + static_cast<int>(known));
}

void DeliverySession::on_backlog(Ticket ticket, Result<model::Backlog> backlog) {
  if (ticket != ticket_ || !is_finding_) return;
  is_finding_ = false;
  Work& w = work();
  if (!backlog.has_value()) return retry_later();
  horizon_ = std::max(horizon_, backlog->horizon);
  w.held.forget_until(horizon_);
  w.missed.accept(std::move(*backlog));
  if (sent_) {
    sent_->filter(w.missed.messages);
    sent_->forget_written();
  }
  // Nothing but what is on its way: the store has to hear of that first.
  const bool is_stuck = w.missed.is_sent() && !w.missed.is_complete();
  until_ = host_.now() + (is_stuck ? kRecheck : Instant{0});
  w.phase = Work::Phase::kSending;
  send_more();
}

void DeliverySession::send_more() {
  Work& w = work();
  for (; w.missed.has_body(); w.missed.advance()) {
    if (newest_->outbound() > options_.outbound_burst) return wait_for_room();
    send_body(w.missed.message(), w.missed.body());
  }
  if (w.missed.is_sent()) return finish_round();
  if (newest_->outbound() > options_.outbound_room) return wait_for_room();
  w.phase = Work::Phase::kReading;
  host_.read(*this, ticket_, w.missed.next_page(options_.page_rows));
}

void DeliverySession::send_body(const model::PendingMessage& m, const std::string& body) {
  if (is_acked_meanwhile_ && sent().has_arrived(m)) return;
  const auto frame = newest_->client_acks_
                         ? numbered_frame(body, m.conversation, m.seq, host_.time())
                         : chat_frame(body, host_.time());
  write(m.conversation, m.seq, frame, true);
}

void DeliverySession::on_bodies(Ticket ticket, Result<std::vector<std::string>> bodies) {
  if (ticket != ticket_ || !work_ || work_->phase != Work::Phase::kReading) return;
  Work& w = *work_;
  const std::size_t expected = w.missed.page_size(options_.page_rows);
  if (bodies.has_value() && bodies->size() != expected) {
    log::error("gateway.bodies_missing", {{"user", user_.value}});
  }
  if (!bodies.has_value() || bodies->size() != expected) return retry_later();
  w.retry_delay = Instant{0};
  w.missed.accept_page(std::move(*bodies));
  w.phase = Work::Phase::kSending;
  send_more();
}

void DeliverySession::wait_for_room() {
  // What was sent in this turn leaves at its end; if it cannot, on_drained comes.
  work().phase = Work::Phase::kDraining;
  host_.resume_later(*this);
  host_.wake_at(*this, host_.now() + kRecheck);
}

void DeliverySession::finish_round() {
  Work& w = work();
  if (!w.missed.is_complete()) {
    w.phase = Work::Phase::kConfirming;
    if (is_confirmed()) return catch_up(Round::kNext);
    ping_now();
    if (sent_ && sent_->has_acknowledged()) host_.write_acknowledged(*this, true);
    host_.wake_at(*this, host_.now() + kRecheck);
    return;
  }
  // Own messages at the end of a conversation are not missing either.
  if (!newest_->client_acks_ && !w.missed.ends().empty()) {
    assert(writer_ == newest_ || !is_in_flight());
    writer_ = newest_;
    for (const auto& end : w.missed.ends()) sent().write_end(end, next_mark());
    send_ping();
  }
  if (lost_ > horizon_) return catch_up(Round::kNext);
  go_live();
}

bool DeliverySession::is_confirmed() const {
  if (host_.now() < until_) return false;
  return !sent_ || sent_->unconfirmed() <= options_.max_unconfirmed;
}

void DeliverySession::go_live() {
  state_ = State::kLive;
  fresh_until_ = Instant{0};
  send_held(true);
  answer_sync();
  work_.reset();
  if (sent_) sent_->forget_written();
}

void DeliverySession::retry_later() {
  Work& w = work();
  w.phase = Work::Phase::kRetrying;
  w.retry_delay = std::clamp(w.retry_delay * 2, options_.retry_first, options_.retry_most);
  until_ = host_.now() + w.retry_delay;
  host_.wake_at(*this, until_);
}

void DeliverySession::go_on() {
  if (state_ != State::kCatchingUp) return;
  Work& w = work();
  if (w.phase == Work::Phase::kDraining) {
    if (newest_->outbound() > options_.outbound_room) {
      return host_.wake_at(*this, host_.now() + kRecheck);
    }
    w.phase = Work::Phase::kSending;
    send_more();
  } else if (w.phase == Work::Phase::kConfirming) {
    if (is_confirmed()) return catch_up(Round::kNext);
    host_.wake_at(*this, host_.now() + kRecheck);
  }
}

void DeliverySession::on_time() {
  const Instant now = host_.now();
  const bool is_due = now >= until_;
  switch (state_) {
    case State::kBehind:
      if (is_due && !is_out_of_turn_) {
        newest_->client_acks_ ? catch_up(Round::kFirst) : deliver_out_of_turn();
      }
      break;
    case State::kSettling:
      if (is_due) settled(sent_ && sent_->abandon());
      break;
    case State::kCatchingUp:
      if (work().phase != Work::Phase::kRetrying) {
        go_on();
      } else if (is_due) {
        catch_up(Round::kNext);
      }
      break;
    case State::kEnded:
      if (is_due && until_ != Instant{0}) {
        drop_lines();
        until_ = Instant{0};
      }
      break;
    case State::kIdle:
    case State::kLive:
      break;
  }
  if (until_ > now) host_.wake_at(*this, until_);
  send_ping();
}

// ---- Memory ----

// Answers that are on their way do not count any more.
void DeliverySession::cancel_work() {
  ++ticket_;
  is_finding_ = false;
  if (sent_) sent_->forget_written();
  if (!work_) return;
  work_->phase = Work::Phase::kNone;
  work_->missed.clear();
}

DeliverySession::Work& DeliverySession::work() {
  if (!work_) work_ = std::make_unique<Work>();
  return *work_;
}

SentList& DeliverySession::sent() {
  if (!sent_) sent_ = std::make_unique<SentList>();
  return *sent_;
}

void DeliverySession::shrink() {
  if (sent_ && sent_->empty()) sent_.reset();
  if (work_ && work_->held.empty() && state_ != State::kCatchingUp) work_.reset();
}

}  // namespace qn::gateway
