#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/group.h"
#include "store/audit_store.h"
#include "store/database.h"
#include "store/group_store.h"
#include "store/tell.h"

namespace qn::store {

// One line of the list of groups.
struct GroupLine {
  model::Group group;
  model::Person owner;
  std::int64_t members = 0;
  std::int64_t waiting = 0;  // for approval
};

// Which groups. All conditions hold together.
struct GroupFilter {
  std::string keyword{};        // part of the name, or exactly the id; "" = all
  std::optional<int> status{};  // of the group
  UserId owner{};
  UserId member{};  // of any status
};

// What operators see of the groups and do to them. Every change writes the audit
// log in the same transaction, with the changed fields as they were and as they
// are.
class GroupAdminStore {
 public:
  virtual ~GroupAdminStore() = default;

  struct Page {
    std::vector<GroupLine> groups;  // newest first
    std::int64_t total = 0;
  };
  virtual Task<Result<Page>> list(GroupFilter filter, int limit, std::int64_t offset,
                                  Deadline by) = 0;
  virtual Task<Result<std::optional<GroupLine>>> find(GroupId group, Deadline by) = 0;

  struct MemberLine : model::GroupMember {
    std::optional<Time> muted_until{};  // may be over
  };
  struct MemberPage {
    std::vector<MemberLine> members;  // in the order they came, whatever their status
    std::int64_t total = 0;
  };
  virtual Task<Result<MemberPage>> members(GroupId group, int limit, std::int64_t offset,
                                           Deadline by) = 0;
  virtual Task<Result<std::optional<MemberLine>>> find_member(GroupId group, UserId user,
                                                              Deadline by) = 0;
  // Whatever the groups' status.
  virtual Task<Result<std::int64_t>> count_owned(UserId owner, Deadline by) = 0;

  // The groups that exist; each that was not so already gets an audit entry.
  virtual Task<Result<std::vector<GroupId>>> set_status(std::vector<GroupId> groups, int status,
                                                        Actor actor, Deadline by) = 0;
  // A group as it is after the change, or was before it went.
  struct Touched {
    model::Group group;
    model::Person owner;
    GroupStore::Outsiders outsiders{};  // of a group that went
  };
  // False: no such group. Members are told even if the notice is as it was.
  virtual Task<Result<bool>> set_remark(GroupId group, std::string remark, Actor actor,
                                        Tell<Touched> tell, Deadline by) = 0;
  // Takes the group away with all memberships, as GroupStore::dissolve.
  virtual Task<Result<bool>> dissolve(GroupId group, Actor actor, Tell<Touched> tell,
                                      Deadline by) = 0;
  // May not speak in the group until then; nothing: may speak. False: no such
  // membership.
  virtual Task<Result<bool>> mute_member(GroupId group, UserId user, std::optional<Time> until,
                                         Actor actor, Deadline by) = 0;
};

std::unique_ptr<GroupAdminStore> make_group_admin_store(Database& db);

}  // namespace qn::store
