#include "bus/redis/redis_url.h"

#include <charconv>

#include "base/text.h"

namespace qn::bus {
namespace {

constexpr std::string_view kScheme = "redis://";
constexpr int kMaxDb = 1'000'000;

Error bad_url(std::string_view why) {
  return refused("Redis URL: " + std::string(why));
}

Result<int> parse_number(std::string_view text, int min, int max, std::string_view what) {
  int n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failure != std::errc() || end != text.data() + text.size() || n < min || n > max) {
    return bad_url(std::string(what) + " must be a number from " + std::to_string(min) + " to " +
                   std::to_string(max));
  }
  return n;
}

Result<std::string> decode(std::string_view text, std::string_view what) {
  auto decoded = percent_decode(text, Plus::kLiteral);
  // The helper leaves a malformed text as it is, and a well-formed escape
  // always shortens it.
  const bool malformed = decoded == text && text.find('%') != text.npos;
  if (malformed) return bad_url(std::string(what) + " has a malformed percent escape");
  return decoded;
}

Result<void> parse_user_info(std::string_view text, RedisOptions& out) {
  const auto colon = text.find(':');
  if (colon == text.npos) {
    return bad_url("a user needs a password: user:password@host, or :password@host");
  }
  TRY(out.user, decode(text.substr(0, colon), "the user"));
  TRY(out.password, decode(text.substr(colon + 1), "the password"));
  if (out.password.empty()) return bad_url("the password is empty");
  return {};
}

Result<void> parse_host_port(std::string_view text, RedisOptions& out) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) return bad_url("the IPv6 address has no closing bracket");
    out.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && port[0] != ':') return bad_url("unexpected text after the IPv6 address");
  } else {
    const auto colon = text.find(':');
    out.host = text.substr(0, colon);
    port = colon == text.npos ? std::string_view() : text.substr(colon);
  }
  if (out.host.empty()) return bad_url("the host is missing");
  for (const char c : out.host) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) {
      return bad_url("the host has a space or control character");
    }
  }
  if (port.empty()) return {};
  TRY(const int number, parse_number(port.substr(1), 1, 65535, "the port"));
  out.port = static_cast<std::uint16_t>(number);
  return {};
}

std::string encode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    const bool plain = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') ||
                       b == '-' || b == '.' || b == '_' || b == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[b >> 4], kDigits[b & 15]};
    }
  }
  return out;
}

}  // namespace

Result<RedisOptions> parse_redis_url(std::string_view url) {
  if (url.starts_with("rediss://")) return bad_url("TLS (rediss://) is not supported");
  if (!url.starts_with(kScheme)) return bad_url("it must start with redis://");
  auto rest = url.substr(kScheme.size());
  if (rest.find_first_of("?#") != rest.npos) {
    return bad_url("'?' and '#' have no meaning here; write them as %3F and %23");
  }
  RedisOptions out;
  // The last '@', so that a password pasted unencoded still works.
  if (const auto at = rest.rfind('@'); at != rest.npos) {
    CHECK_OK(parse_user_info(rest.substr(0, at), out));
    rest = rest.substr(at + 1);
  }
  const auto slash = rest.find('/');
  CHECK_OK(parse_host_port(rest.substr(0, slash), out));
  if (slash != rest.npos && slash + 1 < rest.size()) {
    TRY(out.db, parse_number(rest.substr(slash + 1), 0, kMaxDb, "the database"));
  }
  return out;
}

std::string make_redis_url(const RedisOptions& options) {
  std::string out(kScheme);
  if (!options.password.empty()) {
    out += encode(options.user) + ':' + encode(options.password) + '@';
  }
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  out += is_ipv6 ? '[' + options.host + ']' : options.host;
  out += ':' + std::to_string(options.port);
  if (options.db != 0) out += '/' + std::to_string(options.db);
  return out;
}

}  // namespace qn::bus
