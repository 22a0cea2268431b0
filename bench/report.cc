#include "report.h"

#include <cstdio>

namespace qn::bench {
namespace {

double to_ms(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

struct Figures {
  std::uint64_t requests;
  double per_second, p50, p90, p99, max, own_us;
  std::optional<std::string> server_us, resident_mib;
};

Figures figures_of(const Tally& tally, const Cost& cost, std::uint64_t operations) {
  const auto per_operation = [&](double seconds) {
    return operations == 0 ? 0 : seconds * 1e6 / static_cast<double>(operations);
  };
  Figures f = {};
  f.requests = tally.latency.count();
  f.per_second = static_cast<double>(f.requests) / cost.seconds;
  f.p50 = to_ms(tally.latency.quantile(0.5));
  f.p90 = to_ms(tally.latency.quantile(0.9));
  f.p99 = to_ms(tally.latency.quantile(0.99));
  f.max = to_ms(tally.latency.max());
  f.own_us = per_operation(cost.own_cpu_seconds);
  if (cost.server_cpu_seconds) f.server_us = fixed(per_operation(*cost.server_cpu_seconds), 2);
  if (cost.server_resident_bytes) {
    f.resident_mib = fixed(static_cast<double>(*cost.server_resident_bytes) / 1048576, 1);
  }
  return f;
}

std::uint64_t failures(const Tally& tally) {
  std::uint64_t count = tally.lost_connections;
  for (const auto& [status, times] : tally.statuses) count += status / 100 == 2 ? 0 : times;
  return count;
}

std::string statuses_text(const Tally& tally) {
  std::string out;
  for (const auto& [status, times] : tally.statuses) {
    out += (out.empty() ? "" : ", ") + std::to_string(status) + ": " + std::to_string(times);
  }
  if (tally.lost_connections > 0) {
    out += (out.empty() ? "" : ", ");
    out += "lost connections: " + std::to_string(tally.lost_connections);
  }
  return out.empty() ? "none" : out;
}

std::string text_report(const Group& group, const Figures& f) {
  std::string out = group.name + ": " + std::to_string(group.connections) +
                    " connections, pipeline " + std::to_string(group.pipeline) + '\n';
  out += "  requests    " + std::to_string(f.requests) + ", " + fixed(f.per_second, 0) + "/s\n";
  out += "  latency ms  p50 " + fixed(f.p50, 3) + "  p90 " + fixed(f.p90, 3) + "  p99 " +
         fixed(f.p99, 3) + "  max " + fixed(f.max, 3) + '\n';
  out += "  statuses    " + statuses_text(group.tally) + '\n';
  if (!group.tally.first_failure.empty()) {
    out += "  first fail  " + group.tally.first_failure + '\n';
  }
  if (f.server_us) out += "  server      " + *f.server_us + " us CPU per operation\n";
  if (f.resident_mib) out += "  resident    " + *f.resident_mib + " MiB\n";
  return out + "  generator   " + fixed(f.own_us, 2) + " us CPU per operation\n";
}

std::string json_report(const Group& group, const Figures& f) {
  std::string out = "{\"group\":\"" + group.name + "\"";
  const auto add = [&](const char* key, const std::string& number) {
    out += std::string(",\"") + key + "\":" + number;
  };
  add("connections", std::to_string(group.connections));
  add("pipeline", std::to_string(group.pipeline));
  add("requests", std::to_string(f.requests));
  add("requests_per_second", fixed(f.per_second, 1));
  add("p50_ms", fixed(f.p50, 3));
  add("p90_ms", fixed(f.p90, 3));
  add("p99_ms", fixed(f.p99, 3));
  add("max_ms", fixed(f.max, 3));
  add("failures", std::to_string(failures(group.tally)));
  std::string statuses;
  for (const auto& [status, times] : group.tally.statuses) {
    statuses +=
        (statuses.empty() ? "\"" : ",\"") + std::to_string(status) + "\":" + std::to_string(times);
  }
  add("statuses", '{' + statuses + '}');
  add("lost_connections", std::to_string(group.tally.lost_connections));
  add("server_cpu_us_per_operation", f.server_us.value_or("null"));
  add("server_resident_mib", f.resident_mib.value_or("null"));
  add("generator_cpu_us_per_operation", fixed(f.own_us, 2));
  return out + "}\n";
}

std::string markdown_row(const Group& group, const Figures& f) {
  const std::string bar = " | ";
  return "| " + group.name + bar + std::to_string(group.connections) + bar +
         std::to_string(group.pipeline) + bar + fixed(f.per_second, 0) + bar + fixed(f.p50, 2) +
         bar + fixed(f.p90, 2) + bar + fixed(f.p99, 2) + bar + fixed(f.max, 2) + bar +
         f.server_us.value_or("") + bar + f.resident_mib.value_or("") + bar +
         std::to_string(failures(group.tally)) + " |\n";
}

}  // namespace

std::string report(const Group& group, const Cost& cost, std::uint64_t operations, Format format) {
  const auto figures = figures_of(group.tally, cost, operations);
  switch (format) {
    case Format::kText:
      return text_report(group, figures);
    case Format::kJson:
      return json_report(group, figures);
    case Format::kMarkdown:
      return markdown_row(group, figures);
  }
  return {};
}

std::string markdown_head() {
  return "| scenario | connections | pipeline | req/s | p50 ms | p90 ms | p99 ms | max ms | server "
         "CPU µs/op | RSS MiB | failures |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|\n";
}

}  // namespace qn::bench
