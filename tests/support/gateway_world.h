#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/event_loops.h"
#include "bus/inproc/memory_cache.h"
#include "bus/inproc/memory_presence.h"
#include "chat/inbox.h"
#include "gateway/gateway.h"
#include "support/await.h"
#include "support/memory_log.h"

namespace qn::test {

// Sessions in a map. Any thread.
class MemorySessions final : public store::SessionStore {
 public:
  void put(model::SessionState state) {
    const std::lock_guard lock(mu_);
    states_[state.id] = std::move(state);
  }
  void remove(const std::string& id) {
    const std::lock_guard lock(mu_);
    states_.erase(id);
  }

  Task<Result<std::optional<model::SessionState>>> find(std::string id, Deadline) override {
    const std::lock_guard lock(mu_);
    const auto it = states_.find(id);
    if (it == states_.end()) co_return std::optional<model::SessionState>();
    co_return std::optional(it->second);
  }
  Task<Result<std::vector<std::string>>> replace_all(model::Session, Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<void>> slide(std::string, Time, Time, Deadline) override { co_return Result<void>(); }
  Task<Result<bool>> end(std::string, Deadline) override { co_return internal_error("unused"); }
  Task<Result<std::vector<std::string>>> end_all(UserId, std::string, Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<std::int64_t>> sweep(Time, int, Deadline) override {
    co_return internal_error("unused");
  }
  Task<Result<std::int64_t>> count(Time, Deadline) override { co_return internal_error("unused"); }

 private:
  std::mutex mu_;
  std::map<std::string, model::SessionState> states_;
};

// The gateway on two loops, with a log and sessions in memory; sockets are played
// by GatewayClient.
class GatewayWorld {
 public:
  explicit GatewayWorld(gateway::GatewayOptions with = quick()) : options(with) {}
  ~GatewayWorld() {
    gateway.stop();
    cache->stop();
    loops.stop();
  }

  // Times that a test can wait for.
  static gateway::GatewayOptions quick() {
    gateway::GatewayOptions options;
    options.tick = std::chrono::milliseconds(5);
    options.ack_interval = options.ack_write = options.retry_first = options.tick;
    options.stop_grace = std::chrono::milliseconds(50);
    options.burst_per_token = 1'000;
    return options;
  }

  // A session, and the token for it.
  std::string log_in(UserId user, const std::string& session) {
    const Time later = clock.now() + std::chrono::hours(24);
    sessions_store.put(
        {session, user, model::Role::kUser, model::Role::kUser, true, clock.now(), later});
    return signer.sign({user, model::Role::kUser, session, clock.now(), later});
  }
  // Somebody says something, and everybody who is online hears it.
  void say(std::int64_t conversation, std::vector<UserId> members) {
    std::vector<model::LoggedMessage> messages{log.say(conversation, std::move(members))};
    gateway.publish(std::move(messages));
  }
  // On a loop, and waits for it.
  template <class F>
  void on_loop(std::size_t loop, F fn) {
    std::promise<void> done;
    loops.post(loop, [&] {
      fn();
      done.set_value();
    });
    done.get_future().get();
  }
  template <class T>
  T run(Task<T> task) {
    return start_on(loops.executor(0), std::move(task)).get();
  }
  static bool eventually(const std::function<bool()>& condition) {
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > bound) return false;
      std::this_thread::yield();
    }
    return true;
  }

  const gateway::GatewayOptions options;
  Metrics metrics;
  FakeClock clock;
  SystemRandom random;
  EventLoops loops{2, metrics};
  std::unique_ptr<bus::Cache> cache = bus::make_memory_cache(clock, {}, metrics);
  std::unique_ptr<bus::Presence> presence = bus::make_memory_presence();
  chat::TokenSigner signer{"0123456789abcdef0123456789abcdef"};
  MemorySessions sessions_store;
  chat::SessionService sessions{sessions_store, *cache, signer, random, clock, {}};
  MemoryLog log;
  chat::Inbox inbox{sessions, log,  *cache, [](const model::Message&) { return std::string("0"); },
                    random,   clock};
  gateway::Gateway gateway{{inbox, *presence, loops, random, clock, metrics}, options};
};

// A client whose socket is on a loop. What it gets is kept without the greetings;
// of a message only the body.
class GatewayClient {
 public:
  GatewayClient(GatewayWorld& world, std::size_t loop) : world_(world), loop_(loop) {}
  ~GatewayClient() { close(net::WsHandler::Ended::kBroken); }

