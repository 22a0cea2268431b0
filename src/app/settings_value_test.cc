#include "app/settings_value.h"

#include <gtest/gtest.h>

namespace qn::app {
namespace {

using namespace std::chrono_literals;

TEST(SettingsValue, DurationsReadBackAsTheyAreWritten) {
  for (const char* text : {"500ms", "1s", "75s", "5m", "12h", "30d", "0"}) {
    const auto span = parse_duration(text);
    ASSERT_TRUE(span) << text;
    EXPECT_EQ(format_duration(*span), text);
  }
  EXPECT_EQ(*parse_duration("90s"), 90s);
  EXPECT_EQ(format_duration(60s), "1m");
}

TEST(SettingsValue, DurationsWithoutUnitOrBeyondRangeAreRefused) {
  for (const char* text : {"", "10", "s", "-1s", "1.5s", "1 s", "1sec", "1s ", "1h30m",
                           "99999999999999999999s", "106751991168d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(SettingsValue, SizesReadBackAsTheyAreWritten) {
  for (const char* text : {"1B", "4KiB", "1MiB", "12MiB", "2GiB", "0"}) {
    const auto bytes = parse_size(text);
    ASSERT_TRUE(bytes) << text;
    EXPECT_EQ(format_size(*bytes), text);
  }
  EXPECT_EQ(parse_size("1048576"), 1 << 20);
  for (const char* text : {"", "-1", "1MB", "1 MiB", "MiB", "9007199254740993KiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(SettingsValue, RatesNeedACountAndAWindow) {
  const auto rate = parse_rate("20/1m");
  ASSERT_TRUE(rate);
  EXPECT_EQ(rate->count, 20);
  EXPECT_EQ(rate->window, 1min);
  EXPECT_EQ(format_rate(*rate), "20/1m");
  for (const char* text : {"", "20", "20/", "/1m", "0/1m", "-1/1m", "20/0s", "20/1m/1m"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

TEST(SettingsValue, UtcOffsetsReadBackAsTheyAreWritten) {
  for (const char* text : {"+08:00", "-03:30", "+00:00", "+14:00", "-14:00"}) {
    const auto offset = parse_utc_offset(text);
    ASSERT_TRUE(offset) << text;
    EXPECT_EQ(format_utc_offset(*offset), text);
  }
  for (const char* text : {"", "8", "+8:00", "08:00", "+08:60", "+14:01", "+08:-1", "+08;00"}) {
    EXPECT_FALSE(parse_utc_offset(text)) << text;
  }
}

TEST(SettingsValue, ListenAddressesAreNumericWithAPort) {
  for (const char* text : {"0.0.0.0:7001", "127.0.0.1:0", "[::]:7001", "[2001:db8::1]:65535"}) {
    EXPECT_TRUE(is_listen_address(text)) << text;
  }
  for (const char* text : {"", "7001", ":7001", "0.0.0.0", "0.0.0.0:", "0.0.0.0:65536", "::1:7001",
                           "[127.0.0.1]:1", "localhost:7001", "1.2.3.4:+1", "1.2.3:7001"}) {
    EXPECT_FALSE(is_listen_address(text)) << text;
  }
}

TEST(SettingsValue, NetworksAreAddressesOrPrefixes) {
  for (const char* text : {"127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8", "0.0.0.0/0"}) {
    EXPECT_TRUE(is_network(text)) << text;
  }
  for (const char* text :
       {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "/8", "fd00::/129", "1.2.3.4/-1"}) {
    EXPECT_FALSE(is_network(text)) << text;
  }
}

}  // namespace
}  // namespace qn::app
