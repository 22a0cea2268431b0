#pragma once

#include <string_view>

#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "store/group_store.h"

namespace qn::chat {

// Doors: whoever wants an object says for what, and gets it only if the caller
// may do that. Every refusal is kRefused with the text of the route; what does
// not exist and what is not the caller's are told apart only where the contract
// does. A door looks; the statement that changes something checks again. Any
// loop; owned by app/.
class Access {
 public:
  explicit Access(store::GroupStore& groups) : groups_(groups) {}

  // Anybody; outsiders get no more than the members' ids (defect S16).
  Task<Result<store::GroupStore::Info>> group_to_read(Caller caller, GroupId group, Deadline by);
  // Anybody.
  Task<Result<store::GroupPlace>> group_to_join(Caller caller, GroupId group, Deadline by);
  // Members.
  Task<Result<store::GroupPlace>> group_to_post(Caller caller, GroupId group, Deadline by);
  Task<Result<store::GroupPlace>> group_to_show(Caller caller, GroupId group, Deadline by);
  // The owner.
  Task<Result<store::GroupPlace>> group_to_own(Caller caller, GroupId group,
                                               std::string_view refusal, Deadline by);
  // The owner, and whoever has a membership of any kind; disabled groups too.
  Task<Result<store::GroupPlace>> group_to_leave(Caller caller, GroupId group, Deadline by);

 private:
  // Not a disabled one.
  Task<Result<store::GroupPlace>> open_group(UserId caller, GroupId group, std::string_view refusal,
                                             Deadline by);

  store::GroupStore& groups_;
};

}  // namespace qn::chat
