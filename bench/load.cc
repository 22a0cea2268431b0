#include "load.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>

namespace qn::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kReadSize = 256 * 1024;
constexpr std::size_t kMaxFailureText = 200;
// So many lost connections in a row without one answer: the server is gone.
constexpr std::uint64_t kMaxLostInARow = 1000;

struct Connection {
  Group* group = nullptr;
  std::size_t number = 0;
  int fd = -1;
  bool wants_write = true;
  std::string out;  // not written yet
  std::string in;   // not understood yet
  std::deque<Steady::time_point> sent;
};

class Load {
 public:
  Load(const Target& target, std::vector<Group>& groups);
  ~Load();
  void run(const Phases& phases);

 private:
  void turn(Steady::time_point until);
  void open(Connection& c);
  void reopen(Connection& c);
  void fill(Connection& c);
  void write(Connection& c);
  void read(Connection& c);
  bool take_answers(Connection& c);
  void record(Connection& c, const Response& response, Steady::time_point now);
  void watch(Connection& c, int operation);

  const Target& target_;
  const int epoll_;
  std::deque<Connection> connections_;
  std::vector<char> buffer_ = std::vector<char>(kReadSize);
  bool measuring_ = false;
  std::uint64_t lost_in_a_row_ = 0;
};

Load::Load(const Target& target, std::vector<Group>& groups)
    : target_(target), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (auto& group : groups) {
    for (std::size_t i = 0; i < group.connections; ++i) {
      auto& c = connections_.emplace_back();
      c.group = &group;
      c.number = i;
    }
  }
}

Load::~Load() {
  for (auto& c : connections_) {
    if (c.fd >= 0) ::close(c.fd);
  }
  ::close(epoll_);
}

void Load::run(const Phases& phases) {
  for (auto& c : connections_) open(c);
  const auto begin = Steady::now() + phases.warm_up;
  while (Steady::now() < begin) turn(begin);
  measuring_ = true;
  if (phases.on_measure) phases.on_measure();
  const auto end = Steady::now() + phases.measure;
  while (Steady::now() < end) turn(end);
}

void Load::turn(Steady::time_point until) {
  std::array<epoll_event, 256> events;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
  const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(std::max<std::int64_t>(0, left)));
  for (int i = 0; i < ready; ++i) {
    auto& event = events[static_cast<std::size_t>(i)];
    auto& c = *static_cast<Connection*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0) write(c);
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(c);
  }
}

void Load::open(Connection& c) {
  c.fd = start_connect(target_);
  if (c.fd < 0) throw std::runtime_error("cannot connect to " + target_.host);
  c.out.clear();
  c.in.clear();
  c.sent.clear();
  c.wants_write = true;
  fill(c);
  watch(c, EPOLL_CTL_ADD);
}

void Load::reopen(Connection& c) {
  ::close(c.fd);
  c.fd = -1;
  if (measuring_) ++c.group->tally.lost_connections;
  if (++lost_in_a_row_ > kMaxLostInARow) throw std::runtime_error("the server is gone");
  open(c);
}

void Load::fill(Connection& c) {
  while (c.sent.size() < c.group->pipeline) {
    c.out += c.group->next(c.number);
    c.sent.push_back(Steady::now());
  }
}

void Load::write(Connection& c) {
  const auto sent = ::send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return reopen(c);
  if (sent > 0) c.out.erase(0, static_cast<std::size_t>(sent));
  if (c.wants_write == !c.out.empty()) return;
  c.wants_write = !c.out.empty();
  watch(c, EPOLL_CTL_MOD);
}

void Load::read(Connection& c) {
  const auto got = ::recv(c.fd, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return reopen(c);
  c.in.append(buffer_.data(), static_cast<std::size_t>(got));
  if (!take_answers(c)) return reopen(c);
  fill(c);
  if (!c.out.empty() && !c.wants_write) write(c);
}

// False: the connection is of no more use.
bool Load::take_answers(Connection& c) {
  const auto now = Steady::now();
  std::string_view rest = c.in;
  Response response;
  auto parsed = Parsed::kNeedMore;
  while (!c.sent.empty() && (parsed = parse_response(rest, response)) == Parsed::kComplete) {
    record(c, response, now);
    c.sent.pop_front();
    rest.remove_prefix(response.size);
    if (response.close) return false;
  }
  c.in.erase(0, c.in.size() - rest.size());
  return parsed != Parsed::kBroken && (c.in.empty() || !c.sent.empty());
}

void Load::record(Connection& c, const Response& response, Steady::time_point now) {
  lost_in_a_row_ = 0;
  if (!measuring_) return;
  auto& tally = c.group->tally;
  tally.latency.add(static_cast<std::uint64_t>((now - c.sent.front()).count()));
  ++tally.statuses[response.status];
  if (response.status / 100 != 2 && tally.first_failure.empty()) {
    tally.first_failure = response.body.substr(0, kMaxFailureText);
  }
}

void Load::watch(Connection& c, int operation) {
  epoll_event event = {};
  event.events = EPOLLIN | (c.wants_write ? EPOLLOUT : 0u);
  event.data.ptr = &c;
  if (::epoll_ctl(epoll_, operation, c.fd, &event) != 0) throw std::runtime_error("epoll failed");
}

}  // namespace

void run_load(const Target& target, std::vector<Group>& groups, const Phases& phases) {
  Load(target, groups).run(phases);
}

}  // namespace qn::bench
