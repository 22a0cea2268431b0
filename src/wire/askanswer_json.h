#pragma once

#include "model/ask_answer.h"
#include "wire/json.h"

namespace qn::wire {

// One entry as the Q&A routes return it, key order of the reference
// (chat-http-api.md §10).
json::object ask_answer(const model::AskAnswer& entry);

}  // namespace qn::wire
