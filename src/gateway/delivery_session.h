#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "chat/online.h"
#include "gateway/line.h"
#include "gateway/live_message.h"
#include "gateway/options.h"
#include "gateway/sent_list.h"
#include "model/message_log.h"

namespace qn::gateway {

// Delivers the log to one session: every message that is visible to its user, in
// the order of the log, to its newest socket. Pure: it hears of events and asks
// its host for everything else, so that tests and a fuzzer can drive it. One
// loop, no locks.
//
// Why nothing is lost. A session hears live messages before the store is asked
// what it has missed, so a message is either in that answer (its position is at
// most the answer's horizon) or is heard live. Live messages that cannot be sent
// at once are held; one that does not fit raises lost_, and as long as lost_ is
// beyond horizon_ the session asks the store again before it goes live.
//
// Why nothing is sent twice. Live messages up to horizon_ are ignored. What the
// store calls missing is filtered by sent_, which keeps a message from the moment
// it is written until the store knows and no older answer is on its way.
//
// Why the cursor never passes a message that has not arrived. What is in flight
// was all written to one socket, writer_, and pongs come in order. Before another
// socket is written to, the older one has to acknowledge (kSettling), or what is
// in flight there is forgotten and read from the log again.
class DeliverySession {
 public:
  enum class State : std::uint8_t {
    kIdle,        // no socket
    kSettling,    // a newer socket waits for what is in flight on an older one
    kBehind,      // has missed messages, and its client has not asked for them yet
    kCatchingUp,  // they are being sent
    kLive,        // nothing is missing: messages are sent as they come
    kEnded,       // nothing is delivered any more
  };
  // Of questions to the store; the answer to an older one is ignored.
  using Ticket = std::uint32_t;

  // What a session asks of the loop it lives on. No call calls back at once.
  class Host {
   public:
    virtual ~Host() = default;
    virtual Instant now() const = 0;
    virtual Time time() const = 0;
    // Answered by on_backlog() and on_bodies().
    virtual void find_backlog(DeliverySession& session, Ticket ticket, int limit) = 0;
    virtual void read(DeliverySession& session, Ticket ticket,
                      std::vector<model::LogPosition> positions) = 0;
    // Wants sent().take() to be called soon, or very soon.
    virtual void write_acknowledged(DeliverySession& session, bool hurry) = 0;
    // Wants send_ping() once what is being done is done.
    virtual void ping_soon(DeliverySession& session) = 0;
    // Wants go_on() in a later turn of the loop.
    virtual void resume_later(DeliverySession& session) = 0;
    // Wants on_time() then; earlier calls do no harm.
    virtual void wake_at(DeliverySession& session, Instant when) = 0;
    virtual void count_deliveries(std::size_t messages) = 0;
    virtual void count_catch_up() = 0;
  };

  // Both outlive the session.
  DeliverySession(UserId user, Host& host, const GatewayOptions& options);
  DeliverySession(const DeliverySession&) = delete;
  DeliverySession& operator=(const DeliverySession&) = delete;
  ~DeliverySession();

  // What is known of the user when a socket opens.
  struct Start {
    bool has_backlog = false;
    model::LogPosition horizon = 0;    // of that answer
    model::LogPosition published = 0;  // live messages up to here may have been missed
    bool is_asked = false;             // the client has already asked for what it missed
    bool client_acks = false;          // acknowledges by itself (docs/protocol.md)
  };
  // A socket has been opened (not once the session has ended), or is gone.
  void attach(Line& line, const Start& start);
  void detach(Line& line);

  // A message that is visible to the user has become durable; in log order.
  void on_live(LiveView& message);
  // Live messages up to this position may be missing.
  void on_lost(model::LogPosition position);

  // The client asks for what it has missed.
  void fetch();
  // The same, to be answered on the socket once nothing is missing any more.
  void sync(const Line& line);
  void on_client_ack(const Line& line, model::ConversationId conversation, model::Seq seq);
  void on_pong(Line& line, std::uint64_t number);

  // Nothing is delivered any more (but for kDisconnected: the sockets go, that is
  // all). Sockets are closed as the reason demands.
  void end(chat::EndReason reason);
  // The server stops: nothing is sent any more, acknowledgements are still heard.
  void quiesce();

  // Answers of the host.
  void on_backlog(Ticket ticket, Result<model::Backlog> backlog);
  void on_bodies(Ticket ticket, Result<std::vector<std::string>> bodies);
  void on_written();  // what was taken from sent() is durable
  void go_on();       // a socket has drained, or a turn has passed
  void on_time();
  void send_ping();

  UserId user() const { return user_; }
  State state() const { return state_; }
  bool has_ended() const { return state_ == State::kEnded; }
  bool has_lines() const { return newest_ != nullptr; }
  bool is_in_flight() const { return sent_ && sent_->is_in_flight(); }
  // Nothing would be lost by destroying it.
  bool is_finished() const { return newest_ == nullptr && (!sent_ || sent_->is_settled()); }
  SentList& sent();
  // Gives back memory that is not needed now.
  void shrink();

 private:
  struct Work;
  enum class Round { kFirst, kNext };

  void start(const Start& start);
  void take_over();
  void settle();
  void settled(bool was_abandoned);
  void go_idle();
  void go_behind();
  void go_live();
  void drop_lines();
  void deliver_out_of_turn();

  void catch_up(Round round);
  void send_more();
  void send_body(const model::PendingMessage& message, const std::string& body);
  void wait_for_room();
  void finish_round();
  void retry_later();
  void cancel_work();
  bool is_confirmed() const;

  void hold(const LiveView& message);
  void send_held(bool is_in_turn);
  void write(model::ConversationId conversation, model::Seq seq, const net::WsFramePtr& frame,
             bool is_in_turn);
  std::uint64_t next_mark() const;
  void ping_now();
  void answer_sync();
  Work& work();

  // Constant after construction.
  const UserId user_;
  Host& host_;
  const GatewayOptions& options_;

  // Sockets: the newest, and the one that has what is in flight.
  Line* newest_ = nullptr;
  Line* writer_ = nullptr;

  State state_ = State::kIdle;
  State after_ = State::kLive;   // where kSettling leads
  bool is_out_of_turn_ = false;  // kBehind: live messages are sent all the same
  bool is_ping_wanted_ = false;  // send_ping() will be called
  bool is_sync_asked_ = false;
  bool is_finding_ = false;          // an answer about missing messages is on its way
  bool is_acked_meanwhile_ = false;  // by the client, since the store was asked
  Ticket ticket_ = 0;
  Instant until_{0};        // what the state waits for
  Instant fresh_until_{0};  // the store has just said that nothing is missing
  model::LogPosition horizon_ = 0;
  model::LogPosition lost_ = 0;
  model::LogPosition attached_at_ = 0;  // end of the log when the newest socket came

  // Only while there is something in them.
  std::unique_ptr<SentList> sent_;
  std::unique_ptr<Work> work_;
};

}  // namespace qn::gateway
