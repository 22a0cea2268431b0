#pragma once

#include <cstdint>
#include <string_view>

#include "net/http.h"

namespace qn::net {

// What a request head says about the bytes that follow it and about the
// connection.
struct HeadFacts {
  enum class Body { kNone, kLength, kChunked };

  Body body = Body::kNone;
  std::uint64_t content_length = 0;  // of Body::kLength
  int minor_version = 1;             // of HTTP/1.x
  bool keep_alive = true;
  bool expects_continue = false;
};

// Parses one complete head: request line and fields up to and with the empty
// line, every line ended by CRLF, no folded lines. Fills method, target and
// headers. Returns 0 or the status to answer: 400, 501 or 505.
int parse_head(std::string_view bytes, HttpRequest& request, HeadFacts& facts);

}  // namespace qn::net
