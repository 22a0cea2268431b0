#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/metrics.h"
#include "base/task.h"
#include "model/message.h"

namespace qn::chat {

// One message for several people.
struct Event {
  std::string code;  // E4 … E13 of chat-realtime.md §6
  std::vector<UserId> to;
  model::Message message;
};

// Where the rules tell people what happened (chat-realtime.md §6). Called after
// the change is durable; several events of one call arrive in their order. Never
// fails the action it reports. Any loop; owned by app/.
class Events {
 public:
  virtual ~Events() = default;
  virtual Task<void> publish(std::vector<Event> events) = 0;
};

// Counts what happened. The gateway, once there is one, delivers it as well.
class ChatEvents final : public Events {
 public:
  explicit ChatEvents(Metrics& metrics);
  Task<void> publish(std::vector<Event> events) override;

 private:
  Counter& events_;
  Counter& recipients_;
};

}  // namespace qn::chat
