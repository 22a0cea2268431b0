#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/access.h"
#include "chat/caller.h"
#include "chat/group_notices.h"
#include "chat/write_message.h"
#include "store/friend_store.h"
#include "store/group_store.h"

namespace qn::chat {

struct GroupOptions {
  store::GroupCaps caps;
  std::chrono::minutes utc_offset{8 * 60};  // of times in notices
};

// Somebody shall come into a group.
struct Invitation {
  GroupId group;
  UserId user;               // who joins
  std::int64_t inviter = 0;  // above 0: the caller invites; else the caller joins by himself
  std::string text{};        // to the owner
};

enum class Verdict { kAgree, kRefuse };

// Groups: making, naming, joining, leaving (chat-http-api.md §5,
// chat-rules-and-tables.md §5). Results that are texts are for the user. What
// happened is told in the message log, in the transaction of the change. Field
// lengths are checked before, by wire/. Any loop; owned by app/.
class GroupService {
 public:
  struct Stores {
    store::GroupStore& groups;
    store::FriendStore& friends;
  };
  GroupService(Access& access, Stores stores, WriteMessage write_message, Random& random,
               const Clock& clock, GroupOptions options)
      : access_(access),
        stores_(stores),
        write_message_(write_message),
        random_(random),
        clock_(clock),
        options_(options) {}

  static constexpr int kMaxPage = 200;  // groups of one page (defect C21)

  // With the friends behind these rows of the caller's own list (defect S17).
  Task<Result<void>> create(Caller caller, std::vector<FriendRowId> friends, Deadline by);
  Task<Result<std::vector<store::GroupStore::Listed>>> list(Caller caller, std::int64_t page,
                                                            std::int64_t limit, Deadline by);
  Task<Result<store::GroupStore::Info>> info(Caller caller, GroupId group, Deadline by);

  Task<Result<void>> rename(Caller caller, GroupId group, std::string name, Deadline by);
  Task<Result<void>> set_remark(Caller caller, GroupId group, std::string remark, Deadline by);
  Task<Result<void>> set_nickname(Caller caller, GroupId group, std::string nickname, Deadline by);
  Task<Result<void>> set_policy(Caller caller, GroupId group, int invite_confirm, Deadline by);

  Task<Result<std::string_view>> invite(Caller caller, Invitation invitation, Deadline by);
  Task<Result<void>> judge(Caller caller, GroupId group, UserId applicant, Verdict verdict,
                           Deadline by);
  // The owner's leaving dissolves the group.
  Task<Result<void>> leave(Caller caller, GroupId group, Deadline by);
  Task<Result<void>> remove_member(Caller caller, GroupId group, UserId member, Deadline by);

 private:
  Notice notice() { return {random_.uuid(), clock_.now()}; }

  // The owner's place, who must be in the group to tell the others (defect C18).
  Task<Result<store::GroupPlace>> group_to_announce(Caller caller, GroupId group,
                                                    std::string_view refusal, Deadline by);
  Task<Result<void>> dissolve(store::GroupPlace owner, Deadline by);
  Task<Result<void>> quit(store::GroupPlace place, Deadline by);

  // Who is to join, if the caller may bring them (defect S15).
  Task<Result<store::GroupPlace>> check_newcomer(const store::GroupPlace& caller,
                                                 const Invitation& invitation, Deadline by);
  Task<Result<void>> check_friend(UserId inviter, UserId user, Deadline by);
  Task<Result<void>> add(const store::GroupPlace& place, bool waits,
                         store::Tell<store::GroupStore::NewMember> tell, Deadline by);
  Task<Result<void>> approve(GroupId group, UserId owner, store::GroupPlace applicant, Deadline by);

  Access& access_;
  const Stores stores_;
  const WriteMessage write_message_;
  Random& random_;
  const Clock& clock_;
  const GroupOptions options_;
};

}  // namespace qn::chat
