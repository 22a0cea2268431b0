#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/group.h"
#include "wire/json.h"

namespace qn::wire {

// The row as clients see it (chat-http-api.md §5).
json::object group_row(const model::Group& group, std::chrono::minutes utc_offset);

// One entry of grouplist (§5.2): the row, and of its members the caller.
json::object listed_group(const model::Group& group, const model::Member& mine,
                          std::chrono::minutes utc_offset);

// groupinfo (§5.3) as JSON text, because groups can be large. What everybody
// sees of the members, or for outsiders (defect S16) their ids only.
std::string group_info(const model::Group& group, const std::vector<model::GroupMember>& members,
                       std::chrono::minutes utc_offset);
std::string group_info_for_outsiders(const model::Group& group,
                                     const std::vector<model::GroupMember>& members,
                                     std::chrono::minutes utc_offset);

}  // namespace qn::wire
