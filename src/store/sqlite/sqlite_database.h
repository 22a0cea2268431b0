#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "base/metrics.h"
#include "store/database.h"
#include "store/migrations.h"

namespace qn::store {

enum class Durability { kFull, kNormal };  // PRAGMA synchronous

struct SqliteOptions {
  std::filesystem::path file;
  Durability durability = Durability::kFull;
  std::size_t readers = 2;
  std::size_t max_queue = 10'000;  // jobs waiting for the writer, and for the readers
  std::size_t max_batch = 256;     // jobs in one commit
  std::chrono::milliseconds busy_timeout{5'000};
  // How often an idle writer looks for changes by other processes, and tries
  // again when the last write failed.
  std::chrono::milliseconds idle_look{1'000};
  std::span<const Migration> schema = migrations();
  // Tests only: how long each commit additionally takes, as slow disks do.
  std::chrono::microseconds injected_flush_delay{0};
};

// Opens or creates the file (WAL), applies pending migrations and starts the
// threads. Before a migration changes an existing database, a copy of the file
// is left beside it (<file>.before-<number>). Refused with kRefused and a
// text for the operator: a database newer than this program, a file that is no
// SQLite database, a folder that cannot be written.
Result<std::unique_ptr<Database>> open_sqlite(SqliteOptions options, Metrics& metrics);

// What `qingniao migrate` does: applies pending migrations and closes again.
// The result is the version before and after.
struct MigrationReport {
  int before = 0;
  int after = 0;
};
Result<MigrationReport> migrate_sqlite(const SqliteOptions& options);

}  // namespace qn::store
