#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"

namespace qn {

// How times are written for people and clients (chat-http-api.md §0.6). Any time
// that a Time can hold.
std::string iso_utc(Time t);                                      // 2025-10-03T06:21:09.000Z
std::string local_time(Time t, std::chrono::minutes utc_offset);  // 2025-10-03 14:21:09

}  // namespace qn
