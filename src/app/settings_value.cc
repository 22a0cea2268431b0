#include "app/settings_value.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace qn::app {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Largest first: formatting takes the first unit that divides the value.
constexpr Unit kTimeUnits[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit kSizeUnits[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};

std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_integer(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != text.substr(digits)) continue;
    if (*number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::string format_with_unit(std::int64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return std::to_string(value / unit.factor).append(unit.name);
    }
  }
  return "0";
}

std::string two_digits(std::int64_t n) {
  return (n < 10 ? "0" : "") + std::to_string(n);
}

// The bits of the address family; 0 when it is no IP address.
int address_bits(std::string_view text) {
  const std::string address(text);
  std::array<unsigned char, sizeof(in6_addr)> binary;
  if (inet_pton(AF_INET, address.c_str(), binary.data()) == 1) return 32;
  if (inet_pton(AF_INET6, address.c_str(), binary.data()) == 1) return 128;
  return 0;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Millis> parse_duration(std::string_view text) {
  if (text == "0") return Millis(0);
  const auto value = parse_with_unit(text, kTimeUnits);
  return value ? std::optional(Millis(*value)) : std::nullopt;
}

std::string format_duration(Millis span) {
  return format_with_unit(span.count(), kTimeUnits);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  if (const auto bytes = parse_integer(text); bytes && *bytes >= 0) return bytes;
  return parse_with_unit(text, kSizeUnits);
}

std::string format_size(std::int64_t bytes) {
  return format_with_unit(bytes, kSizeUnits);
}

std::optional<chat::Rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto count = parse_integer(text.substr(0, slash));
  const auto window = parse_duration(text.substr(slash + 1));
  if (!count || !window || *count < 1 || *window < Millis(1)) return std::nullopt;
  return chat::Rate{*count, *window};
}

std::string format_rate(chat::Rate rate) {
  return std::to_string(rate.count) + "/" + format_duration(rate.window);
}

std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  if (text.find_first_not_of(kDigits, 1) != 3) return std::nullopt;
  if (text.find_first_not_of(kDigits, 4) != std::string_view::npos) return std::nullopt;
  const auto hours = parse_integer(text.substr(1, 2));
  const auto minutes = parse_integer(text.substr(4, 2));
  if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > 14 * 60) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return text[0] == '-' ? -offset : offset;
}

std::string format_utc_offset(std::chrono::minutes offset) {
  const auto minutes = std::chrono::abs(offset).count();
  return (offset.count() < 0 ? "-" : "+") + two_digits(minutes / 60) + ":" +
         two_digits(minutes % 60);
}

bool is_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto port = parse_integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) return false;
  std::string_view host = text.substr(0, colon);
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return address_bits(host) == 32;
  return address_bits(host.substr(1, host.size() - 2)) == 128;
}

bool is_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const int bits = address_bits(text.substr(0, slash));
  if (bits == 0 || slash == std::string_view::npos) return bits != 0;
  const auto length = parse_integer(text.substr(slash + 1));
  return length && *length >= 0 && *length <= bits;
}

}  // namespace qn::app
