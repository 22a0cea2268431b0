#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace qn::media {

// One run of a tool that looks at bytes nobody can trust.
struct ToolRun {
  std::filesystem::path program;  // absolute
  std::vector<std::string> arguments;
  std::vector<std::string> environment;             // "NAME=value", beside PATH and LANG
  int input = -1;                                   // descriptor of its standard input; -1: none
  std::size_t max_output = 1024 * 1024;             // of its standard output
  std::size_t memory = 1024 * 1024 * 1024;          // of its address space
  std::size_t max_file = 0;                         // of a file it writes; more fails
  std::chrono::milliseconds time{10'000};           // on the clock, and of the processor
  const std::atomic<bool>* is_cancelled = nullptr;  // true ends it early
};

// Runs it to its end and gives what it wrote to standard output. The child has
// no descriptor but its three, no network, no privileges to gain, limits for
// memory, processor and files, a low priority, and a process group that is
// killed at the end of its time. Blocks: for a worker. kInternal: it could not be
// started or failed; kTooLarge: more output than allowed; kDeadline: its time is over,
// or it is cancelled.
Result<std::string> run_tool(const ToolRun& run);

// Where a tool is, by PATH; nothing when it is not installed.
std::optional<std::filesystem::path> find_tool(std::string_view name);

}  // namespace qn::media
