#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace qn::bus {

// Short-lived values and counters that may be lost at any time: sessions for
// the next request, rate-limit counters. Nothing durable lives here; the store
// is the truth. Every call may come from any loop, ends within the
// implementation's timeout, and fails with kUnavailable when the cache is away:
// callers then go to the store (or let the request through a rate limit).
class Cache {
 public:
  // Longer than any request may take (chat::kRequestTime).
  static constexpr std::chrono::seconds kTombstone{60};

  virtual ~Cache() = default;

  virtual Task<Result<std::optional<std::string>>> get(std::string key) = 0;
  virtual Task<Result<void>> set(std::string key, std::string value,
                                 std::chrono::milliseconds ttl) = 0;
  // Stores only when the key is absent; false when it was there.
  virtual Task<Result<bool>> set_if_absent(std::string key, std::string value,
                                           std::chrono::milliseconds ttl) = 0;
  // Removes the value and, for kTombstone, refuses set_if_absent for that key:
  // whoever read the store before the erasure cannot put its stale copy back.
  // Erasures are never lost: one that cannot reach the cache now is applied
  // before the cache answers again, and counts as done.
  // Forgets the key, and for kErasureGuard lets no set_if_absent() bring it back:
  // a value that was read from the store before it changed may still be on its
  // way. set() and increment() are not held up.
  static constexpr std::chrono::seconds kErasureGuard{30};
  virtual Task<Result<void>> erase(std::string key) = 0;
  // Adds one to a counter and returns it. The first increment starts a window
  // of fixed length; both in one atomic step (defect S9).
  virtual Task<Result<std::int64_t>> increment(std::string key,
                                               std::chrono::milliseconds window) = 0;

  // Forgets every key that starts with this prefix: the store changed behind our
  // back. May take time proportional to the number of keys.
  virtual Task<Result<void>> clear(std::string prefix) = 0;

  virtual bool is_ready() const = 0;
  // Ends waits with kUnavailable and closes. Idempotent.
  virtual void stop() = 0;
};

}  // namespace qn::bus
