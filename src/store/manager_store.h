#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/manager.h"
#include "store/audit_store.h"
#include "store/database.h"

namespace qn::store {

struct NewManager {
  std::string username;
  std::string username_key;  // fold_name(username): the unique key
  std::string password_hash;
  std::string avatar;  // "": the default picture
  std::vector<int> menu_ids;
  bool super = false;
};

// What an edit sets; nothing means: stays.
struct ManagerChange {
  std::optional<std::string> username{};
  std::optional<std::string> username_key{};
  std::optional<std::string> password_hash{};  // ends the manager's other sessions
  std::optional<std::string> avatar{};
  std::optional<std::vector<int>> menu_ids{};
};

// A login to the console. The cookie holds a random value; the row its hash.
struct ManagerSession {
  std::string id;  // SHA-256 of the cookie, hex
  model::Manager manager;
  std::string csrf;
  Time last_seen_at;
  Time expires_at;
};

// Tables manager and manager_session. Changes write the audit log in the same
// transaction.
class ManagerStore {
 public:
  virtual ~ManagerStore() = default;

  // kConflict when the name is taken.
  virtual Task<Result<ManagerId>> create(NewManager manager, Actor actor, Deadline by) = 0;
  // The same, but only while there is no manager at all: of two that try, one
  // succeeds. False: there is one already.
  virtual Task<Result<bool>> create_first(NewManager manager, Actor actor, Deadline by) = 0;
  virtual Task<Result<std::int64_t>> count(Deadline by) = 0;

  struct Credentials {
    model::Manager manager;
    std::string password_hash;
  };
  virtual Task<Result<std::optional<Credentials>>> find_credentials(std::string username_key,
                                                                    Deadline by) = 0;
  virtual Task<Result<std::optional<Credentials>>> find_credentials(ManagerId id, Deadline by) = 0;
  virtual Task<Result<std::optional<model::Manager>>> find(ManagerId id, Deadline by) = 0;

  struct Page {
    std::vector<model::Manager> managers;  // newest first
    std::int64_t total = 0;
  };
  // `only`: just this one (what an ordinary manager may see).
  virtual Task<Result<Page>> list(std::optional<ManagerId> only, int limit, std::int64_t offset,
                                  Deadline by) = 0;

  // kNotFound, kConflict. `keep_session` survives a password change.
  virtual Task<Result<void>> update(ManagerId id, ManagerChange change, std::string keep_session,
                                    Actor actor, Deadline by) = 0;
  enum class Outcome { kDone, kNoSuchRow, kLastSuper };
  // Both end the manager's sessions and refuse to take the last enabled super.
  virtual Task<Result<Outcome>> set_enabled(ManagerId id, bool enabled, Actor actor,
                                            Deadline by) = 0;
  virtual Task<Result<Outcome>> remove(ManagerId id, Actor actor, Deadline by) = 0;
  // A newer form of the same password's hash; no audit entry.
  virtual Task<Result<void>> replace_password_hash(ManagerId id, std::string expected,
                                                   std::string hash, Deadline by) = 0;

  struct NewSession {
    std::string id;
    ManagerId manager;
    std::string csrf;
    Time now;
    Time expires_at;
    std::string address;
    std::string user_agent;
  };
  // Also notes the login in the audit log. kNotFound when the manager is gone
  // or disabled meanwhile.
  virtual Task<Result<void>> start_session(NewSession session, Actor actor, Deadline by) = 0;
  // Session with its manager as the row is now (defect D-07); nothing when it
  // ended, expired, or the manager is disabled.
  virtual Task<Result<std::optional<ManagerSession>>> find_session(std::string id, Time now,
                                                                   Deadline by) = 0;
  virtual Task<Result<void>> slide_session(std::string id, Time now, Time expires, Deadline by) = 0;
  virtual Task<Result<void>> end_session(std::string id, Actor actor, Deadline by) = 0;
  virtual Task<Result<std::int64_t>> sweep_sessions(Time now, int limit, Deadline by) = 0;
};

std::unique_ptr<ManagerStore> make_manager_store(Database& db);

}  // namespace qn::store