  // The status when it is refused.
  int open(const std::string& token, const std::string& more = "") {
    int status = 101;
    world_.on_loop(loop_, [&] {
      net::HttpRequest request;
      request.target = "/ws?token=" + token + more;
      request.address = "192.0.2.1";
      auto reply = world_.gateway.upgrade(request);
      if (!reply.websocket) {
        status = reply.status;
        return;
      }
      connection_->handler = std::move(reply.websocket);
      connection_->handler->on_open(*connection_);
    });
    return status;
  }
  void say(const std::string& frame) {
    world_.on_loop(loop_, [&] { connection_->handler->on_message(frame); });
  }
  void close(net::WsHandler::Ended how) {
    world_.on_loop(loop_, [&] { connection_->end(how); });
  }
  // Answers no pings any more.
  void go_silent() {
    const std::lock_guard lock(connection_->mu);
    connection_->is_silent = true;
  }

  std::vector<std::string> got() const {
    const std::lock_guard lock(connection_->mu);
    return connection_->got;
  }
  bool gets(const std::vector<std::string>& expected) const {
    return GatewayWorld::eventually([&] { return got() == expected; });
  }
  bool is_entered() const {
    return GatewayWorld::eventually([&] {
      const std::lock_guard lock(connection_->mu);
      return connection_->is_greeted;
    });
  }
  // -1: still open; 0…: closed with that code; kDropped.
  static constexpr int kDropped = -2;
  int ended() const {
    const std::lock_guard lock(connection_->mu);
    return connection_->ended;
  }

 private:
  struct Connection final : net::WsConnection, std::enable_shared_from_this<Connection> {
    Connection(GatewayWorld& w, std::size_t on) : world(w), loop(on) {}

    bool send(net::WsFramePtr frame) override {
      const std::string text(frame->payload());
      const std::string head = R"({"type":"singleChat","data":)";
      const std::lock_guard lock(mu);
      if (text.starts_with(R"({"type":"system")")) {
        is_greeted = true;
      } else if (!text.starts_with(head)) {
        got.push_back(text);
      } else {
        auto body = text.substr(head.size(), text.find(',', head.size()) - head.size());
        if (body != "0") got.push_back(std::move(body));  // no guides
      }
      return true;
    }
    void ping(std::uint64_t number) override {
      const std::lock_guard lock(mu);
      if (is_silent) return;
      world.loops.post(loop, [self = shared_from_this(), number] {
        if (self->handler) self->handler->on_pong(number);
      });
    }
    void close(std::uint16_t code, std::string_view) override { finish(code); }
    void drop() override { finish(kDropped); }
    std::size_t outbound() const override { return 0; }

    void finish(int how) {
      {
        const std::lock_guard lock(mu);
        if (ended != -1) return;
        ended = how;
      }
      world.loops.post(loop,
                       [self = shared_from_this()] { self->end(net::WsHandler::Ended::kDropped); });
    }
    void end(net::WsHandler::Ended how) {
      if (!handler) return;
      handler->on_closed(how);
      handler.reset();
    }

    GatewayWorld& world;
    const std::size_t loop;
    std::unique_ptr<net::WsHandler> handler;  // on the loop only
    mutable std::mutex mu;
    std::vector<std::string> got;
    bool is_greeted = false;
    bool is_silent = false;
    int ended = -1;
  };

  GatewayWorld& world_;
  const std::size_t loop_;
  std::shared_ptr<Connection> connection_ = std::make_shared<Connection>(world_, loop_);
};

}  // namespace qn::test
