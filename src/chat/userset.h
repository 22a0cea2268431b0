#pragma once

#include <string>
#include <string_view>

namespace qn::chat {

// The settings document of a user: JSON text that clients write
// (chat-http-api.md §9).
bool is_userset(std::string_view text);

// What strangers may see of it: `{"chatset":…}`, or "" when it has none
// (defect S18).
std::string public_userset(std::string_view text);

}  // namespace qn::chat
