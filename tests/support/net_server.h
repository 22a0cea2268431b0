#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "net/server.h"

namespace qn::test {

// Holds requests until a test lets them go.
class Gate {
 public:
  Task<void> wait();
  // Blocks until that many have arrived; false after some seconds.
  bool has_arrived(std::size_t count);
  void open();

 private:
  std::mutex mu_;
  bool open_ = false;
  std::size_t arrived_ = 0;
  std::vector<std::function<void()>> waiting_;
};

// Answers by path:
//   /echo         method, target and body of the request
//   /who          peer, address, id and is_tls
//   /gate         "passed" once the gate opens
//   /sleep        after a minute, which no test waits for
//   /throw        an exception
//   /big          4 MiB of body
//   /chunks       "one", "two" and "three" from a source without a length
//   /measured     the same with a length
//   /short        the same, promising one byte more
//   /broken       "one", then an error
//   /empty        status 204
//   /sink…        number of bytes of the streamed body, and its sink_sum()
//   /sink/refuse  "no", before the body
//   /sink/full    "full" once more than 10 bytes have come
//   /sink/throw   an exception while the body is opened
//   /sink/burst   an exception at the first piece
//   /sink/gate    as /sink, every piece waits for the gate
class SampleService final : public net::HttpService {
 public:
  static constexpr std::size_t kBodyLimit = 1000;

  static constexpr std::size_t kSinkLimit = 4_MiB;

  std::optional<std::size_t> body_limit(const net::HttpRequest& head) override;
  Task<net::BodyPlan> open_body(const net::HttpRequest& head) override;
  Task<net::HttpReply> handle(net::HttpRequest request) override;
  net::HttpReply transport_error(int status) override;  // body "error 4xx"

  Gate gate;
  std::atomic<int> sinks = 0;  // open ones
  std::atomic<std::size_t> largest_piece = 0;
};

// What /sink answers behind the number of bytes.
std::uint32_t sink_sum(std::string_view body);

// A server on a free port of 127.0.0.1 with that service behind it. Turns the
// log of the process off.
class NetServer {
 public:
  explicit NetServer(net::ServerOptions options = {}, std::size_t loops = 2);
  ~NetServer();

  std::uint16_t port() const { return server_->port(); }
  net::Server& server() { return *server_; }
  SampleService& service() { return service_; }
  Metrics& metrics() { return metrics_; }

 private:
  // The first member: the log changes before there are threads.
  struct QuietLog {
    QuietLog();
  };

  QuietLog quiet_;
  Metrics metrics_;
  SystemRandom random_;
  EventLoops loops_;
  SampleService service_;
  std::unique_ptr<net::Server> server_;
};

// Polls until it holds; false after some seconds.
bool holds_soon(const std::function<bool()>& condition);

}  // namespace qn::test
