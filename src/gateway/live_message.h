#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "model/message_log.h"
#include "net/websocket.h"

namespace qn::gateway {

// A message on its way to everybody who is online; its frame is made once.
// Immutable; any loop.
struct LiveMessage {
  model::LogPosition position = 0;
  model::ConversationId conversation;
  model::Seq seq = 0;
  UserId hidden_from;
  net::WsFramePtr frame;
  std::shared_ptr<const std::vector<UserId>> members;
};

// The same while one loop deals it out: clients that acknowledge by themselves
// get another frame, made when the first of them comes.
class LiveView {
 public:
  explicit LiveView(const LiveMessage& message) : message_(message) {}

  const LiveMessage& message() const { return message_; }
  const LiveMessage* operator->() const { return &message_; }
  const net::WsFramePtr& frame(bool is_numbered);

 private:
  const LiveMessage& message_;
  net::WsFramePtr numbered_;
};

}  // namespace qn::gateway
