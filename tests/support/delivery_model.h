#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/delivery_session.h"
#include "gateway/frames.h"
#include "support/model_log.h"

namespace qn::test {

// Drives gateway::DeliverySession against a model of everything around it: the
// log and its cursors, a store that is slow and fails, sockets that lose what is
// on its way, a client that receives in its own time. What happens next is chosen
// by `pick`, so that a random generator or a fuzzer can play. The rules:
//   - no message is skipped: what is sent in turn follows everything before it;
//   - none is sent again while its last copy may still arrive, or has arrived;
//   - the store never hears of an arrival that has not happened;
//   - in the end everything visible has arrived.
// The first rule that is broken is in failure().
class DeliveryModel final : public gateway::DeliverySession::Host {
 public:
  using Pick = std::function<std::uint32_t(std::uint32_t bound)>;

  enum class Clients { kOld, kAcknowledging, kMixed };

  DeliveryModel(Pick pick, Clients clients) : pick_(std::move(pick)), clients_(clients) {
    options_.catch_up_batch = 5;
    options_.page_rows = 3;
    options_.max_held = 4;
    options_.max_unconfirmed = 7;
    options_.outbound_room = 300;
    options_.outbound_burst = 500;
  }

  void step();
  // Nothing fails any more and everybody does what he should: all must arrive.
  void finish();
  const std::string& failure() const { return failure_; }
  // How much has happened: a test that never delivers tests nothing.
  std::size_t sent() const { return copies_; }
  std::size_t repeated() const { return repeated_; }

 private:
  using Session = gateway::DeliverySession;
  using Instant = gateway::Instant;

  using Message = ModelLog::Message;
  struct Item {
    std::uint64_t ping = 0;          // or:
    model::LogPosition message = 0;  // 0: something else
  };
  struct FakeLine final : gateway::Line {
    FakeLine(DeliveryModel& m, std::uint64_t number, bool by_itself)
        : model(m), id(number), client_acks(by_itself) {}
    void send(const net::WsFramePtr& frame) override { model.on_send(*this, frame); }
    void ping(std::uint64_t n) override {
      if (!is_dropped) pipe.push_back({n, 0});
    }
    void close(std::uint16_t) override { is_dropped = true; }
    void drop() override { is_dropped = true; }
    std::size_t outbound() const override { return waiting; }

    DeliveryModel& model;
    const std::uint64_t id;
    const bool client_acks;
    bool is_dropped = false;
    std::size_t waiting = 0;                               // bytes
    std::vector<Item> pipe;                                // everything that was sent
    std::size_t received = 0;                              // of pipe
    std::deque<std::uint64_t> pongs;                       // on their way back
    std::deque<std::pair<std::int64_t, model::Seq>> acks;  // likewise
    std::optional<Instant> replaced_at;                    // a newer socket has been opened
  };
  struct Question {
    Session::Ticket ticket = 0;
    int limit = 0;
    std::vector<model::LogPosition> positions;
    std::optional<model::Backlog> backlog;  // once it has been looked up
  };
  // Host
  Instant now() const override { return now_; }
  Time time() const override { return time_from_millis(1'760'000'000'000 + now_.count()); }
  void find_backlog(Session&, Session::Ticket ticket, int limit) override {
    questions_.push_back({ticket, limit, {}, {}});
  }
  void read(Session&, Session::Ticket ticket, std::vector<model::LogPosition> positions) override {
    questions_.push_back({ticket, 0, std::move(positions), {}});
  }
  void write_acknowledged(Session&, bool) override { wants_write_ = true; }
  void ping_soon(Session&) override { wants_ping_ = true; }
  void resume_later(Session&) override { wants_turn_ = true; }
  void wake_at(Session&, Instant when) override {
    // As the loop does it: a wake that comes earlier is enough.
    if (armed_for_ && *armed_for_ > now_ && *armed_for_ <= when) return;
    armed_for_ = armed_for_ ? std::min(*armed_for_, when) : when;
  }
  void count_deliveries(std::size_t) override {}
  void count_catch_up() override {}

  // The log.
  void commit(bool is_hidden) { published_.push_back(log_.append(1 + pick_(3), is_hidden)); }
  void deal_out();
  void lose();

