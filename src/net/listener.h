#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/unique_fd.h"

namespace qn::net {

// A socket address as the system calls want it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
  std::uint16_t port() const;
};

// "0.0.0.0:7001" or "[::]:7001"; kRefused says what is wrong with it.
Result<SocketAddress> parse_listen(std::string_view text);

struct Listeners {
  std::vector<UniqueFd> sockets;  // listening, all on the same port
  std::uint16_t port = 0;
};

// `count` sockets that share one port, over which the kernel spreads the
// connections. kRefused when somebody else has the address.
Result<Listeners> open_listeners(std::string_view listen, std::size_t count);

}  // namespace qn::net
