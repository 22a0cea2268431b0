#include "net/listener.h"

#include <arpa/inet.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <system_error>

#include "net/client_address.h"

namespace qn::net {
namespace {

constexpr int kBacklog = 4096;  // the kernel cuts it to its own limit

Error bad_listen(std::string_view text) {
  return refused("\"" + std::string(text) +
                 "\" is no address to listen on; write address:port, like " +
                 "0.0.0.0:7001 or [::]:7001");
}

Error bind_error(std::string_view listen, int error) {
  const std::string address(listen);
  if (error == EADDRINUSE) return refused("address " + address + " is already in use");
  return refused("cannot listen on " + address + ": " + std::generic_category().message(error));
}

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

// The port is ours alone between bind() and the moment it may be shared: a
// second server fails here, though both would agree to share.
enum class Share { kAfterBind, kBeforeBind };

Result<UniqueFd> open_bound(const SocketAddress& address, std::string_view listen, Share share) {
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return bind_error(listen, errno);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.family() == AF_INET6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (share == Share::kBeforeBind) set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (::bind(fd.get(), address.get(), address.size) != 0) return bind_error(listen, errno);
  if (share == Share::kAfterBind) set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  return fd;
}

}  // namespace

std::uint16_t SocketAddress::port() const {
  if (family() == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

Result<SocketAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_listen(text);
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return bad_listen(text);

  const bool is_v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_v6) host = host.substr(1, host.size() - 2);
  const auto ip = parse_ip(host);
  if (!ip || is_v6 != (host.find(':') != std::string_view::npos)) return bad_listen(text);

  SocketAddress address;
  if (is_v6) {
    auto* out = reinterpret_cast<sockaddr_in6*>(&address.storage);
    out->sin6_family = AF_INET6;
    out->sin6_port = htons(port);
    std::memcpy(&out->sin6_addr, ip->data(), 16);
    address.size = sizeof *out;
  } else {
    auto* out = reinterpret_cast<sockaddr_in*>(&address.storage);
    out->sin_family = AF_INET;
    out->sin_port = htons(port);
    std::memcpy(&out->sin_addr, ip->data() + 12, 4);
    address.size = sizeof *out;
  }
  return address;
}

Result<Listeners> open_listeners(std::string_view listen, std::size_t count) {
  TRY(SocketAddress address, parse_listen(listen));
  Listeners out;
  TRY(UniqueFd first, open_bound(address, listen, Share::kAfterBind));
  address.size = sizeof address.storage;
  if (::getsockname(first.get(), address.get(), &address.size) != 0) {
    return bind_error(listen, errno);
  }
  out.port = address.port();
  out.sockets.push_back(std::move(first));
  while (out.sockets.size() < count) {
    TRY(UniqueFd next, open_bound(address, listen, Share::kBeforeBind));
    out.sockets.push_back(std::move(next));
  }
  for (const auto& socket : out.sockets) {
    if (::listen(socket.get(), kBacklog) != 0) return bind_error(listen, errno);
  }
  return out;
}

}  // namespace qn::net