  // Sockets.
  void connect();
  void attach_arrived();
  void disconnect(std::size_t i);
  void on_send(FakeLine& line, const net::WsFramePtr& frame);
  void check_copy(const Message& m, const FakeLine& line);
  void receive(FakeLine& line, std::size_t items);
  void answer(FakeLine& line);
  void drain(FakeLine& line) {
    line.waiting = 0;
    session_->go_on();
  }
  FakeLine* any_line() { return lines_.empty() ? nullptr : lines_[pick_(size(lines_))].get(); }

  // The store.
  void look();
  void answer_question(bool is_failure);
  void take_acknowledged();
  void write_taken();
  void finish_write();

  void turn();
  void pass_time(Instant by);
  void fail(std::string what) {
    if (failure_.empty()) failure_ = std::move(what);
  }
  template <class C>
  static std::uint32_t size(const C& c) {
    return static_cast<std::uint32_t>(c.size());
  }
  static std::string name(const Message& m) { return "message " + std::to_string(m.position); }

  const Pick pick_;
  const Clients clients_;
  gateway::GatewayOptions options_;
  std::string failure_;
  std::size_t copies_ = 0;
  std::size_t repeated_ = 0;

  Instant now_{1'000};
  std::optional<Instant> armed_for_;
  bool wants_write_ = false;
  bool wants_ping_ = false;
  bool wants_turn_ = false;

  ModelLog log_;
  std::deque<model::LogPosition> published_;  // on the way to the session
  model::LogPosition heard_ = 0;

  std::vector<Question> questions_;
  enum class Writing { kNo, kTaken, kWritten } writing_ = Writing::kNo;
  std::vector<model::Delivered> taken_;

  std::uint64_t lines_made_ = 0;
  std::uint64_t session_number_ = 1;
  std::optional<model::Arrival> arrival_;
  bool is_fetch_remembered_ = false;
  std::vector<std::unique_ptr<FakeLine>> lines_;  // oldest first
  std::unique_ptr<Session> session_;
};

// ---- The log ----

inline void DeliveryModel::deal_out() {
  if (published_.empty()) return;
  const Message& m = log_.message(published_.front());
  published_.pop_front();
  heard_ = m.position;
  if (!session_ || m.is_hidden) return;
  gateway::LiveMessage live;
  live.position = m.position;
  live.conversation = m.conversation;
  live.seq = m.seq;
  live.frame = gateway::chat_frame(std::to_string(m.position), time());
  gateway::LiveView view(live);
  session_->on_live(view);
}

inline void DeliveryModel::lose() {
  if (published_.empty()) return;
  heard_ = published_.back();
  published_.clear();
  if (session_) session_->on_lost(heard_);
}

// ---- Sockets ----

// What entering does: the store is asked at one moment, the session hears of it
// at another.
inline void DeliveryModel::connect() {
  if (arrival_ || lines_.size() >= 3) return;
  const auto backlog = log_.look_up(1);
  arrival_.emplace();
  arrival_->has_backlog = !backlog.messages.empty();
  arrival_->horizon = backlog.horizon;
}

inline void DeliveryModel::attach_arrived() {
  if (!arrival_) return;
  const bool acks =
      clients_ == Clients::kAcknowledging || (clients_ == Clients::kMixed && pick_(2));
  if (!session_) session_ = std::make_unique<Session>(UserId(7), *this, options_);
  for (auto& line : lines_) {
    if (!line->replaced_at) line->replaced_at = now_;
    // Such a client says itself what it has.
    if (acks) log_.give_up(line->id);
  }
  lines_.push_back(std::make_unique<FakeLine>(*this, ++lines_made_, acks));
  Session::Start start;
  start.has_backlog = arrival_->has_backlog;
  start.horizon = arrival_->horizon;
  start.published = heard_;
  start.is_asked = std::exchange(is_fetch_remembered_, false);
  start.client_acks = acks;
  arrival_.reset();
  session_->attach(*lines_.back(), start);
}

inline void DeliveryModel::disconnect(std::size_t i) {
  const auto line = std::move(lines_[i]);
  lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
  if (!lines_.empty()) lines_.back()->replaced_at.reset();
  session_->detach(*line);
}

inline void DeliveryModel::on_send(FakeLine& line, const net::WsFramePtr& frame) {
  if (line.is_dropped) return;
  line.waiting += frame->bytes().size();
  const std::string_view text = frame->payload();
  constexpr std::string_view kHead = R"({"type":"singleChat","data":)";
  if (!text.starts_with(kHead)) return line.pipe.push_back({});
  const auto position = std::stoll(std::string(text.substr(kHead.size(), 12)));
  Message& m = log_.message(position);
  if (line.client_acks != (text.find("\"seq\":") != std::string_view::npos)) {
    fail("a frame of the wrong kind");
  }
  check_copy(m, line);
  ++copies_;
  if (m.was_sent) ++repeated_;
  m.was_out_of_turn = session_->state() == Session::State::kBehind;
  m.was_sent = true;
  m.is_confirmed = false;
  m.is_given_up = false;
  m.line = line.id;
  m.session = session_number_;
  m.at = line.pipe.size();
  line.pipe.push_back({0, position});
}

inline void DeliveryModel::check_copy(const Message& m, const FakeLine& line) {
  if (&line != lines_.back().get()) fail(name(m) + " went to an older socket");
  if (m.is_hidden) fail(name(m) + " is hidden");
  if (session_->has_ended()) fail(name(m) + " after the end");
  if (!log_.is_missing(m) && !m.was_sent) fail(name(m) + " has arrived already");
  if (m.was_sent) {
    if (m.is_confirmed) fail(name(m) + " was sent again after its acknowledgement");
    for (const auto& other : lines_) {
      const bool may_arrive = other->id == m.line && !other->is_dropped && !m.is_given_up;
      if (may_arrive) fail(name(m) + " was sent twice");
    }
  }
  if (session_->state() == Session::State::kBehind) return;
  for (const Message& other : log_.messages()) {
    if (other.position < m.position && !other.is_hidden) {
      // Before it, everything has been sent, or had arrived before.
      const bool was_settled = !log_.is_missing(other);
      bool is_under_way = other.is_confirmed || other.is_received;
      for (const auto& l : lines_) is_under_way |= other.was_sent && l->id == other.line;
      if (!was_settled && !is_under_way)
        fail(name(m) + " overtook " + std::to_string(other.position));
    }
    if (other.position > m.position && other.was_sent && !other.was_out_of_turn && !m.was_sent) {
      fail(name(m) + " comes after " + std::to_string(other.position));
    }
  }
}

// The client's side: it reads, answers pings, acknowledges.
inline void DeliveryModel::receive(FakeLine& line, std::size_t items) {
  for (; items > 0 && line.received < line.pipe.size(); --items, ++line.received) {
    const Item& item = line.pipe[line.received];
    if (item.ping != 0) line.pongs.push_back(item.ping);
    if (item.message == 0) continue;
    Message& m = log_.message(item.message);
    m.is_received = true;
    if (line.client_acks) line.acks.emplace_back(m.conversation.value, m.seq);
  }
}

inline void DeliveryModel::answer(FakeLine& line) {
  if (!line.pongs.empty()) {
    const auto number = line.pongs.front();
    line.pongs.pop_front();
    if (!line.client_acks) {
      for (std::size_t i = 0; line.pipe[i].ping != number; ++i) {
        if (line.pipe[i].message == 0) continue;
        Message& m = log_.message(line.pipe[i].message);
        if (m.line == line.id && m.at == i && !m.is_given_up) m.is_confirmed = true;
      }
    }
    session_->on_pong(line, number);
  }
  if (!line.acks.empty()) {
    const auto [conversation, seq] = line.acks.front();
    line.acks.pop_front();
    log_.confirm(model::ConversationId(conversation), seq, session_number_);
    session_->on_client_ack(line, model::ConversationId(conversation), seq);
  }
}

// ---- The store ----

inline void DeliveryModel::look() {
  if (questions_.empty()) return;
  Question& q = questions_[pick_(size(questions_))];
  if (q.limit > 0 && !q.backlog) q.backlog = log_.look_up(q.limit);
}

inline void DeliveryModel::answer_question(bool is_failure) {
  if (questions_.empty()) return;
  const std::size_t i = pick_(size(questions_));
  const Question q = std::move(questions_[i]);
  questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(i));
  if (q.limit > 0) {
    if (is_failure) return session_->on_backlog(q.ticket, unavailable("model"));
    return session_->on_backlog(q.ticket, q.backlog ? *q.backlog : log_.look_up(q.limit));
  }
  if (is_failure) return session_->on_bodies(q.ticket, unavailable("model"));
  std::vector<std::string> bodies;
  for (const auto position : q.positions) bodies.push_back(std::to_string(position));
  session_->on_bodies(q.ticket, std::move(bodies));
}

inline void DeliveryModel::take_acknowledged() {
  if (!wants_write_ || writing_ != Writing::kNo || !session_) return;
  taken_.clear();
  session_->sent().take(session_->user(), 1 + pick_(4), taken_);
  wants_write_ = session_->sent().has_acknowledged();
  writing_ = Writing::kTaken;
}

inline void DeliveryModel::write_taken() {
  if (writing_ != Writing::kTaken) return;
  for (const auto& d : taken_) {
    const auto too_early = log_.deliver(d);
    if (too_early) fail(name(log_.message(*too_early)) + " is noted, but has not arrived");
  }
  writing_ = Writing::kWritten;
}

inline void DeliveryModel::finish_write() {
  if (writing_ != Writing::kWritten) return;
  writing_ = Writing::kNo;
  session_->on_written();
  if (pick_(2)) session_->shrink();
}

// ---- What happens ----

inline void DeliveryModel::turn() {
  if (!session_) return;
  if (std::exchange(wants_ping_, false)) session_->send_ping();
  // The kernel takes everything at the end of a turn, or not.
  if (std::exchange(wants_turn_, false)) {
    for (auto& line : lines_) {
      if (pick_(2)) line->waiting = 0;
    }
    session_->go_on();
  }
}

inline void DeliveryModel::pass_time(Instant by) {
  now_ += by;
  for (auto& line : lines_) {
    if (line->replaced_at && now_ >= *line->replaced_at + options_.takeover_wait)
      log_.give_up(line->id);
  }
  if (!session_ || !armed_for_ || *armed_for_ > now_) return;
  armed_for_.reset();
  session_->on_time();
}

inline void DeliveryModel::step() {
  if (!failure_.empty()) return;
  // What no longer matters may be forgotten, and begins anew.
  if (session_ && session_->is_finished() && writing_ == Writing::kNo && pick_(2)) {
    session_.reset();
    ++session_number_;
    questions_.clear();
    armed_for_.reset();
    wants_write_ = wants_ping_ = wants_turn_ = false;
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i]->is_dropped) return disconnect(i);
  }
  FakeLine* const line = any_line();
  switch (pick_(24)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return commit(pick_(4) == 0);
    case 4:
    case 5:
    case 6:
      return deal_out();
    case 7:
      return pick_(8) == 0 ? lose() : deal_out();
    case 8:
      return connect();
    case 9:
      return attach_arrived();
    case 10:
      if (line && pick_(4) == 0) disconnect(pick_(size(lines_)));
      return;
    case 11:
    case 12:
      return line ? receive(*line, 1 + pick_(6)) : void();
    case 13:
    case 14:
      return line ? answer(*line) : void();
    case 15:
      return line && line->waiting > 0 ? drain(*line) : void();
    case 16:
      if (!session_ || !session_->has_lines()) {
        is_fetch_remembered_ = true;
      } else if (lines_.back()->client_acks) {
        session_->sync(*lines_.back());
      } else {
        session_->fetch();
      }
      return;
    case 17:
      return look();
    case 18:
    case 19:
      return answer_question(pick_(8) == 0);
    case 20:
      return take_acknowledged();
    case 21:
      return pick_(2) ? write_taken() : finish_write();
    case 22:
      return turn();
    case 23:
      return pass_time(Instant(1 + pick_(5) * pick_(5) * 150));
  }
}

