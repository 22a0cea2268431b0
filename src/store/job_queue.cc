#include "store/job_queue.h"

#include <algorithm>
#include <string>
#include <utility>

namespace qn::store {
namespace {

// What the engine or the queue is to blame for; a job may also return errors of
// its own, which are answers and not failures of the store.
constexpr ErrorCode kCounted[] = {ErrorCode::kConflict, ErrorCode::kOverloaded,
                                  ErrorCode::kUnavailable, ErrorCode::kDeadline,
                                  ErrorCode::kInternal};

template <class Jobs>
std::vector<PendingJob*> remove_overdue(Jobs& jobs) {
  const auto now = std::chrono::steady_clock::now();
  std::vector<PendingJob*> overdue;
  std::erase_if(jobs, [&](PendingJob* p) {
    if (p->by.at() > now) return false;
    overdue.push_back(p);
    return true;
  });
  return overdue;
}

void finish_late(const std::vector<PendingJob*>& jobs) {
  for (PendingJob* p : jobs) {
    p->result = deadline_error();
    p->finish();
  }
}

}  // namespace

Error deadline_error() {
  return {ErrorCode::kDeadline, {}, "the database was too slow"};
}

void PendingJob::finish() {
  // The frame that holds *this may be gone while resume() still runs.
  const auto wake = std::move(resume);
  wake();
}

void drop_overdue(std::vector<PendingJob*>& jobs) {
  finish_late(remove_overdue(jobs));
}

JobQueue::JobQueue(std::string_view name, std::size_t max, Metrics& metrics)
    : max_(max),
      depth_(metrics.gauge("qn_queue_depth", "Jobs waiting in a bounded queue.",
                           {{"queue", std::string(name)}})) {
  for (const ErrorCode code : kCounted) {
    errors_[code] =
        &metrics.counter("qn_store_errors_total", "Database jobs that failed, by cause.",
                         {{"code", std::string(to_string(code))}});
  }
}

Task<Result<void>> JobQueue::run(Database::Job job, Deadline by) {
  PendingJob pending{std::move(job), by, {}, {}};
  std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    pending.resume = std::move(resume);
    auto pushed = push(pending);
    if (pushed) return;
    pending.result = std::move(pushed);
    pending.finish();
  };
  co_await suspend(std::move(start));
  if (!pending.result) count_error(pending.result.error().code);
  co_return std::move(pending.result);
}

Result<void> JobQueue::push(PendingJob& job) {
  {
    std::lock_guard lock(mu_);
    if (closed_) return unavailable("the database is closed");
    if (jobs_.size() >= max_) {
      return Error{ErrorCode::kOverloaded, {}, "the database queue is full"};
    }
    jobs_.push_back(&job);
    note_depth();
  }
  wake_.notify_one();
  return {};
}

bool JobQueue::take(std::vector<PendingJob*>& out, std::size_t max,
                    std::chrono::milliseconds patience) {
  out.clear();
  std::unique_lock lock(mu_);
  wake_.wait_for(lock, patience, [this] { return closed_ || !jobs_.empty(); });
  if (jobs_.empty()) return !closed_;
  const auto count = static_cast<std::ptrdiff_t>(std::min(max, jobs_.size()));
  out.assign(jobs_.begin(), jobs_.begin() + count);
  jobs_.erase(jobs_.begin(), jobs_.begin() + count);
  note_depth();
  return true;
}

void JobQueue::drop_overdue() {
  std::vector<PendingJob*> overdue;
  {
    std::lock_guard lock(mu_);
    overdue = remove_overdue(jobs_);
    note_depth();
  }
  finish_late(overdue);
}

void JobQueue::close() {
  {
    std::lock_guard lock(mu_);
    closed_ = true;
  }
  wake_.notify_all();
}

void JobQueue::count_error(ErrorCode code) {
  if (const auto it = errors_.find(code); it != errors_.end()) it->second->add();
}

void JobQueue::note_depth() {
  depth_.set(static_cast<double>(jobs_.size()));
}

}  // namespace qn::store
