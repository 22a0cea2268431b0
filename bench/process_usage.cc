#include "process_usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace qn::bench {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().empty()) throw std::runtime_error("cannot read " + path);
  return text.str();
}

}  // namespace

ProcessUsage usage_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const auto stat = read_file(folder + "/stat");
  // The name in parentheses may hold anything; the state follows it.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  constexpr int kFieldsBeforeUserTime = 11;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;

  std::istringstream memory(read_file(folder + "/statm"));
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  memory >> total_pages >> resident_pages;

  ProcessUsage usage;
  usage.cpu_seconds =
      static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return usage;
}

}  // namespace qn::bench
