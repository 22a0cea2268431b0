#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/accounts.h"
#include "chat/operator.h"
#include "chat/passwords.h"
#include "chat/sessions.h"
#include "store/friend_store.h"
#include "store/user_admin_store.h"
#include "store/user_store.h"

namespace qn::chat {

// What operators see of the chat users and do to them (admin-pages.md §1).
// Disabling, deleting and a new password end the user's sessions at once
// (defect D-27). Field lengths are checked before, by wire/; refusals carry the
// contract's texts. Any loop; owned by app/.
class UserAdmin {
 public:
  struct Stores {
    store::UserAdminStore& admin;
    store::UserStore& users;
    store::AuditStore& audit;
    store::FriendStore& friends;
  };
  UserAdmin(Stores stores, SessionService& sessions, PasswordHasher& passwords, Random& random,
            const Clock& clock, AccountOptions options)
      : stores_(stores),
        sessions_(sessions),
        passwords_(passwords),
        random_(random),
        clock_(clock),
        options_(std::move(options)) {}

  struct ListQuery {
    std::string keyword;  // as typed: part of name or nickname, or an id
    std::optional<model::Role> role;
    std::optional<model::UserStatus> status;
    store::UserAdminStore::Order order = store::UserAdminStore::Order::kNewest;
    int limit = 10;
    std::int64_t offset = 0;
  };
  Task<Result<store::UserAdminStore::Page>> list(ListQuery query, Deadline by);
  // The next users of an export after `before` (none: from the start), at most
  // 500. The export itself is noted by note_export.
  Task<Result<std::vector<model::User>>> export_step(ListQuery query, std::optional<UserId> before,
                                                     Deadline by);
  Task<Result<void>> note_export(Operator op, ListQuery query, Deadline by);

  Task<Result<std::optional<model::User>>> find(UserId id, Deadline by);
  using Detail = store::UserAdminStore::Detail;
  Task<Result<std::optional<Detail>>> detail(UserId id, Deadline by);
  // The first of the user's friend list, at most `limit`.
  Task<Result<std::vector<model::Contact>>> friends(UserId id, int limit, Deadline by);

  // 即时通讯用户账号已存在 (defect D-25); the texts of check_avatar.
  Task<Result<void>> create(Operator op, std::string username, std::string password,
                            std::string avatar, Deadline by);
  struct Edit {
    std::string username;
    std::string password;  // "": stays
    std::string avatar;    // "": stays
  };
  // 该即时通讯用户记录不存在, 该即时通讯用户账号已经存在，不能修改成该即时通讯用户账号,
  // the texts of check_avatar (defect D-16).
  Task<Result<void>> update(Operator op, UserId id, Edit edit, Deadline by);
  // A random password of 12 letters and digits, told once. 该即时通讯用户记录不存在
  Task<Result<std::string>> reset_password(Operator op, UserId id, Deadline by);

  // How many of the ids exist; those that were so already count too. At most
  // 1,000: 一次最多操作1000个用户.
  Task<Result<int>> set_status(Operator op, std::vector<UserId> ids, model::UserStatus status,
                               Deadline by);
  // How many were deleted now.
  Task<Result<int>> remove(Operator op, std::vector<UserId> ids, Deadline by);
  // Until then the user's messages are refused; nothing: not any more. False: no
  // such user.
  Task<Result<bool>> mute(Operator op, UserId id, std::optional<Time> until, Deadline by);
  // Signs one device out. False: no such session of that user.
  Task<Result<bool>> end_session(Operator op, UserId id, std::string session, Deadline by);

 private:
  Task<Result<void>> apply(Operator op, UserId id, store::UserAdminStore::Change change,
                           Deadline by);
  Task<Result<store::UserAdminStore::Change>> change_from(const model::User& user, Edit edit,
                                                          Deadline by);

  const Stores stores_;
  SessionService& sessions_;
  PasswordHasher& passwords_;
  Random& random_;
  const Clock& clock_;
  const AccountOptions options_;
};

}  // namespace qn::chat
