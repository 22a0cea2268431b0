#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chat/inbox.h"
#include "chat/online.h"
#include "gateway/admission.h"
#include "gateway/core.h"
#include "gateway/frames.h"
#include "gateway/line.h"
#include "gateway/ring.h"
#include "net/websocket.h"

namespace qn::gateway {

class OnlineSession;

// One socket: authentication, heartbeats, the client's frames. Its session may
// live on another loop; then everything goes there by post. Owned by the
// transport; the loop it was accepted on.
class SocketHandler final : public net::WsHandler, private Line {
 public:
  struct Opening {
    std::string token;
    std::string address;
    std::string user_agent;
    bool client_acks = false;
  };
  SocketHandler(std::shared_ptr<GatewayCore> core, Opening opening, Admission::Place place);
  ~SocketHandler() override;

  // net::WsHandler
  void on_open(net::WsConnection& connection) override;
  void on_message(std::string_view payload) override;
  void on_pong(std::uint64_t number) override;
  void on_drained() override;
  void on_closed(Ended how) override;

  // Answers of the entrance.
  const std::string& token() const { return token_; }
  void on_entered(chat::Inbox::Welcome welcome);
  void on_refused(std::string_view text);
  void give_up();

  // From the loop.
  void visit(Instant now);
  void apply(const struct RemoteOp& op);
  void report_taken();
  void drop_now() { connection_->drop(); }

  std::uint64_t id() const { return id_; }
  UserId user() const { return user_; }
  bool is_entered() const { return bool(user_); }
  // For operators.
  bool matches(std::string_view keyword) const;
  chat::OnlineSocket describe() const;

  RingPlace ring_place;

 private:
  using SessionCall = std::function<void(OnlineSession&, Line&)>;

  // Line
  void send(const net::WsFramePtr& frame) override;
  void ping(std::uint64_t number) override;
  void close(std::uint16_t code) override;
  void drop() override;
  std::size_t outbound() const override;

  void take_frame(std::string_view payload);
  void greet(const chat::Inbox::Welcome& welcome, bool had_sockets);
  void settle_in(const chat::Inbox::Welcome& welcome, std::size_t home);
  void tell_session(SessionCall call);
  void answer_ping(ClientFrame frame);
  static Task<void> check_ping(std::shared_ptr<GatewayCore> core, std::size_t loop,
                               std::uint64_t socket, std::string token);
  static Task<void> note_presence(std::shared_ptr<GatewayCore> core, UserId user,
                                  std::uint64_t socket, bool is_online);
  bool is_remote() const { return home_ != loop_; }

  const std::shared_ptr<GatewayCore> core_;
  const Admission::Place place_;
  net::WsConnection* connection_ = nullptr;

  // Who it is. The token is forgotten once that is known.
  std::string token_;
  std::string address_;
  std::string user_agent_;
  std::string username_;
  std::string nickname_;
  UserId user_;
  std::uint64_t id_ = 0;
  Time connected_at_;
  std::shared_ptr<OnlineSession> session_;  // when it lives on this loop
  // What a client says before it is known who it is: acknowledgements, then sync.
  std::unique_ptr<std::vector<std::string>> early_frames_;

  std::uint64_t sent_ = 0;        // messages
  std::size_t remote_bytes_ = 0;  // sent for a session on another loop
  Instant heard_at_{0};
  std::uint8_t loop_ = 0;
  std::uint8_t home_ = 0;
  model::Role token_role_ = model::Role::kUser;
  bool client_acks_ = false;
  bool is_beat_ = false;  // every other visit is a heartbeat
  bool is_checking_ping_ = false;
};

}  // namespace qn::gateway
