#pragma once

#include <string>

#include "model/message.h"

namespace qn::wire {

// The message object (chat-realtime.md §4) as JSON text, its keys in the order of
// the contract: the answer of sendmessage, and `data` of a frame. Of a group only
// the row (defect X1). Pure; any thread.
std::string write_message(const model::Message& message);

}  // namespace qn::wire
