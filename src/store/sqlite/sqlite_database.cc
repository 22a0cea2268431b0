#include "store/sqlite/sqlite_database.h"

#include <pthread.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/job_queue.h"
#include "store/sqlite/group_commit.h"
#include "store/sqlite/sqlite_connection.h"
#include "store/sqlite/sqlite_schema.h"

namespace qn::store {
namespace {

constexpr std::chrono::milliseconds kReaderPatience{60'000};

// mmap stays off: a failing disk must be an error and not a SIGBUS. The log is
// folded into the file every 4,000 pages (16 MB), and cut back to that size
// after a burst. Temporary tables are not forced into memory: see configure_once()
// in sqlite_connection.cc.
constexpr const char* kWriterSettings =
    "PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192;"
    "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216;";
constexpr const char* kReaderSettings =
    "PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;";

using Connections = std::vector<std::unique_ptr<SqliteConnection>>;

// One file, one writer thread with group commit and some reader threads.
class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(PreparedFile file, Connections readers, const SqliteOptions& options,
                 Metrics& metrics);
  ~SqliteDatabase() override { stop(); }

  Task<Result<void>> write(Job job, Deadline by) override {
    return writer_.queue().run(std::move(job), by);
  }
  Task<Result<void>> read(Job job, Deadline by) override { return reads_.run(std::move(job), by); }
  void on_foreign_change(std::function<void()> callback) override {
    writer_.on_foreign_change(std::move(callback));
  }
  void on_announced(Listener listener) override { writer_.on_announced(std::move(listener)); }
  int schema_version() const override { return schema_version_; }
  bool is_ready() const override { return writer_.is_ready(); }
  void stop() override;

 private:
  void serve_reads(SqliteConnection& connection);
  static Result<void> run_read(SqliteConnection& connection, const PendingJob& job);

  const int schema_version_;
  GroupCommit writer_;
  JobQueue reads_;
  Connections readers_;
  std::once_flag stopped_;

  std::vector<std::thread> threads_;
};

SqliteDatabase::SqliteDatabase(PreparedFile file, Connections readers, const SqliteOptions& options,
                               Metrics& metrics)
    : schema_version_(file.report.after),
      writer_(std::move(file.connection), options, metrics),
      reads_("readers", options.max_queue, metrics),
      readers_(std::move(readers)) {
  for (auto& connection : readers_) {
    threads_.emplace_back([this, c = connection.get()] { serve_reads(*c); });
    const auto name = "db-reader-" + std::to_string(threads_.size() - 1);
    pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
  }
}

// The readers go first, so that the writer is the last to close and can fold
// the whole log into the file.
void SqliteDatabase::stop() {
  std::call_once(stopped_, [this] {
    reads_.close();
    for (auto& thread : threads_) thread.join();
    readers_.clear();
    writer_.stop();
  });
}

void SqliteDatabase::serve_reads(SqliteConnection& connection) {
  std::vector<PendingJob*> jobs;
  while (reads_.take(jobs, 1, kReaderPatience)) {
    for (PendingJob* job : jobs) {
      job->result = job->by.passed() ? deadline_error() : run_read(connection, *job);
      job->finish();
    }
  }
}

// In a transaction, so that all statements of a job see the same state.
Result<void> SqliteDatabase::run_read(SqliteConnection& connection, const PendingJob& job) {
  CHECK_OK(connection.command("BEGIN"));
  auto result = connection.run_job(job.job, job.by);
  if (!connection.in_transaction()) return result;
  auto ended = connection.command("COMMIT");
  if (ended) return result;
  static_cast<void>(connection.command("ROLLBACK"));
  return ended;
}

Result<Connections> open_readers(const SqliteOptions& options) {
  Connections readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    TRY(auto reader, SqliteConnection::open(options.file, Access::kReadOnly, options.busy_timeout));
    CHECK_OK(reader->script(kReaderSettings));
    readers.push_back(std::move(reader));
  }
  return readers;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(SqliteOptions options, Metrics& metrics) {
  TRY(auto file, prepare_file(options));
  CHECK_OK(file.connection->script(kWriterSettings));
  CHECK_OK(file.connection->script(options.durability == Durability::kFull
                                       ? "PRAGMA synchronous = FULL"
                                       : "PRAGMA synchronous = NORMAL"));
  TRY(auto readers, open_readers(options));
  std::unique_ptr<Database> db =
      std::make_unique<SqliteDatabase>(std::move(file), std::move(readers), options, metrics);
  return db;
}

Result<MigrationReport> migrate_sqlite(const SqliteOptions& options) {
  TRY(const auto file, prepare_file(options));
  return file.report;
}

}  // namespace qn::store
