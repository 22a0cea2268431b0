#include "target.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <stdexcept>

namespace qn::bench {
namespace {

constexpr std::chrono::seconds kFetchPatience{10};

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void wait_for(int fd, short events, std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  pollfd entry{fd, events, 0};
  if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) != 1) {
    throw std::runtime_error("the server does not answer");
  }
}

}  // namespace

Target parse_target(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) throw std::runtime_error("--url must start with http://");
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto colon = url.find(':');
  int port = 80;
  if (colon != url.npos) {
    const auto text = url.substr(colon + 1);
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
      throw std::runtime_error("--url has no valid port");
    }
  }
  Target target;
  target.host = url;
  std::string name(url.substr(0, colon));
  if (name == "localhost") name = "127.0.0.1";
  target.address.sin_family = AF_INET;
  target.address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, name.c_str(), &target.address.sin_addr) != 1) {
    throw std::runtime_error("--url needs an IPv4 address");
  }
  return target;
}

int start_connect(const Target& target) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
  if (::connect(fd, address, sizeof target.address) == 0 || errno == EINPROGRESS) return fd;
  ::close(fd);
  return -1;
}

std::string make_request(const Target& target, std::string_view method, std::string_view path,
                         std::string_view token, std::string_view json) {
  std::string out;
  out.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(target.host);
  out.append("\r\nAccept: */*\r\n");
  if (!token.empty()) out.append("token: ").append(token).append("\r\n");
  if (!json.empty()) out.append("Content-Type: application/json\r\n");
  if (method != "GET") out.append("Content-Length: " + std::to_string(json.size()) + "\r\n");
  return out.append("\r\n").append(json);
}

Answer fetch(const Target& target, std::string_view request) {
  const auto deadline = std::chrono::steady_clock::now() + kFetchPatience;
  const Socket socket(start_connect(target));
  if (socket.fd() < 0) throw std::runtime_error("cannot connect to " + target.host);
  wait_for(socket.fd(), POLLOUT, deadline);
  while (!request.empty()) {
    const auto sent = ::send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) throw std::runtime_error("cannot connect to " + target.host);
    if (sent > 0) request.remove_prefix(static_cast<std::size_t>(sent));
    if (!request.empty()) wait_for(socket.fd(), POLLOUT, deadline);
  }
  std::string buffer;
  char piece[16 * 1024];
  for (Response response;;) {
    const auto parsed = parse_response(buffer, response);
    if (parsed == Parsed::kComplete) return {response.status, std::string(response.body)};
    if (parsed == Parsed::kBroken) throw std::runtime_error("the server does not speak HTTP");
    wait_for(socket.fd(), POLLIN, deadline);
    const auto got = ::recv(socket.fd(), piece, sizeof piece, 0);
    if (got == 0) throw std::runtime_error("the server closed the connection");
    if (got > 0) buffer.append(piece, static_cast<std::size_t>(got));
  }
}

}  // namespace qn::bench
