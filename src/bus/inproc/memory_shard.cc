#include "bus/inproc/memory_shard.h"

#include <charconv>
#include <iterator>
#include <utility>

namespace qn::bus {
namespace {

// Expired entries a write clears away in passing: more than one, so that they
// never pile up, and few enough that no write is slow.
constexpr int kSweepPerWrite = 4;

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

}  // namespace

std::optional<std::string> MemoryShard::find(std::string_view key, Time now) {
  std::lock_guard lock(mu_);
  Slot* slot = lookup(key, now);
  if (!slot || slot->erased) return std::nullopt;
  slot->used_lately = true;
  return slot->value;
}

bool MemoryShard::put(std::string key, std::string value, Time expires, Time now, IfPresent policy,
                      Effect& effect) {
  std::lock_guard lock(mu_);
  Slot* slot = lookup(key, now);
  if (slot && policy == IfPresent::kKeep) return false;
  write(slot, std::move(key), expires, now, effect).value = std::move(value);
  return true;
}

void MemoryShard::erase(std::string key, Time expires, Time now, Effect& effect) {
  std::lock_guard lock(mu_);
  Slot* present = lookup(key, now);
  Slot& slot = write(present, std::move(key), expires, now, effect);
  slot.value = {};
  slot.erased = true;
}

std::optional<std::int64_t> MemoryShard::add_one(std::string key, Time expires, Time now,
                                                 Effect& effect) {
  std::lock_guard lock(mu_);
  Slot* slot = lookup(key, now);
  if (!slot || slot->erased) {
    write(slot, std::move(key), expires, now, effect).value = "1";
    return 1;
  }
  const auto count = to_number(slot->value);
  if (!count || *count == INT64_MAX) return std::nullopt;
  slot->used_lately = true;
  slot->value = std::to_string(*count + 1);
  return *count + 1;
}

std::size_t MemoryShard::erase_prefix(std::string_view prefix) {
  std::lock_guard lock(mu_);
  std::size_t erased = 0;
  for (Slot& slot : slots_) {
    if (!slot.taken || !std::string_view(slot.key).starts_with(prefix)) continue;
    release(slot);
    ++erased;
  }
  return erased;
}

std::size_t MemoryShard::size() const {
  std::lock_guard lock(mu_);
  return index_.size();
}

// An expired entry stays until a write sweeps it: reading must stay cheap.
MemoryShard::Slot* MemoryShard::lookup(std::string_view key, Time now) {
  const auto it = index_.find(key);
  if (it == index_.end() || it->second->expires <= now) return nullptr;
  return it->second;
}

// The entry to fill: the present one, or a new one in its place.
MemoryShard::Slot& MemoryShard::write(Slot* slot, std::string key, Time expires, Time now,
                                      Effect& effect) {
  const auto before = std::ssize(index_);
  if (slot) {
    set_expiry(*slot, expires);
  } else {
    slot = &insert(std::move(key), expires, now, effect);
  }
  slot->erased = false;
  effect.entries = std::ssize(index_) - before;
  return *slot;
}

MemoryShard::Slot& MemoryShard::insert(std::string key, Time expires, Time now, Effect& effect) {
  drop_expired(now, effect);
  if (const auto stale = index_.find(key); stale != index_.end()) {
    release(*stale->second);
    ++effect.expired;
  }
  Slot& slot = free_slot(now, effect);
  slot.key = std::move(key);
  slot.taken = true;
  slot.used_lately = false;
  index_.emplace(slot.key, &slot);
  heap_.push_back(&slot);
  slot.heap_at = static_cast<std::uint32_t>(heap_.size() - 1);
  set_expiry(slot, expires);
  return slot;
}

MemoryShard::Slot& MemoryShard::free_slot(Time now, Effect& effect) {
  if (free_.empty() && slots_.size() < max_entries_) return slots_.emplace_back();
  if (free_.empty()) drop_expired(now, effect);
  if (free_.empty()) {
    release(next_victim());
    ++effect.evicted;
  }
  Slot* slot = free_.back();
  free_.pop_back();
  return *slot;
}

// Second chance: an entry read since the hand last passed is spared once. Ends
// within two rounds, because the first clears every mark.
MemoryShard::Slot& MemoryShard::next_victim() {
  for (;;) {
    Slot& slot = slots_[hand_];
    hand_ = (hand_ + 1) % slots_.size();
    if (!std::exchange(slot.used_lately, false)) return slot;
  }
}

void MemoryShard::release(Slot& slot) {
  index_.erase(slot.key);
  heap_remove(slot);
  slot.key = {};
  slot.value = {};
  slot.taken = false;
  slot.used_lately = false;
  free_.push_back(&slot);
}

void MemoryShard::drop_expired(Time now, Effect& effect) {
  for (int i = 0; i < kSweepPerWrite && !heap_.empty() && heap_[0]->expires <= now; ++i) {
    release(*heap_[0]);
    ++effect.expired;
  }
}

void MemoryShard::set_expiry(Slot& slot, Time expires) {
  slot.expires = expires;
  heap_fix(slot.heap_at);
}

void MemoryShard::heap_place(std::size_t at, Slot& slot) {
  heap_[at] = &slot;
  slot.heap_at = static_cast<std::uint32_t>(at);
}

// Moves the entry at `at` up or down to where its expiry belongs.
void MemoryShard::heap_fix(std::size_t at) {
  Slot& slot = *heap_[at];
  while (at > 0 && slot.expires < heap_[(at - 1) / 2]->expires) {
    heap_place(at, *heap_[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->expires < heap_[child]->expires) ++child;
    if (slot.expires <= heap_[child]->expires) break;
    heap_place(at, *heap_[child]);
    at = child;
  }
  heap_place(at, slot);
}

void MemoryShard::heap_remove(Slot& slot) {
  Slot& last = *heap_.back();
  heap_.pop_back();
  if (&last == &slot) return;
  const std::size_t at = slot.heap_at;
  heap_place(at, last);
  heap_fix(at);
}

}  // namespace qn::bus
