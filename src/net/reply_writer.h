#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/http.h"

namespace qn::net {

// How the end of a body shows on the wire.
enum class Framing { kNone, kLength, kChunked, kUntilClose };

// What the transport adds to a reply.
struct ReplyContext {
  std::string_view date;  // the value of the Date field
  std::string_view id;    // of the request
  int minor_version = 1;  // of the request
  bool keep_alive = true;
};

// How the body of this reply is delimited for that request. kNone also for a
// status that forbids a body; HEAD is framed like GET.
Framing framing_of(const HttpReply& reply, const ReplyContext& context);

// Appends status line and fields. Fields that the transport owns (length,
// coding, connection, date) and values that would split the head are left out.
void append_reply_head(std::string& out, const HttpReply& reply, const ReplyContext& context,
                       Framing framing);

// The line before a chunk of n bytes.
void append_chunk_size(std::string& out, std::size_t n);

std::string_view reason_phrase(int status);

}  // namespace qn::net
