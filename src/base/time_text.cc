#include "base/time_text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace qn {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kMillisPerSecond = 1'000;

struct Split {
  std::int64_t quotient;
  std::int64_t rest;  // never negative
};

constexpr Split floor_div(std::int64_t value, std::int64_t by) {
  const std::int64_t rest = value % by;
  return rest < 0 ? Split{value / by - 1, rest + by} : Split{value / by, rest};
}

struct Civil {
  std::int64_t year, month, day, hour, minute, second;
};

// The proleptic Gregorian date of `seconds` since the epoch. std::chrono's
// calendar stops at the year 32767, a Time does not. The algorithm counts in
// eras of 400 years that begin on 1 March (Hinnant, "chrono-compatible
// low-level date algorithms").
constexpr Civil to_civil(std::int64_t seconds) {
  const auto [days, of_day] = floor_div(seconds, kSecondsPerDay);
  const auto [era, day_of_era] = floor_div(days + 719'468, 146'097);
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
          .hour = of_day / 3'600,
          .minute = of_day / 60 % 60,
          .second = of_day % 60};
}

void append_padded(std::string& out, std::int64_t n, std::size_t width) {
  std::array<char, 24> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), n).ptr;
  const auto length = static_cast<std::size_t>(end - buffer.data());
  if (length < width) out.append(width - length, '0');
  out.append(buffer.data(), length);
}

// Four digits, or a sign and six as Date.prototype.toISOString has it.
void append_year(std::string& out, std::int64_t year) {
  if (year >= 0 && year <= 9'999) return append_padded(out, year, 4);
  out += year < 0 ? '-' : '+';
  append_padded(out, year < 0 ? -year : year, 6);
}

void append_date_time(std::string& out, const Civil& t, char between) {
  append_year(out, t.year);
  out += '-';
  append_padded(out, t.month, 2);
  out += '-';
  append_padded(out, t.day, 2);
  out += between;
  append_padded(out, t.hour, 2);
  out += ':';
  append_padded(out, t.minute, 2);
  out += ':';
  append_padded(out, t.second, 2);
}

}  // namespace

std::string iso_utc(Time t) {
  const auto [seconds, millis] = floor_div(to_millis(t), kMillisPerSecond);
  std::string out;
  append_date_time(out, to_civil(seconds), 'T');
  out += '.';
  append_padded(out, millis, 3);
  out += 'Z';
  return out;
}

std::string local_time(Time t, std::chrono::minutes utc_offset) {
  const std::int64_t seconds = floor_div(to_millis(t), kMillisPerSecond).quotient;
  std::string out;
  append_date_time(out, to_civil(seconds + std::int64_t{utc_offset.count()} * 60), ' ');
  return out;
}

}  // namespace qn
