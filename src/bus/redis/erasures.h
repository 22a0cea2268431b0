#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace qn::bus {

// Erasures Redis has not confirmed: it was away, or its answer was lost. Until
// they are applied nobody may see those keys, because what Redis still holds
// under them is a revoked session. Bounded: past the limit it remembers
// "everything". Shared by the connections of one cache; any thread.
class Erasures {
 public:
  explicit Erasures(std::size_t max_keys) : max_keys_(max_keys) {}

  // A piece of the work, as it was when it was handed out.
  struct Batch {
    bool everything = false;
    std::uint64_t everything_mark = 0;
    std::vector<std::pair<std::string, std::uint64_t>> keys;
    bool empty() const { return !everything && keys.empty(); }
  };

  void add(const std::string& key);
  void add_everything();

  // Whether the key must not be read now. One atomic load when there is
  // nothing to remember.
  bool block(const std::string& key) const;

  // What to apply next, at most `max_keys` of them; empty: nothing is left.
  Batch next(std::size_t max_keys) const;
  // Redis confirmed the batch. An erasure added again meanwhile stays.
  void settle(const Batch& batch);

 private:
  void update_any();

  // Constant after construction.
  const std::size_t max_keys_;

  std::atomic<bool> any_ = false;

  // Guarded by mu_. The values are marks from a counter, so that settle() can
  // tell an erasure from a later one of the same key.
  mutable std::mutex mu_;
  std::unordered_map<std::string, std::uint64_t> keys_;
  std::uint64_t everything_mark_ = 0;  // 0: not everything
  std::uint64_t last_mark_ = 0;
};

}  // namespace qn::bus
