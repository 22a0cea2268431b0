#pragma once

#include <cstddef>
#include <string_view>

namespace qn::bench {

// One answer at the front of a buffer.
struct Response {
  int status = 0;
  std::size_t size = 0;   // of head and body together
  std::string_view body;  // as on the wire: with chunk sizes when chunked
  bool close = false;     // the server will close the connection
};

enum class Parsed { kComplete, kNeedMore, kBroken };

// Understands what a server answers to GET and POST: a length or chunks.
Parsed parse_response(std::string_view buffer, Response& out);

}  // namespace qn::bench
