#include "base/time_text.h"

#include <gtest/gtest.h>

namespace qn {
namespace {

using std::chrono::minutes;

struct Row {
  std::int64_t ms;
  std::string_view utc;
  std::string_view shanghai;
};

TEST(TimeText, FormatsAnyTime) {
  constexpr Row kRows[] = {
      {1'759'472'469'000, "2025-10-03T06:21:09.000Z", "2025-10-03 14:21:09"},
      {0, "1970-01-01T00:00:00.000Z", "1970-01-01 08:00:00"},
      {-1, "1969-12-31T23:59:59.999Z", "1970-01-01 07:59:59"},
      {-86'400'000, "1969-12-31T00:00:00.000Z", "1969-12-31 08:00:00"},
      {951'782'400'123, "2000-02-29T00:00:00.123Z", "2000-02-29 08:00:00"},
      {1'709'164'800'000, "2024-02-29T00:00:00.000Z", "2024-02-29 08:00:00"},
      {-2'203'891'200'000, "1900-03-01T00:00:00.000Z", "1900-03-01 08:00:00"},
      {4'107'542'399'999, "2100-02-28T23:59:59.999Z", "2100-03-01 07:59:59"},
      {253'402'300'799'999, "9999-12-31T23:59:59.999Z", "+010000-01-01 07:59:59"},
      {8'640'000'000'000'000, "+275760-09-13T00:00:00.000Z", "+275760-09-13 08:00:00"},
      {-8'640'000'000'000'000, "-271821-04-20T00:00:00.000Z", "-271821-04-20 08:00:00"},
      {-62'167'219'200'000, "0000-01-01T00:00:00.000Z", "0000-01-01 08:00:00"},
      {-62'167'219'200'001, "-000001-12-31T23:59:59.999Z", "0000-01-01 07:59:59"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(iso_utc(time_from_millis(row.ms)), row.utc);
    EXPECT_EQ(local_time(time_from_millis(row.ms), minutes(480)), row.shanghai);
  }
}

TEST(TimeText, OffsetsMayBeNegativeOrUneven) {
  const Time t = time_from_millis(1'759'472'469'000);
  EXPECT_EQ(local_time(t, minutes(0)), "2025-10-03 06:21:09");
  EXPECT_EQ(local_time(t, minutes(-420)), "2025-10-02 23:21:09");
  EXPECT_EQ(local_time(t, minutes(345)), "2025-10-03 12:06:09");
}

TEST(TimeText, AgreesWithTheCalendarOfTheStandardLibrary) {
  using namespace std::chrono;
  for (sys_days day = sys_days(year(1600) / 1 / 1); day < sys_days(year(2500) / 1 / 1);
       day += days(13)) {
    const year_month_day date(day);
    char expected[16];
    std::snprintf(expected, sizeof expected, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    EXPECT_EQ(iso_utc(Time(day)).substr(0, 10), expected);
  }
}

TEST(TimeText, TheExtremesDoNotOverflow) {
  EXPECT_EQ(iso_utc(Time::min()), "-292275055-05-16T16:47:04.192Z");
  EXPECT_EQ(iso_utc(Time::max()), "+292278994-08-17T07:12:55.807Z");
}

}  // namespace
}  // namespace qn
