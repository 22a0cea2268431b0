#pragma once

#include <string>
#include <string_view>

namespace qn::wire {

// What a message says, for people who look at it without a client
// (chat-realtime.md §4).
struct MessageContent {
  std::string text;  // what is to be read; of media: nothing
  std::string url;   // of media, as its sender gave it: any text
};
// Of a message object as JSON. What cannot be read is shown as it is: the sender
// wrote it, not we. Pure; any thread.
MessageContent message_content(std::string_view body);

}  // namespace qn::wire
