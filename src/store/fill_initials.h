#pragma once

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"

namespace qn::store {

// Gives names from before there was a column for it their initial: those of at
// most `limit` users and `limit` remarks. The result is how many it found; with
// 0 there is nothing left to do. May be broken off and repeated at any time.
Task<Result<int>> fill_initials(Database& db, int limit, Deadline by);

}  // namespace qn::store
