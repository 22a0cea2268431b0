#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/operator.h"
#include "chat/passwords.h"
#include "chat/rate_limits.h"
#include "store/audit_store.h"
#include "store/manager_store.h"

namespace qn::chat {

struct ConsoleSessionOptions {
  Millis idle = std::chrono::days(30);  // admin-framework.md §7: renewed on use
};

// Logins of managers (admin-pages.md §3.3). The browser keeps a random value in
// a cookie, the store its hash; the manager's row is read again for every
// request (defect D-07). Any loop; owned by app/.
class ConsoleSessions {
 public:
  struct Stores {
    store::ManagerStore& managers;
    store::AuditStore& audit;
  };
  ConsoleSessions(Stores stores, PasswordHasher& passwords, RateLimits& limits, Random& random,
                  const Clock& clock, ConsoleSessionOptions options)
      : stores_(stores),
        passwords_(passwords),
        limits_(limits),
        random_(random),
        clock_(clock),
        options_(options) {}

  // The value of the cookie. 管理员不存在或者被禁用, 密码错误; throttled per address
  // and per account (defect D-11), an attempt costs a hash either way.
  Task<Result<std::string>> login(std::string username, std::string password, Origin origin,
                                  Deadline by);
  // Nothing when the cookie opens no session.
  Task<Result<std::optional<Operator>>> authenticate(std::string cookie, Origin origin,
                                                     Deadline by);
  Task<Result<void>> logout(Operator op, Deadline by);
  // Deletes expired rows in small steps; called by a timer.
  Task<Result<void>> sweep(Deadline by);

  Millis idle() const { return options_.idle; }

 private:
  using Credentials = store::ManagerStore::Credentials;

  Task<Result<Credentials>> check_password(std::string username, std::string password,
                                           Origin origin, Deadline by);
  Task<Result<std::string>> start(const model::Manager& manager, Origin origin, Deadline by);
  Task<void> slide(const std::string& id, Time now, Deadline by);
  Task<void> upgrade_hash(const Credentials& account, std::string password, Deadline by);
  Task<Result<void>> note_failure(std::string username, std::string address, Deadline by);

  const Stores stores_;
  PasswordHasher& passwords_;
  RateLimits& limits_;
  Random& random_;
  const Clock& clock_;
  const ConsoleSessionOptions options_;
};

}  // namespace qn::chat
