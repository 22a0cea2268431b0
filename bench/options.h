#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace qn::bench {

enum class Format { kText, kJson, kMarkdown };

// The command line of qn_bench.
struct Options {
  std::string scenario = "authenticated-get";
  std::string url = "http://127.0.0.1:7001";
  std::string name;    // of the line in the report, instead of "static"
  std::string header;  // "Name: value", sent with every request of "static"
  std::string method;  // empty: the scenario's own
  std::string path;
  std::string body;
  std::size_t connections = 64;
  std::size_t others = 16;
  std::size_t pipeline = 1;
  std::size_t users = 0;  // 0: one per connection
  double seconds = 10;
  double warm_up = 1;
  pid_t pid = 0;  // 0: usage of the server is not measured
  Format format = Format::kText;
  bool only_markdown_head = false;
};

// Ends the process after --help and after a mistake.
Options parse_options(int argc, char** argv);

}  // namespace qn::bench
