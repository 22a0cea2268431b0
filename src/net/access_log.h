#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"

namespace qn::net {

// The request target as it may be logged: the value of every query parameter
// named `token`, in any case and however it is escaped, is "[redacted]".
std::string redact_target(std::string_view target);

// What one answered request leaves in the log.
struct AccessLine {
  std::string_view method;
  std::string_view target;
  int status = 0;
  std::uint64_t bytes = 0;  // of body
  std::int64_t micros = 0;
  std::string_view address;
  std::string_view id;
  std::string_view route;
};

// One line "http" at level info; next to nothing when that level is off.
void log_access(const AccessLine& line);

}  // namespace qn::net
