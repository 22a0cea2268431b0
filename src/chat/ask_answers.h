#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/answer_matcher.h"
#include "chat/caller.h"
#include "chat/rate_limits.h"
#include "model/ask_answer.h"
#include "store/askanswer_store.h"

namespace qn::chat {

struct AskAnswerOptions {
  int per_user = 500;  // entries
};

// Questions that answer themselves (chat-http-api.md §10, chat-rules-and-tables.md
// §9). People reach their own entries only (defect S23): refusals are kRefused,
// 问答不存在 is kNotFound. Any loop; owned by app/.
class AskAnswers {
 public:
  static constexpr std::size_t kMaxAsk = 500;  // code points
  static constexpr std::size_t kMaxAnswer = 2'000;

  AskAnswers(store::AskAnswerStore& entries, RateLimits& limits, const Clock& clock,
             AskAnswerOptions options)
      : entries_(entries), limits_(limits), clock_(clock), options_(options) {}

  struct Entry {
    std::string type;  // single or group
    std::string ask;
    std::string answer;
  };
  // `owner` is whose entry the client says it is.
  enum class Saved { kCreated, kReplaced };
  Task<Result<Saved>> save(Caller caller, std::string owner, Entry entry, Deadline by);
  Task<Result<void>> update(Caller caller, std::string owner, AskAnswerId id, Entry entry,
                            Deadline by);
  // Without owner ("") it is the caller's.
  Task<Result<void>> remove(Caller caller, std::string owner, AskAnswerId id, Deadline by);
  Task<Result<model::AskAnswer>> get(Caller caller, std::string owner, AskAnswerId id, Deadline by);
  Task<Result<std::vector<model::AskAnswer>>> list(Caller caller, std::string owner,
                                                   std::string type, Deadline by);

  using Match = AnswerMatcher::Match;
  // Anybody's entries. kNotFound: 暂无问答数据, 未找到相关问答.
  Task<Result<Match>> search(Caller caller, std::string owner, std::string type,
                             std::string question, Deadline by);
  // What the owner's entries of type single answer; nothing when none fits.
  Task<Result<std::optional<Match>>> best_answer(UserId owner, std::string question, Deadline by);

 private:
  Task<Result<AnswerMatcher>> match(UserId owner, std::string type, std::string question,
                                    Deadline by);

  store::AskAnswerStore& entries_;
  RateLimits& limits_;
  const Clock& clock_;
  const AskAnswerOptions options_;
};

}  // namespace qn::chat
