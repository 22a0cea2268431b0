#pragma once

#include <chrono>

namespace qn::net {

// Something that waits at most so long. At most one queue holds it.
class Deadlined {
 public:
  Deadlined() = default;
  Deadlined(const Deadlined&) = delete;
  Deadlined& operator=(const Deadlined&) = delete;
  virtual ~Deadlined() { unlink(); }

  // It was not disarmed in time. It is in no queue any more.
  virtual void on_deadline() = 0;

 private:
  friend class DeadlineQueue;

  void unlink() {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

  Deadlined* previous_ = nullptr;
  Deadlined* next_ = nullptr;
  std::chrono::steady_clock::time_point due_;
};

// Waits of one length, in the order they began, which is the order they end:
// arming and disarming relink a list, and a sweep looks at what has expired and
// no further. No timer per connection. Owned by a loop, touched only there.
class DeadlineQueue {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  explicit DeadlineQueue(std::chrono::milliseconds span) : span_(span) {
    head_.previous_ = head_.next_ = &head_;
  }
  ~DeadlineQueue() {
    while (head_.next_ != &head_) head_.next_->unlink();
    head_.previous_ = head_.next_ = nullptr;
  }

  // Leaves the queue it was in.
  void arm(Deadlined& what, SteadyTime now) {
    what.unlink();
    what.due_ = now + span_;
    what.previous_ = head_.previous_;
    what.next_ = &head_;
    head_.previous_->next_ = &what;
    head_.previous_ = &what;
  }
  static void disarm(Deadlined& what) { what.unlink(); }

  void expire(SteadyTime now) {
    while (head_.next_ != &head_ && head_.next_->due_ <= now) {
      auto& what = *head_.next_;
      what.unlink();
      what.on_deadline();
    }
  }
  void expire_all() { expire(SteadyTime::max()); }

 private:
  struct Head final : Deadlined {
    void on_deadline() override {}
  };

  const std::chrono::milliseconds span_;
  Head head_;
};

}  // namespace qn::net
