#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/cache.h"
#include "chat/caller.h"
#include "chat/online.h"
#include "chat/tokens.h"
#include "model/session.h"
#include "store/session_store.h"

namespace qn::chat {

struct SessionOptions {
  Millis idle = std::chrono::days(30);      // unused this long: ended
  Millis max_age = std::chrono::days(365);  // ended however much it is used
};

// Logins. The row in the store decides whether a token is valid; the cache only
// remembers what the store said, for kCacheTime, and forgets at once when a
// session ends. Any loop; owned by app/.
class SessionService {
 public:
  // A cached answer serves this long at most.
  static constexpr std::chrono::minutes kCacheTime{5};

  SessionService(store::SessionStore& store, bus::Cache& cache, const TokenSigner& signer,
                 Random& random, const Clock& clock, SessionOptions options)
      : store_(store),
        cache_(cache),
        signer_(signer),
        random_(random),
        clock_(clock),
        options_(options) {}

  // Called with sessions that have just ended, on the loop of whoever ended them;
  // must not block. Set once at start: the gateway closes their sockets.
  using Listener = std::function<void(std::vector<std::string>, EndReason)>;
  void on_ended(Listener listener) { on_ended_ = std::move(listener); }

  // Starts a session and ends the user's others (contract §0.5); the token.
  // kNotFound when the user may not act any more.
  Task<Result<std::string>> start(UserId user, model::Role token_role, Origin origin, Deadline by);

  // Who holds this token (contract §0.5, checks 1–4, with their literals).
  Task<Result<Caller>> authenticate(std::string token, Deadline by);

  enum class Refusal { kNoToken, kBadToken, kExpired, kDisabled };
  // The same for those who refuse in words of their own.
  Task<Result<std::variant<Caller, Refusal>>> check(std::string token, Deadline by);
  // Whether the caller's session goes on; counts as using it.
  Task<Result<bool>> keep_alive(Caller caller, Deadline by);

  Task<Result<void>> end(Caller caller, Deadline by);
  // Password changed: everybody else has to log in again.
  Task<Result<void>> end_others(Caller caller, Deadline by);
  // Sessions whose rows somebody's change has just ended.
  Task<void> forget(std::vector<std::string> sessions, EndReason reason);
  // The store changed behind our back: nothing cached counts any more.
  Task<void> forget_cached();
  // Deletes expired rows in small steps; called by a timer.
  Task<Result<void>> sweep(Deadline by);

 private:
  Task<Result<std::optional<model::SessionState>>> find_state(std::string session, Deadline by);
  Task<Result<std::optional<model::SessionState>>> load(std::string session, Deadline by);

  store::SessionStore& store_;
  bus::Cache& cache_;
  const TokenSigner& signer_;
  Random& random_;
  const Clock& clock_;
  const SessionOptions options_;
  Listener on_ended_;
};

}  // namespace qn::chat
