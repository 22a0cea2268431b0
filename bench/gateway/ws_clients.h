#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "histogram.h"
#include "target.h"

namespace qn::bench {

// Somebody who is logged in.
struct ChatUser {
  std::string id;
  std::string token;
};

// Lines "id token" of a file; throws std::runtime_error when there are too few.
std::vector<ChatUser> read_users(const std::string& file, std::size_t count);

// Many WebSocket clients in one epoll set, run by one thread. They answer pings,
// count what comes, and come back one second after a connection broke.
class WsClients {
 public:
  struct Counts {
    std::atomic<std::uint64_t> welcomed{0};  // connections that got the first frame, ever
    std::atomic<std::uint64_t> open{0};      // that have got it now
    std::atomic<std::uint64_t> frames{0};    // text frames
    std::atomic<std::uint64_t> messages{0};  // of them, chat messages with a mark
    std::atomic<std::uint64_t> lost{0};      // connections
    std::atomic<std::uint64_t> refused{0};
  };

  // `connecting`: handshakes in progress at the same time at most.
  WsClients(const Target& target, const std::vector<ChatUser>& users, std::size_t connecting);
  ~WsClients();

  // Until `stop` is set.
  void run(const std::atomic<bool>& stop);

  const Counts& counts() const { return counts_; }
  // Of one in sixteen messages; read it when run() has ended.
  const Histogram& latency() const { return latency_; }

  // What a sender puts into its text, so that deliveries can be timed.
  static std::string mark();

 private:
  enum class State { kClosed, kConnecting, kHandshake, kOpen, kWelcomed };
  struct Client {
    int fd = -1;
    State state = State::kClosed;
    const ChatUser* user = nullptr;
    std::string in;
  };
  using Steady = std::chrono::steady_clock;

  void start_some();
  void start(Client& c, std::size_t number);
  void end(Client& c, bool was_refused);
  void on_ready(Client& c, std::uint32_t events);
  void send_handshake(Client& c);
  void read(Client& c);
  std::size_t take_frames(Client& c, std::string_view bytes);
  void on_text(Client& c, std::string_view payload);
  void answer_ping(Client& c, std::string_view payload);

  const Target target_;
  const std::size_t max_connecting_;
  const int epoll_;
  std::vector<Client> clients_;
  std::deque<std::pair<Steady::time_point, std::size_t>> to_start_;
  std::size_t connecting_ = 0;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  Counts counts_;
  Histogram latency_;
};

}  // namespace qn::bench
