#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "model/message.h"
#include "model/message_log.h"
#include "model/person.h"
#include "model/user.h"

namespace qn::chat {

// The first entries of everybody's message list (chat-realtime.md §7.1, event E17),
// which every connection gets anew, in this order. Nothing of them is stored; they
// name people as their rows do now (defect C27). Pure.
std::vector<model::Message> guides(model::Role token_role, const model::Arrival& arrival, Time now,
                                   Random& random);

// Event E18: the picture has just been changed.
model::Message avatar_changed(const model::Person& person, std::string id, Time now);

}  // namespace qn::chat
