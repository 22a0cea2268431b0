#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"

namespace qn::bus {

// One of the maps behind the memory cache: keys with an expiry, a bound and an
// eviction order. Owned by the cache; any thread. Nothing here fails, except
// that add() refuses what is not a number.
class MemoryShard {
 public:
  explicit MemoryShard(std::size_t max_entries) : max_entries_(max_entries) {}

  // What a write did to the shard; the last two are entries it took away that
  // nobody asked it to.
  struct Effect {
    std::ptrdiff_t entries = 0;
    std::size_t expired = 0;
    std::size_t evicted = 0;
  };
  enum class IfPresent { kReplace, kKeep };

  std::optional<std::string> find(std::string_view key, Time now);
  // False: the key was there and was kept.
  bool put(std::string key, std::string value, Time expires, Time now, IfPresent policy,
           Effect& effect);
  // Leaves a tombstone until `expires`: absent, but not for kKeep.
  void erase(std::string key, Time expires, Time now, Effect& effect);
  // The counter after adding one; nothing when the value is no number. An
  // absent one starts at zero and expires at `expires`.
  std::optional<std::int64_t> add_one(std::string key, Time expires, Time now, Effect& effect);
  std::size_t erase_prefix(std::string_view prefix);
  std::size_t size() const;

 private:
  struct Slot {
    std::string key;
    std::string value;
    Time expires;
    std::uint32_t heap_at = 0;
    bool used_lately = false;
    bool taken = false;
    bool erased = false;  // a tombstone
  };

  // All private functions expect mu_ to be held.
  Slot* lookup(std::string_view key, Time now);
  Slot& insert(std::string key, Time expires, Time now, Effect& effect);
  Slot& write(Slot* slot, std::string key, Time expires, Time now, Effect& effect);
  Slot& free_slot(Time now, Effect& effect);
  Slot& next_victim();
  void release(Slot& slot);
  void drop_expired(Time now, Effect& effect);
  void set_expiry(Slot& slot, Time expires);
  void heap_place(std::size_t at, Slot& slot);
  void heap_fix(std::size_t at);
  void heap_remove(Slot& slot);

  // Constant after construction.
  const std::size_t max_entries_;

  // Guarded by mu_. The keys of index_ are views into the slots, which a deque
  // never moves.
  mutable std::mutex mu_;
  std::deque<Slot> slots_;
  std::vector<Slot*> free_;
  std::unordered_map<std::string_view, Slot*> index_;
  std::vector<Slot*> heap_;  // the soonest expiry first
  std::size_t hand_ = 0;     // of the second-chance clock over slots_
};

}  // namespace qn::bus
