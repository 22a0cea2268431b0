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
#include "model/group.h"
#include "model/person.h"
#include "store/database.h"
#include "store/tell.h"

namespace qn::store {

// Defect X11.
struct GroupCaps {
  int members = 5'000;        // of one group
  int groups_per_user = 500;  // in which one user is a member
};

struct NewGroup {
  std::string uuid;
  UserId owner;
  std::string name;
  std::string avatar;
  std::vector<UserId> members;  // besides the owner
  int groups_per_user = 0;      // more than that the owner may not be in
  Time now;
};

// A group as one user finds it, who need not be in it. `user` is told about
// whatever the user's status.
struct GroupPlace {
  model::Group group;
  model::Person user;
  std::optional<model::Member> member{};

  bool is_owner() const { return group.owner == user.id; }
  bool is_member() const { return member && member->status == 1; }
  // Name and picture of the user in this group.
  const std::string& name() const {
    return member && !member->nickname.empty() ? member->nickname : user.name();
  }
  const std::string& avatar() const {
    return member && !member->avatar.empty() ? member->avatar : user.avatar;
  }
};

// Tables group and group_user, as far as chat users act on them; what operators
// do is in group_admin_store.h. "Members" are those with status 1 whose account
// is not deleted. Every function is one transaction with a constant number of
// statements, however large the group: what is told of a change and who is in the
// group's conversation is part of it. Functions that name an `owner` do nothing
// unless that user owns the group and it is not disabled.
class GroupStore {
 public:
  virtual ~GroupStore() = default;

  struct Founders {
    model::Person owner;
    std::vector<model::Person> friends;  // ascending by id, whatever their status
  };
  // Whom those of the rows name that are the owner's own, normal and not
  // blacklisted. Nothing: the owner does not exist.
  virtual Task<Result<std::optional<Founders>>> find_founders(UserId owner,
                                                              std::vector<FriendRowId> rows,
                                                              Deadline by) = 0;
  // Group and memberships together. Nothing: the owner is in too many groups.
  virtual Task<Result<std::optional<model::Group>>> create(NewGroup group, Tell<model::Group> tell,
                                                           Deadline by) = 0;

  // Whatever the group's status. Nothing: no such group, or no such user.
  virtual Task<Result<std::optional<GroupPlace>>> find_place(GroupId group, UserId user,
                                                             Deadline by) = 0;
  struct Listed {
    model::Group group;
    model::Member mine;
  };
  // The groups a user is a member of, without disabled ones; newest first.
  virtual Task<Result<std::vector<Listed>>> list(UserId user, int limit, std::int64_t offset,
                                                 Deadline by) = 0;
  struct Info {
    model::Group group;
    bool is_member = false;                   // the viewer; else the members are ids only
    std::vector<model::GroupMember> members;  // in the order they came
  };
  // Whatever the group's status.
  virtual Task<Result<std::optional<Info>>> find_info(GroupId group, UserId viewer,
                                                      Deadline by) = 0;

  // False: not the owner. The group is told of as it is after the change.
  virtual Task<Result<bool>> rename(GroupId group, UserId owner, std::string name, Time now,
                                    Tell<model::Group> tell, Deadline by) = 0;
  virtual Task<Result<bool>> set_remark(GroupId group, UserId owner, std::string remark, Time now,
                                        Tell<model::Group> tell, Deadline by) = 0;
  // False: not the owner.
  virtual Task<Result<bool>> set_policy(GroupId group, UserId owner, int invite_confirm, Time now,
                                        Deadline by) = 0;
  // The user's own name in the group. False: not a member.
  virtual Task<Result<bool>> set_nickname(GroupId group, UserId member, std::string nickname,
                                          Time now, Deadline by) = 0;

  struct NewMember {
    GroupId group;
    UserId user;
    bool waits = false;  // for the owner's approval
    GroupCaps caps;
    Time now;
  };
  enum class Joining {
    kDone,
    kAlreadyIn,
    kAlreadyWaits,
    kGroupFull,
    kTooManyGroups,
    kNotPossible,  // join: no such group, or disabled; approve: not the owner, or nobody waits
  };
  // Of several calls at once for one user, one is done. Also makes the group's
  // picture anew. Who is in from now on gets what is told too.
  virtual Task<Result<Joining>> join(NewMember member, Tell<NewMember> tell, Deadline by) = 0;
  virtual Task<Result<Joining>> approve(NewMember member, UserId owner, Tell<NewMember> tell,
                                        Deadline by) = 0;
  // False: nobody waits, or not the owner.
  virtual Task<Result<bool>> refuse(GroupId group, UserId owner, UserId user, Deadline by) = 0;

  // Whatever the membership's status. Also makes the group's picture anew. False
  // for quit: there was no membership, of which it tells as it was; for remove:
  // not the owner.
  virtual Task<Result<bool>> quit(GroupId group, UserId user, Time now, Tell<model::Member> tell,
                                  Deadline by) = 0;
  virtual Task<Result<bool>> remove_member(GroupId group, UserId owner, UserId user, Time now,
                                           Deadline by) = 0;
  // Those with a membership who are no members: they are told on their own, the
  // others in the group's conversation, which they leave after it.
  using Outsiders = std::vector<UserId>;
  // Takes the group away with all memberships, also a disabled one. False: not the
  // owner. Statements besides the constant number: those of telling each outsider.
  virtual Task<Result<bool>> dissolve(GroupId group, UserId owner, Tell<Outsiders> tell,
                                      Deadline by) = 0;
};

std::unique_ptr<GroupStore> make_group_store(Database& db);

}  // namespace qn::store
