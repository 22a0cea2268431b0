#include "store/sqlite/group_commit.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace qn::store {
namespace {

using std::chrono::milliseconds;

// How long one attempt waits for another process's lock; between attempts the
// deadlines of the waiting jobs are honoured.
constexpr milliseconds kBusySlice{50};
constexpr std::string_view kDataVersion = "PRAGMA data_version";

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<SqliteConnection> connection, const SqliteOptions& options,
                         Metrics& metrics)
    : max_batch_(std::max<std::size_t>(options.max_batch, 1)),
      busy_timeout_(options.busy_timeout),
      idle_look_(options.idle_look),
      injected_flush_delay_(options.injected_flush_delay),
      batch_size_(metrics.histogram("qn_commit_batch_size", "Jobs that shared one commit.",
                                    size_buckets())),
      commit_seconds_(
          metrics.histogram("qn_commit_seconds", "How long a commit took.", latency_buckets())),
      queue_("writer", options.max_queue, metrics),
      connection_(std::move(connection)) {
  connection_->set_busy_timeout(std::min(kBusySlice, busy_timeout_));
  if (const auto version = connection_->integer(kDataVersion)) data_version_ = *version;
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), "db-writer");
}

GroupCommit::~GroupCommit() {
  stop();
}

void GroupCommit::on_foreign_change(std::function<void()> callback) {
  std::lock_guard lock(mu_);
  foreign_change_ = std::move(callback);
}

void GroupCommit::on_announced(Database::Listener listener) {
  std::lock_guard lock(mu_);
  listener_ = std::move(listener);
}

void GroupCommit::stop() {
  std::call_once(stopped_, [this] {
    queue_.close();
    thread_.join();
  });
}

void GroupCommit::work() {
  Batch batch;
  while (queue_.take(batch, max_batch_, idle_look_)) {
    if (batch.empty()) {
      idle();
    } else {
      run_batch(batch);
    }
  }
  if (auto done = connection_->command("PRAGMA wal_checkpoint(TRUNCATE)"); !done) {
    log::warn("store.checkpoint_failed", {{"cause", done.error().detail}});
  }
  connection_.reset();
}

void GroupCommit::run_batch(Batch& batch) {
  auto outcome = begin(batch);
  if (outcome && batch.empty()) return;
  if (outcome) {
    notice_foreign_change();
    outcome = run_jobs(batch);
  }
  if (outcome) outcome = commit(batch.size());
  if (outcome) {
    tell_announced();
  } else {
    announced_.clear();
    roll_back();
  }
  set_ready(outcome);
  for (PendingJob* job : batch) {
    if (!outcome) job->result = outcome;
    job->finish();
  }
}

// Takes the write lock, unless no job is left. Jobs whose deadline passes while
// another process holds the lock leave the batch and the queue.
Result<void> GroupCommit::begin(Batch& batch) {
  drop_overdue(batch);
  if (batch.empty()) return {};
  if (connection_->file_is_gone()) {
    return unavailable("the database file was moved or deleted");
  }
  const auto give_up = Deadline::after(busy_timeout_);
  for (;;) {
    auto begun = connection_->command("BEGIN IMMEDIATE");
    if (begun) connection_->take_engine_failure();  // of earlier rounds
    if (begun || !connection_->last_was_busy() || give_up.passed()) return begun;
    queue_.drop_overdue();
    drop_overdue(batch);
    if (batch.empty()) return begun;
  }
}

Result<void> GroupCommit::run_jobs(const Batch& batch) {
  for (PendingJob* job : batch) {
    if (job->by.passed()) {
      job->result = deadline_error();
    } else {
      CHECK_OK(run_in_savepoint(*job));
    }
  }
  return {};
}

// An error means that the transaction as a whole is lost.
Result<void> GroupCommit::run_in_savepoint(PendingJob& job) {
  CHECK_OK(connection_->command("SAVEPOINT job"));
  job.result = connection_->run_job(job.job);
  // A full disk or a failed read may have made SQLite undo everything.
  if (!connection_->in_transaction()) {
    return unavailable(job.result ? "a job ended the transaction" : job.result.error().detail);
  }
  if (job.result) {
    auto announced = connection_->take_announced();
    std::move(announced.begin(), announced.end(), std::back_inserter(announced_));
  } else {
    CHECK_OK(connection_->command("ROLLBACK TO job"));
  }
  return connection_->command("RELEASE job");
}

Result<void> GroupCommit::commit(std::size_t jobs) {
  const auto start = std::chrono::steady_clock::now();
  auto done = connection_->command("COMMIT");
  if (!done) return unavailable("commit failed: " + done.error().detail);
  if (injected_flush_delay_.count() > 0) std::this_thread::sleep_for(injected_flush_delay_);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  commit_seconds_.observe(took.count());
  batch_size_.observe(static_cast<double>(jobs));
  return {};
}

void GroupCommit::roll_back() {
  if (!connection_->in_transaction()) return;
  if (auto done = connection_->command("ROLLBACK"); !done) {
    log::error("store.rollback_failed", {{"cause", done.error().detail}});
  }
}

// One call for the whole commit: its order is the order of the log.
void GroupCommit::tell_announced() {
  if (announced_.empty()) return;
  Database::Listener listener;
  {
    std::lock_guard lock(mu_);
    listener = listener_;
  }
  auto announced = std::exchange(announced_, {});
  if (!listener) return;
  try {
    listener(std::move(announced));
  } catch (const std::exception& e) {
    log::error("store.listener_failed", {{"what", e.what()}});
  } catch (...) {
    log::error("store.listener_failed");
  }
}

void GroupCommit::idle() {
  if (!is_ready()) {
    auto outcome = probe();
    roll_back();
    set_ready(outcome);
  }
  notice_foreign_change();
}

// Writes what is already there, which needs the lock, the disk and the file as
// any write does.
Result<void> GroupCommit::probe() {
  if (connection_->file_is_gone()) {
    return unavailable("the database file was moved or deleted");
  }
  CHECK_OK(connection_->command("BEGIN IMMEDIATE"));
  TRY(const auto version, connection_->integer("PRAGMA user_version"));
  CHECK_OK(connection_->script("PRAGMA user_version = " + std::to_string(version)));
  return connection_->command("COMMIT");
}

// SQLite changes this number for a connection when another one has written;
// our readers never do.
void GroupCommit::notice_foreign_change() {
  const auto version = connection_->integer(kDataVersion);
  if (!version || *version == data_version_) return;
  data_version_ = *version;
  std::function<void()> callback;
  {
    std::lock_guard lock(mu_);
    callback = foreign_change_;
  }
  if (!callback) return;
  try {
    callback();
  } catch (const std::exception& e) {
    log::error("store.foreign_change_failed", {{"what", e.what()}});
  }
}

void GroupCommit::set_ready(const Result<void>& outcome) {
  const auto failure = connection_->take_engine_failure();
  const bool ready = outcome.has_value() && !failure;
  if (ready_.exchange(ready) == ready) return;
  if (ready) {
    log::info("store.writable_again");
  } else {
    log::error("store.not_writable",
               {{"cause", outcome ? failure->detail : outcome.error().detail}});
  }
}

}  // namespace qn::store
