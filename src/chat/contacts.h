#pragma once

#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/paging.h"
#include "model/friend.h"
#include "store/friend_store.h"

namespace qn::chat {

// The caller's friend list and what is set for single friends (chat-http-api.md
// §4.6 to §4.12). Everybody reaches their own rows only. Any loop; owned by app/.
class ContactService {
 public:
  static constexpr std::int64_t kMaxPerPage = 2'000;  // defect C21

  ContactService(store::FriendStore& friends, const Clock& clock)
      : friends_(friends), clock_(clock) {}

  Task<Result<std::vector<model::Contact>>> list(Caller caller, Paging paging, Deadline by);
  // kRefused with the text of the route when there is no such friend.
  Task<Result<model::FriendProfile>> get_profile(Caller caller, UserId friend_id, Deadline by);
  // Not a blacklisted one.
  Task<Result<model::Friend>> get(Caller caller, UserId friend_id, Deadline by);
  Task<Result<void>> toggle_black(Caller caller, UserId friend_id, Deadline by);
  Task<Result<void>> toggle_star(Caller caller, UserId friend_id, Deadline by);
  // Sets `friend_looks_at_me` and `i_look_at_friend`.
  Task<Result<void>> set_visibility(Caller caller, UserId friend_id, model::FriendSettings settings,
                                    Deadline by);
  // Ends the friendship for both, with all requests between them; nobody is told.
  Task<Result<void>> remove(Caller caller, UserId friend_id, Deadline by);

 private:
  store::FriendStore& friends_;
  const Clock& clock_;
};

}  // namespace qn::chat
