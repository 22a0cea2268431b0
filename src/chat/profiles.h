#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/cache.h"
#include "chat/accounts.h"
#include "chat/caller.h"
#include "chat/rate_limits.h"
#include "model/user.h"
#include "store/friend_store.h"
#include "store/user_store.h"

namespace qn::chat {

// What getUserSetInfo tells about somebody the caller may want to talk to.
struct ContactSettings {
  model::User user;
  bool is_friend = false;         // the target's list contains the caller
  bool is_friend_in_good = true;  // false: that row is blacklisted or not normal
};

// Profiles: reading, searching, changing one's own (chat-http-api.md §1.5, §3,
// §9). Any loop; owned by app/.
class ProfileService {
 public:
  static constexpr int kSearchCap = 50;                    // defect S19
  static constexpr std::size_t kUsersetLimit = 16 * 1024;  // bytes

  ProfileService(store::UserStore& users, store::FriendStore& friends, RateLimits& limits,
                 bus::Cache& cache, const Clock& clock, const AccountOptions& options)
      : users_(users),
        friends_(friends),
        limits_(limits),
        cache_(cache),
        clock_(clock),
        reserved_(options.reserved_names) {}

  // Registered users whose name contains the keyword; the caller is not listed.
  Task<Result<std::vector<model::User>>> search(Caller caller, std::string keyword, Deadline by);

  // By uuid, for anybody. kRefused when there is none.
  Task<Result<model::Profile>> public_profile(std::string uuid, Origin origin, Deadline by);

  Task<Result<ContactSettings>> contact_settings(Caller caller, UserId target, Deadline by);

  // Changes one field of the caller; the text for the user, "" for a field that
  // is not changed this way.
  Task<Result<std::string_view>> update_field(Caller caller, std::string field, std::string value,
                                              Deadline by);

  // Replaces the caller's settings document. kRefused unless it is a JSON object
  // of bounded size (defect S28).
  Task<Result<void>> set_userset(Caller caller, std::string userset, Deadline by);

 private:
  // Its own store operation and text; "" for other fields.
  Task<Result<std::string_view>> set_field(UserId user, std::string_view field, std::string value,
                                           Deadline by);
  Task<Result<std::string_view>> set_nickname(UserId user, std::string value, Deadline by);
  Task<Result<std::string_view>> set_avatar(UserId user, std::string value, Deadline by);
  Task<Result<std::string_view>> set_invite_confirm(UserId user, std::string value, Deadline by);

  store::UserStore& users_;
  store::FriendStore& friends_;
  RateLimits& limits_;
  bus::Cache& cache_;
  const Clock& clock_;
  const ReservedNames reserved_;
};

}  // namespace qn::chat
