#include "gateway/ws_clients.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace qn::bench {
namespace {

// Connections from one address; the kernel has 28,000 ports for each,
// and those of broken ones rest for a minute.
constexpr std::size_t kPerAddress = 4'000;
constexpr std::chrono::seconds kComeBack{1};
constexpr std::string_view kMark = "@@";
constexpr unsigned kText = 1, kPing = 9, kPong = 10, kClose = 8;

struct Frame {
  unsigned opcode = 0;
  std::size_t size = 0;  // with its header
  std::string_view payload;
};

// Of the server: not masked, not in pieces.
bool parse_frame(std::string_view bytes, Frame& out) {
  if (bytes.size() < 2) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t header = 2, size = byte(1) & 0x7f;
  if (size >= 126) {
    const std::size_t width = size == 126 ? 2 : 8;
    if (bytes.size() < 2 + width) return false;
    size = 0;
    for (std::size_t i = 0; i < width; ++i) size = size << 8 | byte(2 + i);
    header += width;
  }
  if (bytes.size() < header + size) return false;
  out = {byte(0) & 0x0fu, header + size, bytes.substr(header, size)};
  return true;
}

std::uint64_t nanoseconds_now() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace

std::vector<ChatUser> read_users(const std::string& file, std::size_t count) {
  std::ifstream in(file);
  std::vector<ChatUser> users;
  for (ChatUser user; users.size() < count && in >> user.id >> user.token;) users.push_back(user);
  if (users.size() < count) throw std::runtime_error("too few users in " + file);
  return users;
}

std::string WsClients::mark() {
  return std::string(kMark) + std::to_string(nanoseconds_now()) + std::string(kMark);
}

WsClients::WsClients(const Target& target, const std::vector<ChatUser>& users,
                     std::size_t connecting)
    : target_(target),
      max_connecting_(connecting),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      clients_(users.size()) {
  for (std::size_t i = 0; i < users.size(); ++i) {
    clients_[i].user = &users[i];
    to_start_.emplace_back(Steady::now(), i);
  }
}

WsClients::~WsClients() {
  for (auto& c : clients_) {
    if (c.fd >= 0) ::close(c.fd);
  }
  ::close(epoll_);
}

void WsClients::run(const std::atomic<bool>& stop) {
  std::array<epoll_event, 512> events;
  while (!stop) {
    start_some();
    const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 20);
    for (int i = 0; i < ready; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      on_ready(clients_[event.data.u64], event.events);
    }
  }
}

void WsClients::start_some() {
  const auto now = Steady::now();
  while (connecting_ < max_connecting_ && !to_start_.empty() && to_start_.front().first <= now) {
    const auto number = to_start_.front().second;
    to_start_.pop_front();
    start(clients_[number], number);
  }
}

void WsClients::start(Client& c, std::size_t number) {
  c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c.fd < 0) throw std::runtime_error("no more sockets: raise ulimit -n");
  const int on = 1;
  ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(c.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from = {};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(0x7f000002u + static_cast<std::uint32_t>(number / kPerAddress));
  ::bind(c.fd, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  const auto* to = reinterpret_cast<const sockaddr*>(&target_.address);
  if (::connect(c.fd, to, sizeof target_.address) != 0 && errno != EINPROGRESS) {
    return end(c, true);
  }
  c.state = State::kConnecting;
  ++connecting_;
  epoll_event event = {};
  event.events = EPOLLOUT;
  event.data.u64 = number;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
}

void WsClients::end(Client& c, bool was_refused) {
  if (c.state == State::kConnecting || c.state == State::kHandshake) --connecting_;
  if (c.state == State::kWelcomed) --counts_.open;
  ++(was_refused ? counts_.refused : counts_.lost);
  ::close(c.fd);
  c.fd = -1;
  c.state = State::kClosed;
  std::string().swap(c.in);
  to_start_.emplace_back(Steady::now() + kComeBack, static_cast<std::size_t>(&c - &clients_[0]));
}

void WsClients::on_ready(Client& c, std::uint32_t events) {
  if (c.state == State::kConnecting) {
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) return end(c, true);
    return send_handshake(c);
  }
  read(c);
}

void WsClients::send_handshake(Client& c) {
  const std::string request = "GET /ws?token=" + c.user->token +
                              " HTTP/1.1\r\nHost: " + target_.host +
                              "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  if (::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return end(c, true);
  }
  c.state = State::kHandshake;
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = static_cast<std::uint64_t>(&c - &clients_[0]);
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
}

void WsClients::read(Client& c) {
  const auto got = ::recv(c.fd, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return end(c, c.state == State::kHandshake);
  std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
  if (!c.in.empty()) {
    c.in.append(bytes);
    bytes = c.in;
  }
  if (c.state == State::kHandshake) {
    const auto head = bytes.find("\r\n\r\n");
    if (head != bytes.npos && !bytes.starts_with("HTTP/1.1 101")) return end(c, true);
    if (head == bytes.npos) {
      c.in = std::string(bytes);
      return;
    }
    --connecting_;
    c.state = State::kOpen;
    bytes.remove_prefix(head + 4);
  }
  const auto taken = take_frames(c, bytes);
  if (taken == std::string_view::npos) return end(c, false);
  std::string rest(bytes.substr(taken));
  c.in.swap(rest);
}

// How many bytes were whole frames; npos: the server closes.
std::size_t WsClients::take_frames(Client& c, std::string_view bytes) {
  std::size_t taken = 0;
  for (Frame frame; parse_frame(bytes.substr(taken), frame); taken += frame.size) {
    if (frame.opcode == kText) on_text(c, frame.payload);
    if (frame.opcode == kPing) answer_ping(c, frame.payload);
    if (frame.opcode == kClose) return std::string_view::npos;
  }
  return taken;
}

void WsClients::on_text(Client& c, std::string_view payload) {
  ++counts_.frames;
  if (c.state == State::kOpen) {
    c.state = State::kWelcomed;
    ++counts_.open;
    ++counts_.welcomed;
  }
  const auto at = payload.find(kMark);
  if (at == payload.npos) return;
  if (++counts_.messages % 16 != 0) return;
  std::uint64_t sent = 0;
  std::from_chars(payload.data() + at + kMark.size(), payload.data() + payload.size(), sent);
  if (sent != 0) latency_.add(nanoseconds_now() - sent);
}

void WsClients::answer_ping(Client& c, std::string_view payload) {
  char frame[2 + 4 + 125] = {};
  frame[0] = static_cast<char>(0x80 | kPong);
  frame[1] = static_cast<char>(0x80 | payload.size());
  std::memcpy(frame + 6, payload.data(), payload.size());  // the mask is zero
  static_cast<void>(::send(c.fd, frame, 6 + payload.size(), MSG_NOSIGNAL));
}

}  // namespace qn::bench
