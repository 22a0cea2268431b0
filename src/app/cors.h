#pragma once

#include <string>
#include <vector>

#include "net/http.h"

namespace qn::app {

// Cross-origin answers as the reference gives them (observed.md §4.1, contract
// §0.1): any origin by default, or only the configured ones.
class Cors {
 public:
  explicit Cors(std::vector<std::string> origins);

  // A preflight: OPTIONS with the headers that make it one. Others get no
  // special treatment.
  static bool is_preflight(const net::HttpRequest& request);
  net::HttpReply preflight(const net::HttpRequest& request) const;

  // The origin of `request` as the answer has to name it; "" when it may not read.
  std::string allowed(const net::HttpRequest& request) const;

 private:
  const std::vector<std::string> origins_;
  const bool any_;
};

}  // namespace qn::app
