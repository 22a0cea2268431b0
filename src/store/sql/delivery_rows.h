#pragma once

#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"

namespace qn::store {

// MessageLog::note_delivered for one stretch, inside a transaction. Two
// statements for one in turn, about six for one out of turn.
Result<void> note_delivery(Connection& c, const model::Delivered& delivered);

}  // namespace qn::store
