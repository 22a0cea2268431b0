#pragma once

#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/write_message.h"
#include "store/message_log.h"

namespace qn::chat {

// Takes messages back (chat-http-api.md §6.3, event E14). What the client says
// about the message is not believed; the log knows it (defects S14, C16, C17). Any
// loop; owned by app/.
class Recall {
 public:
  Recall(store::MessageLog& log, WriteMessage write_message, const Clock& clock)
      : log_(log), write_message_(write_message), clock_(clock) {}

  // The recall as a message object, JSON, the same at every call. kRefused: not
  // the caller's, unknown, too old, out of the group.
  Task<Result<std::string>> recall(Caller caller, std::string message, Deadline by);

 private:
  store::MessageLog& log_;
  const WriteMessage write_message_;
  const Clock& clock_;
};

}  // namespace qn::chat
