#include "console/time_input.h"

namespace qn::console {
namespace {

// The digits at the beginning of the text, exactly `count` of them; -1 when there
// are fewer. The text begins behind them afterwards.
int take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

struct OfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<OfDay> take_clock(std::string_view text) {
  OfDay clock;
  if (text.empty()) return clock;
  if (!take(text, 'T')) return std::nullopt;
  clock.hour = take_number(text, 2);
  if (!take(text, ':')) return std::nullopt;
  clock.minute = take_number(text, 2);
  if (take(text, ':')) clock.second = take_number(text, 2);
  const bool is_time = clock.hour >= 0 && clock.hour < 24 && clock.minute >= 0 &&
                       clock.minute < 60 && clock.second >= 0 && clock.second < 60;
  if (!is_time || !text.empty()) return std::nullopt;
  return clock;
}

}  // namespace

std::optional<Time> parse_time_input(std::string_view text, std::chrono::minutes utc_offset) {
  const int year = take_number(text, 4);
  if (year < 1970 || !take(text, '-')) return std::nullopt;
  const int month = take_number(text, 2);
  if (month < 1 || !take(text, '-')) return std::nullopt;
  const int day = take_number(text, 2);
  if (day < 1) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  const auto clock = take_clock(text);
  if (!date.ok() || !clock) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(clock->hour) +
         std::chrono::minutes(clock->minute) + std::chrono::seconds(clock->second) - utc_offset;
}

}  // namespace qn::console
