#pragma once

#include <optional>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"
#include "store/message_log.h"

namespace qn::store {

// What rules about messages look at. One statement each.

// Nothing: no such sender.
Result<std::optional<SingleFacts>> select_single_facts(Connection& c, UserId sender,
                                                       UserId recipient);
// Nothing: no such group, or no such sender.
Result<std::optional<GroupFacts>> select_group_facts(Connection& c, UserId sender, GroupId group);

// The newest message that somebody sent under this id.
struct Recallable {
  model::LogPosition position = 0;
  RecallFacts facts;  // without the people
};
Result<std::optional<Recallable>> select_recallable(Connection& c, std::string_view uuid,
                                                    UserId sender);

// Adds caller, other, place and mine. One statement, two for a group. kNotFound:
// no such caller.
Result<void> select_recall_people(Connection& c, UserId caller, RecallFacts& facts);

// What this sender has sent under this id already.
struct Repeated {
  model::ConversationKey conversation;
  std::string body;
};
Result<std::optional<Repeated>> select_repeated(Connection& c, UserId sender,
                                                std::string_view client_msg_id);

}  // namespace qn::store
