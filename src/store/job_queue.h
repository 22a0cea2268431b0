#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"

namespace qn::store {

// A job and the coroutine that waits for it. Lives in that coroutine's frame:
// gone as soon as finish() has been called.
struct PendingJob {
  Database::Job job;
  Deadline by;
  Result<void> result;
  std::function<void()> resume;

  // Hands the result over; exactly once, from any thread.
  void finish();
};

// The bounded queue between event loops and database threads, the same for
// every engine. Any thread may call. Owned by the database; must not be
// destroyed before it is closed and drained.
class JobQueue {
 public:
  // `name` is the label of qn_queue_depth.
  JobQueue(std::string_view name, std::size_t max, Metrics& metrics);

  // Queues the job and waits until a database thread has finished it.
  // kOverloaded: the queue is full. kUnavailable: it is closed.
  Task<Result<void>> run(Database::Job job, Deadline by);

  // For database threads. Waits at most `patience` for jobs and moves up to
  // `max` of them to `out`, which stays empty when none came. False once the
  // queue is closed and drained.
  bool take(std::vector<PendingJob*>& out, std::size_t max, std::chrono::milliseconds patience);
  // Finishes with kDeadline whatever waits too long already.
  void drop_overdue();
  void close();

 private:
  Result<void> push(PendingJob& job);
  void count_error(ErrorCode code);
  void note_depth();  // mu_ held

  const std::size_t max_;
  Gauge& depth_;
  std::map<ErrorCode, Counter*> errors_;

  std::mutex mu_;
  std::condition_variable wake_;
  std::deque<PendingJob*> jobs_;
  bool closed_ = false;
};

// Finishes and removes the jobs whose deadline has passed.
void drop_overdue(std::vector<PendingJob*>& jobs);

Error deadline_error();

}  // namespace qn::store
