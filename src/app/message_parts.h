#pragma once

#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "bus/cache.h"
#include "bus/presence.h"
#include "chat/ask_answers.h"
#include "chat/auto_answers.h"
#include "chat/inbox.h"
#include "chat/rate_limits.h"
#include "chat/recall.h"
#include "chat/send_message.h"
#include "chat/sessions.h"
#include "gateway/gateway.h"
#include "store/database.h"
#include "store/message_log.h"

namespace qn::app {

// Everything of a server that deals with messages, from the log to the sockets, in
// the order it is made. Owned by the server, which stops it after HTTP and before
// the database.
class MessageParts {
 public:
  struct Needs {
    const Settings& settings;
    store::Database& db;
    bus::Cache& cache;
    chat::SessionService& sessions;
    chat::RateLimits& limits;
    chat::AskAnswers& ask_answers;
    EventLoops& loops;
    Clock& clock;
    Random& random;
    Metrics& metrics;
  };

  // From here on what the log announces is delivered, and sessions that end lose
  // their sockets.
  explicit MessageParts(const Needs& needs);

 private:
  const std::unique_ptr<store::MessageLog> log_;
  const std::unique_ptr<bus::Presence> presence_;
  chat::Inbox inbox_;
  chat::AutoAnswers auto_answers_;

 public:
  chat::SendMessage send_message;
  chat::Recall recall;
  gateway::Gateway gateway;
};

}  // namespace qn::app
