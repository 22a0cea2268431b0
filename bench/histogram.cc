#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qn::bench {
namespace {

constexpr unsigned kSubBits = 6;
constexpr std::uint64_t kSub = 1u << kSubBits;

// Exact below kSub, then kSub buckets per power of two.
std::size_t bucket_of(std::uint64_t value) {
  if (value < kSub) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;
  return (shift + 1) * kSub + ((value >> shift) - kSub);
}

std::uint64_t upper_edge(std::size_t bucket) {
  if (bucket < kSub) return bucket;
  const auto shift = bucket / kSub - 1;
  return ((kSub + bucket % kSub + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(bucket_of(UINT64_MAX) + 1) {}

void Histogram::add(std::uint64_t nanoseconds) {
  ++buckets_[bucket_of(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

std::uint64_t Histogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > 0 && seen >= wanted) return std::min(upper_edge(i), max_);
  }
  return 0;
}

}  // namespace qn::bench
