#include "net/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace qn::net {
namespace {

constexpr int kMappedBits = 96;  // the length of ::ffff:0:0/96
constexpr std::string_view kHeader = "x-forwarded-for";

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_mapped(const IpAddress& a) {
  return std::all_of(a.begin(), a.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
         a[10] == 0xff && a[11] == 0xff;
}

// One hop as proxies write it: an address, perhaps with a port, v6 then in brackets.
std::optional<IpAddress> parse_hop(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : parse_ip(text.substr(1, end - 1));
  }
  const auto colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.rfind(':') == colon;
  return parse_ip(has_port ? text.substr(0, colon) : text);
}

// The fields of that name as one list, in order (RFC 9110 §5.3).
std::string joined(const Headers& headers) {
  std::string list;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers.at(i);
    const bool same = std::equal(name.begin(), name.end(), kHeader.begin(), kHeader.end(),
                                 [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    if (!same) continue;
    if (!list.empty()) list += ',';
    list += value;
  }
  return list;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  IpAddress address{};
  if (inet_pton(AF_INET6, buffer, address.data()) == 1) return address;
  if (inet_pton(AF_INET, buffer, address.data() + 12) != 1) return std::nullopt;
  address[10] = address[11] = 0xff;
  return address;
}

std::string to_string(const IpAddress& address) {
  char buffer[INET6_ADDRSTRLEN];
  const bool v4 = is_mapped(address);
  inet_ntop(v4 ? AF_INET : AF_INET6, address.data() + (v4 ? 12 : 0), buffer, sizeof buffer);
  return buffer;
}

std::optional<TrustedProxies::Block> TrustedProxies::parse_block(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Block{*address, 128};
  const auto digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  if (ec != std::errc{} || end != digits.data() + digits.size() || prefix < 0 ||
      prefix > (is_v4 ? 32 : 128)) {
    return std::nullopt;
  }
  return Block{*address, is_v4 ? kMappedBits + prefix : prefix};
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  TrustedProxies proxies;
  for (const auto& entry : entries) {
    const auto text = trim(entry);
    if (text == "loopback") {
      proxies.blocks_.push_back(*parse_block("127.0.0.0/8"));
      proxies.blocks_.push_back(*parse_block("::1"));
      continue;
    }
    const auto block = parse_block(text);
    if (!block) {
      return refused("trusted proxy \"" + entry + "\" is neither an address nor a CIDR block");
    }
    proxies.blocks_.push_back(*block);
  }
  return proxies;
}

bool TrustedProxies::contains(const IpAddress& address) const {
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
    const auto bytes = static_cast<std::size_t>(block.prefix / 8);
    const int bits = block.prefix % 8;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(bytes),
                    block.address.begin())) {
      return false;
    }
    return bits == 0 || ((address[bytes] ^ block.address[bytes]) >> (8 - bits)) == 0;
  });
}

std::string TrustedProxies::client(std::string_view peer, const Headers& headers) const {
  const std::string list = joined(headers);
  std::string_view rest = list;
  std::string client(peer);
  while (!rest.empty()) {
    const auto comma = rest.rfind(',');
    const auto hop = parse_hop(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    if (!hop) break;
    client = to_string(*hop);
    if (!contains(*hop) || comma == std::string_view::npos) break;
    rest = rest.substr(0, comma);
  }
  return client;
}

}  // namespace qn::net
