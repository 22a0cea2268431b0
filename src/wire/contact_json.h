#pragma once

#include <chrono>
#include <span>
#include <string>

#include "model/friend.h"
#include "wire/json.h"

namespace qn::wire {

// The friend list grouped by letter, A to Z and then # (chat-http-api.md §4.6).
// JSON text, because it may have thousands of entries.
std::string contact_list(std::span<const model::Contact> contacts);

// An entry of the list of requests (§4.2).
json::object apply_entry(const model::ApplyEntry& entry, std::chrono::minutes utc_offset);

// A request as isApplyfriend shows it (§4.3).
json::object apply_row(const model::Apply& apply);

// A friend (§4.8), and one with the profile (§4.7).
json::object friend_row(const model::Friend& row);
json::object friend_profile(const model::FriendProfile& found);

}  // namespace qn::wire
