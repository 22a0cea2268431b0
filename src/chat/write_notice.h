#pragma once

#include <vector>

#include "base/ids.h"
#include "chat/write_message.h"
#include "model/message.h"
#include "model/message_log.h"
#include "store/tell.h"

namespace qn::chat {

// Notices in the form the log takes: nobody's messages, hidden from nobody. Pure;
// any thread.
store::Addressed write_notice(model::ConversationKey to, const model::Message& notice,
                              WriteMessage write);
// A line in the group's conversation.
std::vector<store::Addressed> write_to_group(GroupId group, const model::Message& notice,
                                             WriteMessage write);
// Also to those who have a membership but are not in the conversation.
std::vector<store::Addressed> write_farewell(GroupId group, const std::vector<UserId>& outsiders,
                                             const model::Message& notice, WriteMessage write);
// To one person.
std::vector<store::Addressed> write_to_user(UserId user, const model::Message& notice,
                                            WriteMessage write);

}  // namespace qn::chat
