#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "gateway/line.h"

namespace qn::gateway {

// Wakes things at about the time they asked for, never earlier. Nothing is
// cancelled: what is gone by then is skipped. One loop.
template <class T>
class TimerWheel {
 public:
  TimerWheel(Instant tick, Instant now)
      : tick_(std::max(tick, Instant{1})), slots_(kSlots), reached_(now) {}

  void add(std::weak_ptr<T> thing, Instant when) {
    // Rounded up; what is further away than one round is looked at on the way.
    const auto wait = std::max<Instant::rep>(1, (when - reached_).count());
    const auto ticks = static_cast<std::size_t>((wait + tick_.count() - 1) / tick_.count());
    slots_[(at_ + std::min(ticks, kSlots - 1)) % kSlots].push_back({std::move(thing), when});
  }

  // It is `now`: calls wake(T&) for what is due.
  template <class Wake>
  void advance(Instant now, Wake wake) {
    while (reached_ + tick_ <= now) {
      reached_ += tick_;
      at_ = (at_ + 1) % kSlots;
      auto due = std::exchange(slots_[at_], {});
      for (auto& entry : due) {
        if (entry.when > reached_) {
          add(std::move(entry.thing), entry.when);
        } else if (const auto thing = entry.thing.lock()) {
          wake(*thing);
        }
      }
    }
  }

 private:
  static constexpr std::size_t kSlots = 128;
  struct Entry {
    std::weak_ptr<T> thing;
    Instant when;
  };

  const Instant tick_;
  std::vector<std::vector<Entry>> slots_;
  std::size_t at_ = 0;
  Instant reached_;  // the time of slot at_
};

}  // namespace qn::gateway
