#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/event_loops.h"
#include "base/ids.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/ask_answers.h"
#include "chat/payload.h"
#include "chat/write_message.h"
#include "model/message.h"
#include "store/message_log.h"

namespace qn::chat {

struct AutoAnswerOptions {
  std::chrono::milliseconds delay{1'200};  // chat-realtime.md §11
  std::int64_t max_pending = 1'000;
};

// Answers messages that ask for it from what their recipient has prepared (events
// E15 and E16). Both lines become durable together. Questions that wait are only in
// memory: a stop forgets them, and beyond `max_pending` they stay unanswered. Any
// loop; owned by app/, outlives what runs on the loops.
class AutoAnswers {
 public:
  AutoAnswers(AskAnswers& ask_answers, store::MessageLog& log, WriteMessage write_message,
              EventLoops& loops, Random& random, const Clock& clock, Metrics& metrics,
              AutoAnswerOptions options);

  struct Question {
    UserId asker;
    UserId owner;  // of the answers
    std::string owner_uuid;
    Payload payload;
    model::Message message;  // E2
  };
  // Returns at once; the answer comes after the delay, or never.
  void on_question(Question question);

  std::int64_t pending() const { return pending_.load(); }

 private:
  Task<void> answer_later(Question question);
  Task<Result<void>> answer(Question question);
  store::Addressed to_asker(const Question& question, const std::string& answer,
                            const std::string& id, Time now) const;
  store::Addressed to_owner(const Question& question, const std::string& answer,
                            const std::string& id, Time now) const;

  AskAnswers& ask_answers_;
  store::MessageLog& log_;
  const WriteMessage write_message_;
  EventLoops& loops_;
  Random& random_;
  const Clock& clock_;
  Counter& answered_;
  Counter& dropped_;
  const AutoAnswerOptions options_;
  std::atomic<std::int64_t> pending_{0};
};

}  // namespace qn::chat
