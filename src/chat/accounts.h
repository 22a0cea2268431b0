#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/passwords.h"
#include "chat/rate_limits.h"
#include "chat/sessions.h"
#include "model/user.h"
#include "store/user_store.h"

namespace qn::chat {

struct AccountOptions {
  std::string default_avatar;
  std::vector<std::string> reserved_names;  // nobody may register or call themselves so (S33)
};

// What login, registration and the visitor routes answer.
struct LoginResult {
  model::User user;  // as the client is to see it: `role` is the token's
  std::string token;
};

// Names that pretend to be the system. Compared as folded names, exactly.
class ReservedNames {
 public:
  explicit ReservedNames(const std::vector<std::string>& names);
  bool contains(std::string_view name) const;

 private:
  std::vector<std::string> keys_;
};

// Registered accounts: registration, login, logout, password (chat-http-api.md
// §1); what operators do to them is in user_admin.h. Field lengths are checked before, by wire/.
// Any loop; owned by app/.
class AccountService {
 public:
  AccountService(store::UserStore& users, SessionService& sessions, PasswordHasher& passwords,
                 RateLimits& limits, Random& random, const Clock& clock, AccountOptions options);

  Task<Result<LoginResult>> register_user(std::string username, std::string password, Origin origin,
                                          Deadline by);
  // A hash in an outdated form is replaced on the way (defect S3).
  Task<Result<LoginResult>> login(std::string username, std::string password, Origin origin,
                                  Deadline by);
  Task<Result<void>> logout(Caller caller, Deadline by);

  struct PasswordChange {
    std::string old_password;
    std::string new_password;
    std::string repeated;
  };
  // The caller's session stays, all others end (defect C30).
  Task<Result<void>> change_password(Caller caller, PasswordChange change, Deadline by);

  // Starts a session for an account whose right to it has been proven, and
  // notes the login. Used by the visitor routes.
  Task<Result<LoginResult>> start_session(UserId user, model::Role token_role, Origin origin,
                                          Deadline by);

 private:
  Task<Result<void>> check_password(const store::Credentials& account, std::string password,
                                    std::string limit_subject, Deadline by);

  store::UserStore& users_;
  SessionService& sessions_;
  PasswordHasher& passwords_;
  RateLimits& limits_;
  Random& random_;
  const Clock& clock_;
  const AccountOptions options_;
  const ReservedNames reserved_;
};

}  // namespace qn::chat
