#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "histogram.h"
#include "target.h"

namespace qn::bench {

// What one group of connections saw while it was measured.
struct Tally {
  Histogram latency;
  std::map<int, std::uint64_t> statuses;
  std::uint64_t lost_connections = 0;  // broke, or could not be made
  std::string first_failure;           // the first answer that was not 2xx
};

// A group of connections that send alike. `next` makes the request of the
// connection with this number, which counts from 0 in every group.
struct Group {
  std::string name;
  std::size_t connections = 1;
  std::size_t pipeline = 1;  // requests in flight on each connection
  std::function<std::string(std::size_t connection)> next;
  Tally tally;
};

struct Phases {
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds measure{10'000};
  std::function<void()> on_measure;  // as the measurement begins
};

// Keeps every connection of every group busy for the given time, from this
// thread and with one epoll set: a closed loop, each answer brings the next
// request. Throws std::runtime_error when the server is gone.
void run_load(const Target& target, std::vector<Group>& groups, const Phases& phases);

}  // namespace qn::bench
