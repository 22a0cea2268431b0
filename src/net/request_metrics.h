#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "base/metrics.h"

namespace qn::net {

// qn_http_requests_total and qn_http_request_seconds. One per loop, touched only
// there: it remembers the registry's objects, so that a request takes no lock.
class RequestMetrics {
 public:
  explicit RequestMetrics(Metrics& metrics) : metrics_(metrics) {}

  // `route` is a constant: its address is part of the key.
  void record(std::string_view route, int status, std::chrono::nanoseconds took);

 private:
  struct Key {
    const char* route;
    std::size_t size;
    int status;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const char*>{}(key.route) * 31 + static_cast<std::size_t>(key.status);
    }
  };
  struct Entry {
    Counter* requests;
    Histogram* seconds;
  };

  Entry look_up(std::string_view route, int status);

  Metrics& metrics_;
  std::unordered_map<Key, Entry, KeyHash> known_;
};

}  // namespace qn::net
