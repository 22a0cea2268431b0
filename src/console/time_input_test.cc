#include "console/time_input.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

using namespace std::chrono_literals;

std::int64_t parse(std::string_view text, std::chrono::minutes utc_offset = 0min) {
  const auto time = parse_time_input(text, utc_offset);
  return time ? to_millis(*time) : -1;
}

TEST(TimeInput, BrowsersSendMinutesOrSeconds) {
  EXPECT_EQ(parse("1970-01-01T00:00"), 0);
  EXPECT_EQ(parse("1970-01-02T03:04"), 97'440'000);
  EXPECT_EQ(parse("1970-01-01T00:00:59"), 59'000);
  EXPECT_EQ(parse("2024-02-29"), 1'709'164'800'000);
}

TEST(TimeInput, TheTimeIsTheServers) {
  EXPECT_EQ(parse("1970-01-01T08:00", 8h), 0);
  EXPECT_EQ(parse("1970-01-01T00:00", -90min), 5'400'000);
}

TEST(TimeInput, AnythingElseIsNoTime) {
  for (const char* text :
       {"", "x", "2026", "2026-11", "2026-11-2", "2026-13-01", "2026-02-30", "1969-12-31",
        "2026-11-22 08:30", "2026-11-22T", "2026-11-22T8:30", "2026-11-22T24:00",
        "2026-11-22T08:60", "2026-11-22T08:30:60", "2026-11-22T08:30Z",
        "2026-11-22T08:30:", "-026-11-22", "2026-00-10", "2026-10-00"}) {
    EXPECT_EQ(parse(text), -1) << text;
  }
}

}  // namespace
}  // namespace qn::console
