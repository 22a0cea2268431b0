#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "model/user.h"
#include "store/database.h"

namespace qn::store {

struct NewUser {
  std::string uuid;
  std::string username;
  std::string username_key;  // fold_name(username): the unique key
  std::string password_hash;
  std::string avatar;
  model::Role role = model::Role::kUser;
  model::Device device;  // device.id "" = bound to no device
  std::string register_ip;
  Time now;
};

struct Credentials {
  model::User user;
  std::string password_hash;
};

// Table user with user_info, as far as users act on themselves; what operators
// do is in user_admin_store.h. Every function is one transaction. Deleted rows
// (is_deleted) are found by nothing.
class UserStore {
 public:
  virtual ~UserStore() = default;

  // Inserts user and user_info together. kConflict when the name, or for a
  // visitor the device, is taken.
  virtual Task<Result<model::User>> create(NewUser user, Deadline by) = 0;

  // By the folded name, any status, not deleted.
  virtual Task<Result<std::optional<Credentials>>> find_credentials(std::string username_key,
                                                                    Deadline by) = 0;
  virtual Task<Result<std::optional<Credentials>>> find_credentials(UserId id, Deadline by) = 0;
  // Any status, not deleted.
  virtual Task<Result<std::optional<model::User>>> find(UserId id, Deadline by) = 0;
  // Status 1 only, not deleted; the uuid in any case.
  virtual Task<Result<std::optional<model::Profile>>> find_profile(std::string uuid,
                                                                   Deadline by) = 0;
  // The visitor row of a device; else a row of that device whose role is
  // neither user nor visitor; else nothing (defects S4, C29).
  virtual Task<Result<std::optional<model::User>>> find_by_device(std::string device_id,
                                                                  Deadline by) = 0;

  // last_login = now, address noted. The result is the row after it.
  virtual Task<Result<model::User>> touch_login(UserId id, std::string address, Time now,
                                                Deadline by) = 0;
  virtual Task<Result<void>> set_device_facts(UserId id, model::Device device, Time now,
                                              Deadline by) = 0;
  // Turns a visitor row into a registered user in place. kConflict: name taken;
  // kNotFound: no longer a visitor.
  virtual Task<Result<model::User>> upgrade_visitor(UserId id, std::string username,
                                                    std::string username_key,
                                                    std::string password_hash, Time now,
                                                    Deadline by) = 0;

  virtual Task<Result<void>> set_password_hash(UserId id, std::string hash, Time now,
                                               Deadline by) = 0;
  // The same, but only while the stored hash is still `expected` (a hash
  // upgrade at login must not undo a password change). False: it was not.
  virtual Task<Result<bool>> replace_password_hash(UserId id, std::string expected,
                                                   std::string hash, Deadline by) = 0;
  virtual Task<Result<void>> set_nickname(UserId id, std::string nickname, Time now,
                                          Deadline by) = 0;
  virtual Task<Result<void>> set_avatar(UserId id, std::string avatar, Time now, Deadline by) = 0;
  virtual Task<Result<void>> set_invite_confirm(UserId id, int value, Time now, Deadline by) = 0;
  virtual Task<Result<void>> set_userset(UserId id, std::string userset, Time now, Deadline by) = 0;
  // Registered users with status 1, not `except`, whose folded name contains
  // the folded keyword, ascending by id.
  virtual Task<Result<std::vector<model::User>>> search(std::string keyword_key, UserId except,
                                                        int limit, Deadline by) = 0;

  struct Counts {
    std::int64_t users = 0;
    std::int64_t visitors = 0;
  };
  virtual Task<Result<Counts>> count(Deadline by) = 0;
};

std::unique_ptr<UserStore> make_user_store(Database& db);

}  // namespace qn::store
