#pragma once

#include <string_view>

#include "base/error.h"

namespace qn::store {

// The one place where a result code of SQLite gets its meaning. `code` is the
// extended code; `message` goes to the log only.
Error sqlite_error(int code, std::string_view message);

}  // namespace qn::store
