#pragma once

#include <string>

#include "model/message.h"

namespace qn::chat {

// Makes the JSON object that clients get of a message. The rules know no JSON:
// wire::write_message is handed to them by app/. Pure; any thread.
using WriteMessage = std::string (*)(const model::Message& message);

}  // namespace qn::chat
