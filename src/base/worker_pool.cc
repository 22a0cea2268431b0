#include "base/worker_pool.h"

#include <pthread.h>

namespace qn {

WorkerPool::WorkerPool(Options options, Metrics& metrics)
    : options_(std::move(options)),
      queue_depth_(metrics.gauge("qn_queue_depth", "Jobs waiting in a bounded queue.",
                                 {{"queue", options_.name}})),
      refused_(metrics.counter("qn_queue_refused_total", "Jobs refused because a queue was full.",
                               {{"queue", options_.name}})) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), options_.name.substr(0, 15).c_str());
  }
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::submit(std::function<void()> job) {
  {
    std::lock_guard lock(mu_);
    if (stopping_ || queue_.size() >= options_.max_queue) {
      refused_.add();
      return false;
    }
    queue_.push_back(std::move(job));
    queue_depth_.set(static_cast<double>(queue_.size()));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mu_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
      queue_depth_.set(static_cast<double>(queue_.size()));
    }
    job();
  }
}

void WorkerPool::stop() {
  {
    std::lock_guard lock(mu_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

}  // namespace qn
