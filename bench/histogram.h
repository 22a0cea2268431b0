#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qn::bench {

// Durations in nanoseconds in logarithmic buckets: 64 per power of two, so a
// quantile is at most 1.6 % too high. One thread.
class Histogram {
 public:
  Histogram();
  void add(std::uint64_t nanoseconds);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  // The value below which this share (0 to 1) of all lies; 0 when empty.
  std::uint64_t quantile(double share) const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace qn::bench
