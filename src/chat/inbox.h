#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/cache.h"
#include "chat/caller.h"
#include "chat/sessions.h"
#include "chat/write_message.h"
#include "model/message_log.h"
#include "store/message_log.h"

namespace qn::chat {

// What somebody who connects finds: greetings first, then what was missed. Any
// loop; owned by app/. The gateway reads the log through it and nothing else.
class Inbox {
 public:
  Inbox(SessionService& sessions, store::MessageLog& log, bus::Cache& cache,
        WriteMessage write_message, Random& random, const Clock& clock)
      : sessions_(sessions),
        log_(log),
        cache_(cache),
        write_message_(write_message),
        random_(random),
        clock_(clock) {}

  struct Welcome {
    Caller caller;
    model::Arrival arrival;
    std::vector<std::string> guides;  // message objects: E17, in order
    std::string avatar_notice{};      // E18; "" unless the avatar has just been changed
  };
  // Who holds this token; the refusals are kRefused with the texts of
  // chat-realtime.md §1.
  Task<Result<Welcome>> enter(std::string token, Deadline by);
  // A ping frame may carry a token of its own (§3).
  Task<Result<bool>> is_valid(std::string token, Deadline by);
  // Whether an open socket's session is still good; being connected counts as use.
  Task<Result<bool>> keep_alive(Caller caller, Deadline by);

  Task<Result<model::Backlog>> missed(UserId user, int limit, Deadline by) {
    return log_.find_backlog(user, limit, by);
  }
  Task<Result<std::vector<std::string>>> read(std::vector<model::LogPosition> positions,
                                              Deadline by) {
    return log_.read(std::move(positions), by);
  }
  Task<Result<void>> note_delivered(std::vector<model::Delivered> deliveries, Deadline by) {
    return log_.note_delivered(std::move(deliveries), by);
  }

 private:
  Task<bool> take_avatar_marker(UserId user);

  SessionService& sessions_;
  store::MessageLog& log_;
  bus::Cache& cache_;
  const WriteMessage write_message_;
  Random& random_;
  const Clock& clock_;
};

}  // namespace qn::chat
