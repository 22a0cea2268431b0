#pragma once

#include <string>
#include <string_view>

#include "model/user.h"

namespace qn::chat {

// The settings document of a user: JSON text that clients write
// (chat-http-api.md §9).
bool is_userset(std::string_view text);

// What strangers may see of it: `{"chatset":…}`, or "" when it has none
// (defect S18).
std::string public_userset(std::string_view text);

// `chatset.<role>.sendCount` (chat-rules-and-tables.md §3).
enum class StrangersMayWrite { kNothing = 0, kOneMessage = 1, kAnything = 2 };
// What the owner of these settings allows senders of this role before they are
// friends; kOneMessage unless the document says something else that makes sense
// (defect S28).
StrangersMayWrite may_strangers_write(std::string_view userset, model::Role sender);

}  // namespace qn::chat
