#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/auto_answers.h"
#include "chat/caller.h"
#include "chat/payload.h"
#include "chat/rate_limits.h"
#include "chat/write_message.h"
#include "model/message.h"
#include "store/message_log.h"

namespace qn::chat {

// A message as its sender hands it in.
struct Outgoing {
  model::ChatType chat_type = model::ChatType::kSingle;
  std::int64_t to = 0;  // a user or a group
  std::string type;
  std::string data;
  std::string options{};
  std::string client_msg_id{};  // makes a retry harmless; "" = none
};

// Sends messages (chat-http-api.md §6.1, events E2 and E3). Whoever is to get one
// learns of it from the log, not from here. Refusals are kRefused with the
// contract's texts. Any loop; owned by app/.
class SendMessage {
 public:
  SendMessage(store::MessageLog& log, WriteMessage write_message, AutoAnswers& answers,
              RateLimits& limits, Random& random, const Clock& clock, PayloadLimits payload_limits)
      : log_(log),
        write_message_(write_message),
        answers_(answers),
        limits_(limits),
        random_(random),
        clock_(clock),
        payload_limits_(payload_limits) {}

  // The message object, JSON, once it is durable. A `client_msg_id` that was used
  // before gives the first message again.
  Task<Result<std::string>> send(Caller caller, Outgoing outgoing, Deadline by);

 private:
  struct Draft;

  Result<Draft> make_draft(Outgoing outgoing);
  Task<Result<std::string>> send_to_user(UserId sender, Draft& draft, Deadline by);
  Task<Result<std::string>> send_to_group(UserId sender, Draft& draft, Deadline by);
  store::NewMessage finish(const Draft& draft, UserId sender, UserId hidden_from) const;

  store::MessageLog& log_;
  const WriteMessage write_message_;
  AutoAnswers& answers_;
  RateLimits& limits_;
  Random& random_;
  const Clock& clock_;
  const PayloadLimits payload_limits_;
};

}  // namespace qn::chat
