#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/friend.h"
#include "store/database.h"

namespace qn::store {

// One direction of a friendship as its owner sees it.
struct FriendStanding {
  bool is_black = false;
  int status = 1;
};

// Table goodfriend: two directed rows per friendship, made by apply_store.h.
// Every function is one transaction and, whatever the number of friends, one
// statement; remove() has three. A friend whose account is deleted is found by
// nothing; the row stays and can be removed.
class FriendStore {
 public:
  virtual ~FriendStore() = default;
  // The row in `owner`'s list about `friend_id`, if there is one.
  virtual Task<Result<std::optional<FriendStanding>>> find_standing(UserId owner, UserId friend_id,
                                                                    Deadline by) = 0;
  virtual Task<Result<std::optional<model::Friend>>> find(UserId owner, UserId friend_id,
                                                          Deadline by) = 0;
  virtual Task<Result<std::optional<model::FriendProfile>>> find_profile(UserId owner,
                                                                         UserId friend_id,
                                                                         Deadline by) = 0;
  // Ascending by row; blacklisted and disabled friends too.
  virtual Task<Result<std::vector<model::Contact>>> list(UserId owner, std::int64_t limit,
                                                         std::int64_t offset, Deadline by) = 0;

  // The results say whether there was a row to change.
  virtual Task<Result<bool>> toggle_black(UserId owner, UserId friend_id, Time now,
                                          Deadline by) = 0;
  // Not a blacklisted one.
  virtual Task<Result<bool>> toggle_star(UserId owner, UserId friend_id, Time now, Deadline by) = 0;
  // Whose posts are seen by whom: `friend_looks_at_me` and `i_look_at_friend`
  // of the settings. Not of a blacklisted one.
  virtual Task<Result<bool>> set_visibility(UserId owner, UserId friend_id,
                                            model::FriendSettings settings, Time now,
                                            Deadline by) = 0;
  // Both rows and all requests between the two; nothing unless `owner` has a row.
  virtual Task<Result<bool>> remove(UserId owner, UserId friend_id, Deadline by) = 0;
};

std::unique_ptr<FriendStore> make_friend_store(Database& db);

}  // namespace qn::store
