#include "options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "scenarios.h"

namespace qn::bench {

Options parse_options(int argc, char** argv) {
  Options o;
  bool json = false;
  bool markdown = false;
  CLI::App app{"Puts load on a running server and says what came back, how fast, at what cost."};
  app.add_option("--scenario", o.scenario, "What to send")
      ->check(CLI::IsMember(scenario_names()))
      ->capture_default_str();
  app.add_option("--url", o.url, "Of the server")->capture_default_str();
  app.add_option("--name", o.name, "Name of the static scenario in the report");
  app.add_option("--header", o.header, "\"Name: value\" for every request of the static scenario");
  app.add_option("--method", o.method, "Instead of the scenario's own");
  app.add_option("--path", o.path, "Instead of the scenario's own");
  app.add_option("--body", o.body, "JSON, instead of the scenario's own");
  app.add_option("--connections", o.connections, "Kept alive and busy")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  app.add_option("--others", o.others, "login-storm: connections with authenticated GETs")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  app.add_option("--pipeline", o.pipeline, "Requests in flight on each connection")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--users", o.users, "Registered first (default: one per connection, at most 64)")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--seconds", o.seconds, "Of measuring")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--warm-up", o.warm_up, "Seconds before that")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  app.add_option("--pid", o.pid, "Of the server: measure its CPU time and memory")
      ->check(CLI::PositiveNumber);
  auto* json_flag = app.add_flag("--json", json, "Print one JSON object per group");
  app.add_flag("--markdown", markdown, "Print one table row per group")->excludes(json_flag);
  app.add_flag("--markdown-head", o.only_markdown_head, "Print the head of that table and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& done) {
    std::exit(app.exit(done));
  }
  if (json) o.format = Format::kJson;
  if (markdown) o.format = Format::kMarkdown;
  return o;
}

}  // namespace qn::bench
