#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "chat/online.h"
#include "gateway/ack_writer.h"
#include "gateway/core.h"
#include "gateway/entrance.h"
#include "gateway/fan_out.h"
#include "gateway/loop_registry.h"
#include "gateway/online_session.h"
#include "gateway/read_queue.h"
#include "gateway/remote_line.h"
#include "gateway/ring.h"
#include "gateway/timer_wheel.h"

namespace qn::gateway {

class SocketHandler;

// What the gateway does on one event loop: the sessions whose home it is, and the
// sockets that were accepted here, whose sessions may live elsewhere. Owned by
// the core; its own loop only, but for push().
class GatewayLoop final : public DeliverySession::Host {
 public:
  GatewayLoop(GatewayCore& core, std::size_t index);
  ~GatewayLoop() override;

  // Live messages for the sessions here. The committing thread.
  void push(LiveBatchPtr batch);

  // Sockets of this loop.
  void add(SocketHandler& socket);
  void remove(SocketHandler& socket);
  SocketHandler* find_socket(std::uint64_t id) const;
  const Ring<SocketHandler>& sockets() const { return sockets_by_turn_; }
  Entrance& entrance() { return entrance_; }

  // Sessions of this loop. attach() gives nothing when the session has ended; the
  // line has been told and closed then.
  struct Arrived {
    chat::Caller caller;
    DeliverySession::Start start;
  };
  std::shared_ptr<OnlineSession> attach(Arrived arrived, Line& line);
  void detach(const std::shared_ptr<OnlineSession>& session, Line& line, UserId user);
  void fetch(UserId user, const std::string& session);
  void end(const std::vector<std::string>& sessions, chat::EndReason reason);
  // Forgets a session that has nothing left to do.
  void reap(OnlineSession& session);

  // Sockets of other loops whose sessions live here.
  void attach_remote(Arrived arrived, std::uint64_t socket);
  RemoteLine* find_remote(std::uint64_t socket) const;
  void detach_remote(std::uint64_t socket, UserId user);
  void send_remote(RemoteOp op);
  // What another loop wants done to sockets of this one.
  void apply(const std::vector<RemoteOp>& ops);

  void on_tick();
  // Nothing is sent any more; returns once acknowledgements are written.
  Task<void> shut();

  // DeliverySession::Host
  Instant now() const override { return now_; }
  Time time() const override { return core_.clock.now(); }
  void find_backlog(DeliverySession& session, DeliverySession::Ticket ticket, int limit) override;
  void read(DeliverySession& session, DeliverySession::Ticket ticket,
            std::vector<model::LogPosition> positions) override;
  void write_acknowledged(DeliverySession& session, bool hurry) override;
  void ping_soon(DeliverySession& session) override;
  void resume_later(DeliverySession& session) override;
  void wake_at(DeliverySession& session, Instant when) override;
  void count_deliveries(std::size_t messages) override { deliveries_ += messages; }
  void count_catch_up() override { core_.catch_ups.add(); }

  GatewayCore& core() const { return core_; }
  std::size_t index() const { return index_; }

 private:
  void deal_out();
  void rest(Instant worked);
  static Task<void> deal_out_later(std::shared_ptr<GatewayCore> core, std::size_t loop,
                                   Instant span);
  std::size_t deal_out(const LiveMessage& message);
  void lose(model::LogPosition position);
  void finish_turn_later();
  void finish_turn();
  void revalidate(OnlineSession& session);
  static Task<void> ask_validity(std::shared_ptr<GatewayCore> core, std::size_t loop,
                                 std::shared_ptr<OnlineSession> session);
  bool is_quiet() const;

  GatewayCore& core_;
  const std::size_t index_;
  Instant now_;

  // Sessions.
  LoopRegistry registry_;
  Ring<OnlineSession> sessions_by_turn_;
  TimerWheel<OnlineSession> wheel_;
  ReadQueue reads_;
  AckWriter acks_;

  // Sockets: those accepted here, and those of sessions that live here.
  std::unordered_map<std::uint64_t, SocketHandler*> sockets_;
  Ring<SocketHandler> sockets_by_turn_;
  Entrance entrance_;
  std::unordered_map<std::uint64_t, std::unique_ptr<RemoteLine>> remote_lines_;
  std::vector<std::vector<RemoteOp>> outboxes_;  // per loop, of this turn

  // Fan-out.
  LoopInbox inbox_;
  std::deque<LiveBatchPtr> dealing_;  // taken from the inbox
  std::size_t dealt_ = 0;             // messages of the first batch
  model::LogPosition heard_ = 0;      // what has been dealt out, or lost
  std::size_t deliveries_ = 0;        // not counted yet

  // This turn.
  std::vector<std::shared_ptr<OnlineSession>> pings_;
  bool is_turn_open_ = false;  // finish_turn() will be called
};

}  // namespace qn::gateway
