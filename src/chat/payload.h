#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace qn::chat {

// What a message says, as the client wrote it (chat-realtime.md §4; defects S25,
// S27). Whatever was sent, what others get is the JSON they can read. Pure.

struct PayloadLimits {
  std::size_t data = 32_KiB;    // of the JSON text below
  std::size_t options = 8_KiB;  // of the JSON text below
};

struct Payload {
  std::string json;  // an object {data, dataType, otherData}
  std::string text;  // its inner data, if that is text
};
// An object that has inner data is passed through as it is, with the keys it
// lacks; everything else is text and gets wrapped. kRefused: too long.
Result<Payload> read_payload(std::string data, const PayloadLimits& limits);

// `text` as people would have sent it, on its way from us.
std::string text_payload(std::string_view text);
// The payload with other inner data.
std::string with_inner_data(const Payload& payload, std::string_view text);

struct MessageOptions {
  std::optional<std::string> json{};  // an object; nothing: null
  bool wants_answer = false;          // `askanswer` is truthy
};
// From the percent-encoded JSON of the request; anything but an object is null.
// Members that are large are dropped from what is too long.
MessageOptions read_options(std::string_view text, const PayloadLimits& limits);

}  // namespace qn::chat
