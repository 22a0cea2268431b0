#include "support/raw_http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <utility>

namespace qn::test {
namespace {

constexpr int kPatience = 10'000;  // milliseconds; generous for sanitizers

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

}  // namespace

RawHttpClient::RawHttpClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    fd_ = -1;
    return;
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

RawHttpClient::~RawHttpClient() {
  if (fd_ >= 0) ::close(fd_);
}

std::uint16_t RawHttpClient::local_port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool RawHttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd wait{fd_, POLLOUT, 0};
    if (::poll(&wait, 1, kPatience) != 1) return false;
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawHttpClient::end_writing() {
  ::shutdown(fd_, SHUT_WR);
}

void RawHttpClient::abort() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd_);
  fd_ = -1;
}

bool RawHttpClient::has_input(std::chrono::milliseconds within) {
  if (!in_.empty()) return true;
  pollfd wait{fd_, POLLIN, 0};
  return ::poll(&wait, 1, static_cast<int>(within.count())) == 1;
}

bool RawHttpClient::fill() {
  pollfd wait{fd_, POLLIN, 0};
  if (::poll(&wait, 1, kPatience) != 1) return false;
  char buffer[16384];
  const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  in_.append(buffer, static_cast<std::size_t>(n));
  return true;
}

std::optional<std::string> RawHttpClient::take_line() {
  for (;;) {
    const auto end = in_.find("\r\n");
    if (end != std::string::npos) {
      std::string line = in_.substr(0, end);
      in_.erase(0, end + 2);
      return line;
    }
    if (!fill()) return std::nullopt;
  }
}

bool RawHttpClient::read_exactly(std::size_t n, std::string& out) {
  while (in_.size() < n) {
    if (!fill()) return false;
  }
  out.append(in_, 0, n);
  in_.erase(0, n);
  return true;
}

bool RawHttpClient::take_chunks(std::string& out) {
  for (;;) {
    const auto line = take_line();
    const auto size = line ? number(*line, 16) : std::nullopt;
    if (!size || !read_exactly(*size, out)) return false;
    const auto end = take_line();
    if (!end || !end->empty()) return false;
    if (*size == 0) return true;
  }
}

std::optional<RawResponse> RawHttpClient::read_response(Body body) {
  const auto status_line = take_line();
  if (!status_line || !status_line->starts_with("HTTP/1.1 ")) return std::nullopt;
  RawResponse response;
  const auto status = number(std::string_view(*status_line).substr(9, 3), 10);
  if (!status) return std::nullopt;
  response.status = static_cast<int>(*status);
  for (;;) {
    const auto line = take_line();
    if (!line) return std::nullopt;
    if (line->empty()) break;
    const auto colon = line->find(": ");
    if (colon == std::string::npos) return std::nullopt;
    response.headers[lower(line->substr(0, colon))] = line->substr(colon + 2);
  }
  const bool has_none = body == Body::kNone || response.status / 100 == 1 ||
                        response.status == 204 || response.status == 304;
  if (has_none) return response;
  if (const auto it = response.headers.find("content-length"); it != response.headers.end()) {
    const auto size = number(it->second, 10);
    if (!size || !read_exactly(*size, response.body)) return std::nullopt;
  } else if (response.headers.contains("transfer-encoding")) {
    if (!take_chunks(response.body)) return std::nullopt;
  } else {
    response.body = read_all();
  }
  return response;
}

std::string RawHttpClient::read_all() {
  while (fill()) {
  }
  return std::exchange(in_, {});
}

bool RawHttpClient::sees_end() {
  if (!in_.empty()) return false;
  pollfd wait{fd_, POLLIN, 0};
  if (::poll(&wait, 1, kPatience) != 1) return false;
  char byte = 0;
  return ::recv(fd_, &byte, 1, 0) <= 0;
}

std::optional<RawResponse> http_get(std::uint16_t port, std::string_view target,
                                    std::string_view extra_fields) {
  RawHttpClient client(port);
  std::string request = "GET ";
  request.append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(extra_fields).append("\r\n");
  if (!client.is_connected() || !client.send(request)) return std::nullopt;
  return client.read_response();
}

}  // namespace qn::test
