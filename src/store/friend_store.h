#pragma once

#include <memory>
#include <optional>

#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"

namespace qn::store {

// One direction of a friendship as its owner sees it.
struct FriendFlags {
  bool is_black = false;
  int status = 1;
};

// Table goodfriend: two directed rows per friendship.
class FriendStore {
 public:
  virtual ~FriendStore() = default;
  // The row in `owner`'s list about `friend_id`, if there is one.
  virtual Task<Result<std::optional<FriendFlags>>> find_flags(UserId owner, UserId friend_id,
                                                              Deadline by) = 0;
};

std::unique_ptr<FriendStore> make_friend_store(Database& db);

}  // namespace qn::store
