#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qn::gateway {

// Where something is in a Ring.
struct RingPlace {
  std::uint32_t slot = 0;
  std::uint32_t index = 0;
};

// Things that are visited in turn, each once per round, spread evenly over the
// round: what heartbeats need instead of a timer per socket. T has a member
// `ring_place`. The owner of the things removes them before they go. One loop.
template <class T>
class Ring {
 public:
  explicit Ring(std::size_t slots) : slots_(slots == 0 ? 1 : slots) {}

  // It is visited a whole round from now.
  void add(T& thing) {
    auto& slot = slots_[next_];
    thing.ring_place = {static_cast<std::uint32_t>(next_), static_cast<std::uint32_t>(slot.size())};
    slot.push_back(&thing);
  }
  void remove(T& thing) {
    auto& slot = slots_[thing.ring_place.slot];
    T* const last = slot.back();
    slot[thing.ring_place.index] = last;
    last->ring_place = thing.ring_place;
    slot.pop_back();
  }
  // Those whose turn it is. Visits must not remove anything.
  const std::vector<T*>& turn() {
    next_ = (next_ + 1) % slots_.size();
    return slots_[next_];
  }
  std::size_t slots() const { return slots_.size(); }
  const std::vector<T*>& slot(std::size_t i) const { return slots_[i]; }

 private:
  std::vector<std::vector<T*>> slots_;
  std::size_t next_ = 0;
};

}  // namespace qn::gateway
