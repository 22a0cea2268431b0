#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace qn::wire {

// What a client sees of an error: the one table from our codes to HTTP
// (chat-http-api.md §0.3). `text` is Error::text, or the code's general text
// when the error carries none.
struct WireError {
  int status;
  std::string text;
};
WireError to_wire(const Error& error);

// General texts used by the transport as well.
std::string_view text_for_status(int status);

}  // namespace qn::wire
