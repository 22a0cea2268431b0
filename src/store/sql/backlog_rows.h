#pragma once

#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"

namespace qn::store {

// MessageLog::find_backlog inside a read job. Two statements, one more for each
// conversation in which something is missing, and further ones where much is.
// Reads the index message_log and no message.
Result<model::Backlog> select_backlog(Connection& c, UserId user, int limit);

// MessageLog::find_arrival, one statement.
Result<std::optional<model::Arrival>> select_arrival(Connection& c, UserId user);

}  // namespace qn::store
