#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/metrics.h"
#include "gateway/line.h"
#include "gateway/options.h"

namespace qn::gateway {

// Who may open a socket: so many at once and so often with one token, so often
// from one address (chat-realtime.md §9, rule 6). Cheap, in memory, before
// anything is asked of the store. Any thread; one mutex per shard. What it
// remembers is bounded: when it is full, newcomers are not limited.
class Admission : public std::enable_shared_from_this<Admission> {
 public:
  Admission(const GatewayOptions& options, Metrics& metrics);

  // An open socket's place among those of its token; gives it back when it goes.
  class Place {
   public:
    Place(std::shared_ptr<Admission> of, std::uint64_t token) : of_(std::move(of)), token_(token) {}
    Place(Place&&) = default;
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (of_) of_->leave(token_);
    }

   private:
    std::shared_ptr<Admission> of_;
    std::uint64_t token_;
  };

  // Nothing: not now; `retry_after` says when.
  std::optional<Place> enter(std::string_view token, std::string_view address, Instant now,
                             std::chrono::seconds& retry_after);

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kMaxEntries = 65'536;  // per shard

  // A bucket that fills with time; one opening takes one out.
  struct Entry {
    float level = 0;
    std::uint32_t open = 0;
    Instant at{0};
  };
  struct Rate {
    double per_second;
    double burst;
  };
  struct Shard {
    std::mutex mu;
    std::unordered_map<std::uint64_t, Entry> entries;  // guarded by mu
  };

  bool take(std::uint64_t key, Rate rate, Instant now, int max_open,
            std::chrono::seconds& retry_after);
  void leave(std::uint64_t token);
  void sweep(Shard& shard, Instant now) const;
  Shard& shard(std::uint64_t key) { return shards_[key % kShards]; }

  const GatewayOptions& options_;
  Counter& refused_token_;
  Counter& refused_address_;
  std::array<Shard, kShards> shards_;
};

}  // namespace qn::gateway
