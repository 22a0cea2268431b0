#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"
#include "store/message_log.h"

namespace qn::store {

// Statements of the message log for use inside a transaction that something else
// has begun: notices become durable together with what they tell of.

// Appends and announces. Conversations that do not exist yet are made, with the
// users of the key as members, or everybody in the group.
Result<void> append_messages(Connection& c, const std::vector<Addressed>& messages);

// Brings the group's conversation in line with table group_user after one
// membership, or any number of them, has come, gone or changed its status. Who
// joins sees what is said from now on, who leaves what was said until now.
Result<void> sync_member(Connection& c, GroupId group, UserId user);
Result<void> sync_members(Connection& c, GroupId group);

}  // namespace qn::store
