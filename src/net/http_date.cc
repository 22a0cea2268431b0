#include "net/http_date.h"

#include <charconv>
#include <chrono>

namespace qn::net {
namespace {

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kShape = "Sun, 06 Nov 1994 08:49:37 GMT";

void append_padded(std::string& out, std::int64_t n, std::size_t width) {
  const std::string digits = std::to_string(n);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

std::optional<int> number(std::string_view digits) {
  int n = 0;
  const auto* last = digits.data() + digits.size();
  const auto [end, ec] = std::from_chars(digits.data(), last, n);
  if (ec != std::errc{} || end != last || n < 0) return std::nullopt;
  return n;
}

bool has_shape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (const std::size_t at : {3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28}) {
    if (text[at] != kShape[at]) return false;
  }
  return true;
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string out(kDays.substr(weekday{day}.c_encoding() * 3, 3));
  out += ", ";
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  out += kMonths.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
  out += ' ';
  append_padded(out, static_cast<int>(date.year()), 4);
  out += ' ';
  append_padded(out, clock.hours().count(), 2);
  out += ':';
  append_padded(out, clock.minutes().count(), 2);
  out += ':';
  append_padded(out, clock.seconds().count(), 2);
  return out + " GMT";
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (!has_shape(text)) return std::nullopt;
  const auto month = kMonths.find(text.substr(8, 3));
  const auto d = number(text.substr(5, 2));
  const auto y = number(text.substr(12, 4));
  const auto h = number(text.substr(17, 2));
  const auto m = number(text.substr(20, 2));
  const auto s = number(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || !d || !y || !h || !m || !s) {
    return std::nullopt;
  }
  const year_month_day date{year(*y), std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                            std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok() || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  const sys_seconds time = sys_days(date) + hours(*h) + minutes(*m) + seconds(*s);
  return time.time_since_epoch().count();
}

}  // namespace qn::net
