#pragma once

#include <netinet/in.h>

#include <string>
#include <string_view>

#include "response_parser.h"

namespace qn::bench {

// The server under load.
struct Target {
  sockaddr_in address = {};
  std::string host;  // for the Host field
};

// Understands http://ADDRESS:PORT with an IPv4 address or "localhost"; throws
// std::runtime_error otherwise.
Target parse_target(std::string_view url);

// A non-blocking socket on its way to the target; -1 when there is none.
int start_connect(const Target& target);

// The bytes of a request. The token and the body may be empty.
std::string make_request(const Target& target, std::string_view method, std::string_view path,
                         std::string_view token, std::string_view json);

struct Answer {
  int status = 0;
  std::string body;
};
// One exchange on a connection of its own, waiting for it; for preparations.
// Throws std::runtime_error when the server does not answer within 10 s.
Answer fetch(const Target& target, std::string_view request);

}  // namespace qn::bench