inline void DeliveryModel::finish() {
  if (!failure_.empty()) return;
  connect();
  attach_arrived();
  for (std::size_t i = 0; i < 3'000 && failure_.empty(); ++i) {
    while (!published_.empty()) deal_out();
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      if (lines_[l]->is_dropped) disconnect(l--);
    }
    if (lines_.empty()) {
      connect();
      attach_arrived();
    }
    if (i == 5) {
      lines_.back()->client_acks ? session_->sync(*lines_.back()) : session_->fetch();
    }
    while (!questions_.empty()) answer_question(false);
    turn();
    for (auto& line : lines_) {
      receive(*line, 1'000);
      while (!line->pongs.empty() || !line->acks.empty()) answer(*line);
      drain(*line);
    }
    take_acknowledged();
    write_taken();
    finish_write();
    pass_time(Instant(100));
    const bool is_live = session_->state() == Session::State::kLive;
    if (i > 10 && is_live && session_->sent().empty() && questions_.empty()) break;
  }
  for (const Message& m : log_.messages()) {
    if (!m.is_hidden && !m.is_received) fail(name(m) + " never arrived");
    if (log_.is_missing(m)) fail(name(m) + " is missing for the store");
  }
  if (failure_.empty() && session_->state() != Session::State::kLive) fail("it is not live");
}

}  // namespace qn::test
