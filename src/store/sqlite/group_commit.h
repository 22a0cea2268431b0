#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"
#include "store/job_queue.h"
#include "store/sqlite/sqlite_connection.h"
#include "store/sqlite/sqlite_database.h"

namespace qn::store {

// The one writer of a SQLite database: a thread that takes every job that
// waits, runs each in a savepoint of one transaction, commits, and only then
// lets the callers go on (docs/adr/0003-group-commit.md). A job that fails is
// undone alone; when the commit itself fails nobody is told of success.
// Owned by the database; any thread may call.
class GroupCommit {
 public:
  GroupCommit(std::unique_ptr<SqliteConnection> connection, const SqliteOptions& options,
              Metrics& metrics);
  ~GroupCommit();

  JobQueue& queue() { return queue_; }
  void on_foreign_change(std::function<void()> callback);
  void on_announced(Database::Listener listener);
  // Whether the last attempt to write succeeded. Tried again while it
  // did not, so that an idle server recovers too.
  bool is_ready() const { return ready_.load(std::memory_order_relaxed); }
  // Runs what is queued, folds the log into the file and closes it. Idempotent.
  void stop();

 private:
  using Batch = std::vector<PendingJob*>;

  void work();
  void run_batch(Batch& batch);
  Result<void> begin(Batch& batch);
  Result<void> run_jobs(const Batch& batch);
  Result<void> run_in_savepoint(PendingJob& job);
  Result<void> commit(std::size_t jobs);
  void roll_back();
  void tell_announced();
  void idle();
  Result<void> probe();
  void notice_foreign_change();
  void set_ready(const Result<void>& outcome);

  const std::size_t max_batch_;
  const std::chrono::milliseconds busy_timeout_;
  const std::chrono::milliseconds idle_look_;
  const std::chrono::microseconds injected_flush_delay_;
  Histogram& batch_size_;
  Histogram& commit_seconds_;
  JobQueue queue_;
  std::atomic<bool> ready_{true};

  // Touched only by the thread once it runs.
  std::unique_ptr<SqliteConnection> connection_;
  std::int64_t data_version_ = 0;
  std::vector<model::LoggedMessage> announced_;  // by the jobs of this batch that succeeded

  std::mutex mu_;
  std::function<void()> foreign_change_;  // guarded by mu_
  Database::Listener listener_;           // guarded by mu_
  std::once_flag stopped_;

  std::thread thread_;
};

}  // namespace qn::store
