#include <unistd.h>

#include <cstdio>
#include <exception>

#include "load.h"
#include "options.h"
#include "process_usage.h"
#include "report.h"
#include "scenarios.h"

namespace qn::bench {
namespace {

std::chrono::milliseconds to_ms(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Cost measure(const Target& target, std::vector<Group>& groups, const Options& options) {
  ProcessUsage server_before;
  ProcessUsage own_before;
  Phases phases;
  phases.warm_up = to_ms(options.warm_up);
  phases.measure = to_ms(options.seconds);
  phases.on_measure = [&] {
    if (options.pid != 0) server_before = usage_of(options.pid);
    own_before = usage_of(::getpid());
  };
  run_load(target, groups, phases);

  Cost cost;
  cost.seconds = options.seconds;
  cost.own_cpu_seconds = usage_of(::getpid()).cpu_seconds - own_before.cpu_seconds;
  if (options.pid != 0) {
    const auto server = usage_of(options.pid);
    cost.server_cpu_seconds = server.cpu_seconds - server_before.cpu_seconds;
    cost.server_resident_bytes = server.resident_bytes;
  }
  return cost;
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (options.only_markdown_head) {
    std::fputs(markdown_head().c_str(), stdout);
    return 0;
  }
  const auto target = parse_target(options.url);
  auto groups = prepare_scenario(target, options);
  auto cost = measure(target, groups, options);
  std::uint64_t operations = 0;
  for (const auto& group : groups) operations += group.tally.latency.count();
  // What the server spent on each of several groups cannot be told apart.
  if (groups.size() > 1) cost.server_cpu_seconds.reset();
  for (const auto& group : groups) {
    std::fputs(report(group, cost, operations, options.format).c_str(), stdout);
  }
  return operations > 0 ? 0 : 1;
}

}  // namespace
}  // namespace qn::bench

int main(int argc, char** argv) {
  try {
    return qn::bench::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "qn_bench: %s\n", failure.what());
    return 1;
  }
}
