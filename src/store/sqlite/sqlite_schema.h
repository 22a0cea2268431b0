#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "store/sqlite/sqlite_connection.h"
#include "store/sqlite/sqlite_database.h"

namespace qn::store {

// A file whose schema is the one this program knows, open for writing.
struct PreparedFile {
  std::unique_ptr<SqliteConnection> connection;
  MigrationReport report;
};

// Creates the file, or opens it and applies what is pending. A new file appears
// under its name only when it is complete. Errors carry a text for the
// operator: kRefused when the file is not for this program or cannot be used,
// kUnavailable when another process holds it, kInternal when a migration fails.
Result<PreparedFile> prepare_file(const SqliteOptions& options);

}  // namespace qn::store
