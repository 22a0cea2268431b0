#pragma once

#include <chrono>

namespace qn {

// The moment an operation must have ended by, on the steady clock. Made once at
// the edge (a request, a timer) and passed down by value.
class Deadline {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  explicit Deadline(SteadyTime at) : at_(at) {}
  static Deadline after(std::chrono::nanoseconds span) {
    return Deadline(std::chrono::steady_clock::now() +
                    std::chrono::duration_cast<std::chrono::steady_clock::duration>(span));
  }

  SteadyTime at() const { return at_; }
  bool passed() const { return std::chrono::steady_clock::now() >= at_; }

 private:
  SteadyTime at_;
};

}  // namespace qn
