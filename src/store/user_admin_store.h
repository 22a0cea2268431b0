#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/session.h"
#include "model/user.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/user_store.h"

namespace qn::store {

// One line of the list of users: no more columns than are shown (defect D-34).
struct UserLine {
  UserId id;
  std::string username;
  std::string nickname;
  std::string avatar;
  model::Role role = model::Role::kUser;
  model::UserStatus status = model::UserStatus::kNormal;
  Time create_time;
  std::optional<Time> last_seen;  // the latest use of a session, else the last login
};

// Which users. All conditions hold together.
struct UserFilter {
  std::string keyword_key{};  // folded; part of the name or nickname, or exactly the id; "" = all
  std::optional<model::Role> role{};
  std::optional<model::UserStatus> status{};
};

// What operators see of the users and do to them. Deleted users do not exist
// here. Every change writes the audit log in the same transaction, with the
// changed fields as they were and as they are.
class UserAdminStore {
 public:
  virtual ~UserAdminStore() = default;

  enum class Order { kNewest, kOldest };
  struct Page {
    std::vector<UserLine> users;
    std::int64_t total = 0;
  };
  // Cost: one pass over an index without the rows, whatever the offset.
  virtual Task<Result<Page>> list(UserFilter filter, Order order, int limit, std::int64_t offset,
                                  Deadline by) = 0;
  // Those with an id below `before`, newest first: for exports, which go through
  // all of them in steps.
  virtual Task<Result<std::vector<model::User>>> list_before(UserFilter filter, UserId before,
                                                             int limit, Deadline by) = 0;
  struct Detail {
    model::Profile profile;
    std::vector<model::Session> sessions;  // not expired, latest use first
    std::optional<Time> muted_until{};     // may be over
  };
  // Whatever the user's status.
  virtual Task<Result<std::optional<Detail>>> find_detail(UserId user, Time now, Deadline by) = 0;

  // kConflict when the name is taken. user.register_ip is the operator's.
  virtual Task<Result<UserId>> create(NewUser user, Actor actor, Deadline by) = 0;

  struct Change {
    std::optional<std::string> username{};
    std::optional<std::string> username_key{};
    std::optional<std::string> password_hash{};
    std::optional<std::string> avatar{};
    std::optional<std::string> nickname{};
  };
  // The sessions that ended with a change, in the same transaction; the caller
  // makes the cache forget them.
  using EndedSessions = std::vector<std::string>;

  // kNotFound, kConflict. A new password ends all sessions.
  virtual Task<Result<EndedSessions>> update(UserId id, Change change, Actor actor,
                                             Deadline by) = 0;

  struct Outcome {
    std::vector<UserId> users;
    EndedSessions ended;
  };
  // The users are those of the ids that exist; each that was not so already gets
  // an audit entry. A status other than normal ends all their sessions.
  virtual Task<Result<Outcome>> set_status(std::vector<UserId> ids, model::UserStatus status,
                                           Actor actor, Deadline by) = 0;
  // Soft delete: is_deleted = 1, status 0, the name and device freed, sessions
  // ended. The users are those that were deleted now.
  virtual Task<Result<Outcome>> remove(std::vector<UserId> ids, Actor actor, Deadline by) = 0;
  // May not send messages until then; nothing: may. False: no such user.
  virtual Task<Result<bool>> mute(UserId user, std::optional<Time> until, Actor actor,
                                  Deadline by) = 0;
  // False when it is no session of that user.
  virtual Task<Result<bool>> end_session(UserId user, std::string session, Actor actor,
                                         Deadline by) = 0;
};

std::unique_ptr<UserAdminStore> make_user_admin_store(Database& db);

}  // namespace qn::store
