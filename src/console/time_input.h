#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace qn::console {

// A time as browsers send it from a field for date and time, 2026-11-22T08:30 with
// or without seconds, or only the day; in the server's time zone. Nothing: anything
// else. Pure; any thread.
std::optional<Time> parse_time_input(std::string_view text, std::chrono::minutes utc_offset);

}  // namespace qn::console
