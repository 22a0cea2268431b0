#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "bus/presence.h"
#include "chat/inbox.h"
#include "chat/online.h"
#include "gateway/options.h"
#include "model/message_log.h"
#include "net/http.h"

namespace qn::gateway {

struct GatewayCore;

// Everybody who is connected: /ws (chat-realtime.md, docs/protocol.md). Owned by
// app/, made before the first connection. What it knows of a user lives on one
// event loop (home_directory.h); delivery itself is delivery_session.h. Any
// thread, unless said otherwise.
class Gateway final : public chat::Online {
 public:
  // All outlive the gateway.
  struct Needs {
    chat::Inbox& inbox;
    bus::Presence& presence;
    EventLoops& loops;
    Random& random;
    const Clock& clock;
    Metrics& metrics;
  };

  Gateway(Needs needs, GatewayOptions options);
  // Stops.
  ~Gateway() override;
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // The answer to a request for a WebSocket (HttpRequest::is_upgrade): one that
  // opens it, or 503 with Retry-After. On the loop of the connection.
  net::HttpReply upgrade(const net::HttpRequest& request);

  // Messages that have become durable, in the order of the log. One thread at a
  // time; does not block.
  void publish(std::vector<model::LoggedMessage> messages);

  // Nothing is delivered any more; waits shortly for what is on its way to be
  // acknowledged, drops the sockets without a close frame, and writes the
  // acknowledgements. Before the store closes and before the loops stop; not from
  // a loop. Idempotent.
  void stop();

  // chat::Online
  void deliver_missed(UserId user, std::string session) override;
  void end(std::vector<std::string> sessions, chat::EndReason reason) override;
  Task<Page> list(std::string keyword, std::size_t limit, std::size_t offset) override;
  Task<bool> disconnect(UserId user, std::uint64_t socket) override;
  Count count() const override;

 private:
  std::shared_ptr<GatewayCore> core_;
};

}  // namespace qn::gateway
