#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "model/session.h"
#include "store/database.h"

namespace qn::store {

// Table session: what decides whether a token is valid.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // Inserts the session and, in the same transaction, ends every other session
  // of that user (contract §0.5: one current token per user). The result names
  // the sessions that ended. kNotFound when the user may not act any more, so
  // that a login racing a ban cannot win.
  virtual Task<Result<std::vector<std::string>>> replace_all(model::Session session,
                                                             Deadline by) = 0;

  // The session joined with its user's role and status; nothing when it ended.
  virtual Task<Result<std::optional<model::SessionState>>> find(std::string id, Deadline by) = 0;

  // Moves the expiry; no error when the session is gone.
  virtual Task<Result<void>> slide(std::string id, Time last_seen, Time expires, Deadline by) = 0;

  // True when it existed.
  virtual Task<Result<bool>> end(std::string id, Deadline by) = 0;
  // Ends all sessions of a user but one ("" = all); the result names them.
  virtual Task<Result<std::vector<std::string>>> end_all(UserId user, std::string except,
                                                         Deadline by) = 0;
  // Deletes at most `limit` sessions that expired before `now`; how many it were.
  virtual Task<Result<std::int64_t>> sweep(Time now, int limit, Deadline by) = 0;
  virtual Task<Result<std::int64_t>> count(Time now, Deadline by) = 0;
};

std::unique_ptr<SessionStore> make_session_store(Database& db);

}  // namespace qn::store
