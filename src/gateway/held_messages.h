#pragma once

#include <cstddef>
#include <deque>

#include "gateway/live_message.h"
#include "gateway/options.h"

namespace qn::gateway {

// Live messages that cannot be sent yet, oldest first; bounded. A value of a
// session; one loop.
class HeldMessages {
 public:
  struct Held {
    model::LogPosition position = 0;
    model::ConversationId conversation;
    model::Seq seq = 0;
    net::WsFramePtr frame;  // without numbers
  };

  // False: there is no room.
  bool add(const LiveMessage& message, const GatewayOptions& options) {
    const std::size_t size = message.frame->bytes().size();
    if (queue_.size() >= options.max_held || bytes_ + size > options.max_held_bytes) return false;
    queue_.push_back({message.position, message.conversation, message.seq, message.frame});
    bytes_ += size;
    return true;
  }
  void forget_until(model::LogPosition position) {
    while (!queue_.empty() && queue_.front().position <= position) {
      bytes_ -= queue_.front().frame->bytes().size();
      queue_.pop_front();
    }
  }
  std::deque<Held> take() {
    bytes_ = 0;
    return std::move(queue_);
  }
  bool empty() const { return queue_.empty(); }

 private:
  std::deque<Held> queue_;
  std::size_t bytes_ = 0;
};

}  // namespace qn::gateway
