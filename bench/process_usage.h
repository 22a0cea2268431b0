#pragma once

#include <sys/types.h>

#include <cstdint>

namespace qn::bench {

struct ProcessUsage {
  double cpu_seconds = 0;  // user and system, all threads
  std::uint64_t resident_bytes = 0;
};

// Of a running process, from /proc; throws std::runtime_error when there is none.
ProcessUsage usage_of(pid_t pid);

}  // namespace qn::bench
