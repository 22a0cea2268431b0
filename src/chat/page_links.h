#pragma once

#include <string>
#include <string_view>

namespace qn::chat {

// Values inside the addresses of the client's pages, which notices and QR codes
// lead to (chat-realtime.md §7, chat-http-api.md §8).

// As JavaScript's encodeURIComponent writes it.
std::string encode_component(std::string_view text);
// Only what would break the address: the reference inserts these values as they
// are, and its clients show them undecoded.
std::string encode_breaking(std::string_view text);

}  // namespace qn::chat
