#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace qn::net {

// One message compressed for permessage-deflate (RFC 7692 §7.2.1), without
// anything from earlier ones. Nothing refers back further than the message is
// long, so a peer with a small window can read a small message. "" out of memory.
std::string ws_deflate(std::string_view payload);

// Reads messages that peers have compressed without context takeover. One per
// loop for all its connections; nothing is kept between messages.
class WsInflater {
 public:
  enum class Result { kOk, kTooLarge, kBroken };

  WsInflater();
  ~WsInflater();

  // The whole payload of a message. Replaces `out`; stops beyond `limit` bytes.
  Result inflate(std::string_view payload, std::size_t limit, std::string& out);

 private:
  // Goes on with more input. kOk: all of it is used up.
  Result feed(std::string_view input, std::size_t limit, std::string& out);

  std::unique_ptr<z_stream_s> stream_;
  bool is_ready_ = false;
};

}  // namespace qn::net
