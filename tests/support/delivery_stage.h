#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/delivery_session.h"
#include "gateway/frames.h"

namespace qn::test {

// A session of the gateway between sockets, a store and a clock that do nothing
// by themselves: tests say what happens, and look at what the session asked for.
struct DeliveryStage final : gateway::DeliverySession::Host {
  using Session = gateway::DeliverySession;
  using Instant = gateway::Instant;

  struct FakeLine final : gateway::Line {
    void send(const net::WsFramePtr& frame) override {
      std::string text(frame->payload());
      waiting += text.size();
      // Of a message only its body, which is its position.
      const std::string head = R"({"type":"singleChat","data":)";
      frames.push_back(text);
      if (text.starts_with(head))
        text = text.substr(head.size(), text.find(',', head.size()) - head.size());
      got.push_back(text);
    }
    void ping(std::uint64_t number) override { pings.push_back(number); }
    void close(std::uint16_t code) override { closed.push_back(code); }
    void drop() override { is_dropped = true; }
    std::size_t outbound() const override { return waiting; }

    std::vector<std::string> got;
    std::vector<std::string> frames;
    std::vector<std::uint64_t> pings;
    std::vector<int> closed;
    bool is_dropped = false;
    std::size_t waiting = 0;
  };
  struct Asked {
    Session::Ticket ticket = 0;
    int limit = 0;
    std::vector<model::LogPosition> positions;
  };
  using Got = std::vector<std::string>;

  // Host
  Instant now() const override { return time_now; }
  Time time() const override { return time_from_millis(1'760'000'000'000); }
  void find_backlog(Session&, Session::Ticket ticket, int limit) override {
    finds.push_back({ticket, limit, {}});
  }
  void read(Session&, Session::Ticket ticket, std::vector<model::LogPosition> positions) override {
    reads.push_back({ticket, 0, std::move(positions)});
  }
  void write_acknowledged(Session&, bool) override { ++write_wishes; }
  void ping_soon(Session&) override { wants_ping = true; }
  void resume_later(Session&) override { wants_turn = true; }
  void wake_at(Session&, Instant when) override { wakes.push_back(when); }
  void count_deliveries(std::size_t messages) override { deliveries += messages; }
  void count_catch_up() override { ++catch_ups; }

  // A socket of somebody who has missed nothing, or something, up to the horizon.
  void attach(FakeLine& line, Session::Start start = {}) { session.attach(line, start); }
  void attach_behind(FakeLine& line, model::LogPosition horizon) {
    Session::Start start;
    start.has_backlog = true;
    start.horizon = horizon;
    session.attach(line, start);
  }
  void attach_acknowledging(FakeLine& line, bool has_backlog = false) {
    Session::Start start;
    start.has_backlog = has_backlog;
    start.client_acks = true;
    session.attach(line, start);
  }

  // A live message; in conversation 1 the position is the number, too.
  void live(model::LogPosition position, std::int64_t conversation = 1) {
    gateway::LiveMessage message;
    message.position = position;
    message.conversation = model::ConversationId(conversation);
    message.seq = position;
    message.frame = gateway::chat_frame(std::to_string(position), time());
    gateway::LiveView view(message);
    session.on_live(view);
    end_turn();
  }
  void end_turn() {
    if (std::exchange(wants_ping, false)) session.send_ping();
  }
  void pass(Instant by) {
    time_now += by;
    session.on_time();
    end_turn();
  }

  // The store's answers: to the last question.
  static model::Backlog backlog(std::vector<model::LogPosition> positions,
                                model::LogPosition horizon) {
    model::Backlog out;
    out.horizon = horizon;
    for (const auto p : positions) out.messages.push_back({p, model::ConversationId(1), p});
    if (!positions.empty()) out.ends.push_back({model::ConversationId(1), horizon});
    return out;
  }
  void find(model::Backlog found) {
    session.on_backlog(finds.back().ticket, std::move(found));
    end_turn();
  }
  void bodies() {
    std::vector<std::string> texts;
    for (const auto p : reads.back().positions) texts.push_back(std::to_string(p));
    session.on_bodies(reads.back().ticket, std::move(texts));
    end_turn();
  }
  // The client answers everything that was asked so far.
  void pong(FakeLine& line) {
    session.on_pong(line, line.pings.back());
    end_turn();
  }
  // What the session wants to be noted, as "conversation:first-last", out of turn
  // with a star; it is not durable yet.
  Got taken() {
    std::vector<model::Delivered> out;
    session.sent().take(session.user(), 1'000, out);
    Got texts;
    for (const auto& d : out) {
      texts.push_back(std::to_string(d.conversation.value) + ':' + std::to_string(d.first) + '-' +
                      std::to_string(d.last) + (d.is_in_turn ? "" : "*"));
    }
    return texts;
  }

  Instant time_now{100'000};
  bool wants_ping = false;
  bool wants_turn = false;
  int write_wishes = 0;
  int catch_ups = 0;
  std::size_t deliveries = 0;
  std::vector<Asked> finds;
  std::vector<Asked> reads;
  std::vector<Instant> wakes;
  gateway::GatewayOptions options;
  Session session{UserId(7), *this, options};
};

}  // namespace qn::test
