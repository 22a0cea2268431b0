#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "chat/rate_limits.h"

// How settings are written: "75s", "12MiB", "20/1m", "+08:00". Every parser
// takes the whole text or nothing, and every formatter writes what its parser
// reads back.
namespace qn::app {

std::optional<std::int64_t> parse_integer(std::string_view text);

// An integer with ms, s, m, h or d; a bare 0 is allowed.
std::optional<Millis> parse_duration(std::string_view text);
std::string format_duration(Millis span);

// An integer with B, KiB, MiB or GiB; without a unit it counts bytes.
std::optional<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);

// "count/window", both at least one.
std::optional<chat::Rate> parse_rate(std::string_view text);
std::string format_rate(chat::Rate rate);

// "+08:00", at most 14 hours either way.
std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text);
std::string format_utc_offset(std::chrono::minutes offset);

// "192.0.2.1:7001" or "[2001:db8::1]:7001".
bool is_listen_address(std::string_view text);
// An IP address, or one with a prefix length ("10.0.0.0/8").
bool is_network(std::string_view text);

}  // namespace qn::app
