#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace qn::net {

// An IP address in 16 bytes; IPv4 as ::ffff:a.b.c.d, so that both kinds compare.
using IpAddress = std::array<std::uint8_t, 16>;

// "192.0.2.1" or "2001:db8::1", nothing around it.
std::optional<IpAddress> parse_ip(std::string_view text);
// Mapped addresses in their IPv4 form.
std::string to_string(const IpAddress& address);

// Who may say for whom it speaks. A value made once from the settings; reading
// it is free for every thread.
class TrustedProxies {
 public:
  // Addresses, CIDR blocks, or the word "loopback". kRefused names the bad entry.
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);

  bool contains(const IpAddress& address) const;
  // The client of a request whose peer is trusted: the rightmost hop of
  // X-Forwarded-For that is not a trusted proxy, or the last one that can be
  // read. `peer` when there is none.
  std::string client(std::string_view peer, const Headers& headers) const;

 private:
  struct Block {
    IpAddress address;
    int prefix;  // of 128 bits
  };
  static std::optional<Block> parse_block(std::string_view text);

  std::vector<Block> blocks_;
};

}  // namespace qn::net
