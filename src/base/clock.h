#pragma once

#include <atomic>
#include <chrono>

namespace qn {

// Wall time as the product stores it: milliseconds since the Unix epoch, UTC.
using Millis = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Millis>;

inline Time time_from_millis(std::int64_t ms) {
  return Time(Millis(ms));
}
inline std::int64_t to_millis(Time t) {
  return t.time_since_epoch().count();
}

// The only source of "now" for rules and expiry, so that tests can turn it.
// Every call may come from any thread. Deadlines of I/O use Deadline instead.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  }
};

// Stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start = time_from_millis(1'760'000'000'000)) : now_(to_millis(start)) {}
  Time now() const override { return time_from_millis(now_.load()); }
  void advance(Millis by) { now_ += by.count(); }
  void set(Time t) { now_ = to_millis(t); }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace qn
