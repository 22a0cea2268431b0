#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/ask_answer.h"
#include "store/database.h"

namespace qn::store {

struct NewAskAnswer {
  UserId owner;
  std::string type;
  std::string ask;
  std::string answer;
  Time now;
};

// Table askanswer. Whoever is no owner finds nothing.
class AskAnswerStore {
 public:
  virtual ~AskAnswerStore() = default;

  enum class Saved { kCreated, kReplaced, kFull };
  // A question the owner has already gets the new answer, even when the owner has
  // `cap` entries of all types, which refuses new ones. The id is the
  // millisecond, or the first free one after it.
  virtual Task<Result<Saved>> save(NewAskAnswer entry, int cap, Deadline by) = 0;
  // False: no such entry. kConflict: the owner has another with that question.
  virtual Task<Result<bool>> update(AskAnswerId id, NewAskAnswer entry, Deadline by) = 0;
  // False: no such entry.
  virtual Task<Result<bool>> remove(UserId owner, AskAnswerId id, Deadline by) = 0;

  virtual Task<Result<std::optional<model::AskAnswer>>> find(UserId owner, AskAnswerId id,
                                                             Deadline by) = 0;
  // Newest first.
  virtual Task<Result<std::vector<model::AskAnswer>>> list(UserId owner, std::string type,
                                                           Deadline by) = 0;
  // Shows them one by one, newest first, to a function that runs on a database
  // thread: for work that would hold up a loop.
  using Visitor = std::function<void(const model::AskAnswer&)>;
  virtual Task<Result<void>> visit(UserId owner, std::string type, Visitor visitor,
                                   Deadline by) = 0;
};

std::unique_ptr<AskAnswerStore> make_askanswer_store(Database& db);

}  // namespace qn::store
