#pragma once

#include <optional>
#include <string>

#include "load.h"
#include "options.h"

namespace qn::bench {

// What a run cost, besides what its groups saw.
struct Cost {
  double seconds = 0;
  std::optional<double> server_cpu_seconds;  // nothing: unknown
  std::optional<std::uint64_t> server_resident_bytes;
  double own_cpu_seconds = 0;
};

// The report of one group; `cost` is that of `operations`.
std::string report(const Group& group, const Cost& cost, std::uint64_t operations, Format format);

// The first two lines of a Markdown table.
std::string markdown_head();

}  // namespace qn::bench
