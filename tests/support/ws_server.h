#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "net/server.h"
#include "support/net_server.h"

namespace qn::test {

// What happened to one WebSocket, in order: "open", "message …", "binary …",
// "pong …", "drained", "closed", "broken", "dropped", "destroyed". Any thread.
class WsRecord {
 public:
  void add(std::string event);
  std::vector<std::string> events() const;
  // Polls until the last event is this one; false after some seconds.
  bool ends_with(const std::string& event) const;
  std::size_t count(const std::string& event) const;

  // Of the loop only. Null before the opening and after the end.
  net::WsConnection* connection = nullptr;
  // Called at every message, and at the end.
  std::function<void(net::WsConnection&, std::string_view)> on_message;
  std::function<void(net::WsConnection&)> on_open;
  std::function<void(net::WsConnection&)> on_closed;

 private:
  mutable std::mutex mu_;
  std::vector<std::string> events_;
};

// A server on a free port of 127.0.0.1, one loop. GET /ws becomes a WebSocket
// that writes into record(n), n counting from 0; everything else is answered with
// "plain". What begins with /gate waits until the gate opens: /gate/ws.
class WsServer {
 public:
  explicit WsServer(net::ServerOptions options = {});
  ~WsServer();

  std::uint16_t port() const { return server_->port(); }
  net::Server& server() { return *server_; }
  Metrics& metrics() { return metrics_; }
  Gate& gate() { return service_.gate; }
  // Made on demand, so that a test may set it up before the client comes.
  WsRecord& record(std::size_t n);
  // Runs it on the loop with the open connection of record(n), and waits for it and
  // for the end of that turn. False: there is none.
  bool on_loop(std::size_t n, const std::function<void(net::WsConnection&)>& act);
  // The value of a line of the metrics, which begins with that.
  std::string metric(const std::string& line) const;

 private:
  class Service final : public net::HttpService {
   public:
    explicit Service(WsServer& server) : server_(server) {}
    std::optional<std::size_t> body_limit(const net::HttpRequest&) override { return 1000; }
    Task<net::BodyPlan> open_body(const net::HttpRequest&) override { co_return net::BodyPlan{}; }
    Task<net::HttpReply> handle(net::HttpRequest request) override;
    net::HttpReply transport_error(int status) override;

    Gate gate;

   private:
    WsServer& server_;
  };

  net::HttpReply answer(const net::HttpRequest& request);

  // The first member: the log changes before there are threads.
  struct QuietLog {
    QuietLog();
  };

  QuietLog quiet_;
  Metrics metrics_;
  SystemRandom random_;
  EventLoops loops_;
  Service service_;
  std::mutex mu_;
  std::vector<std::shared_ptr<WsRecord>> records_;
  std::size_t next_ = 0;
  std::unique_ptr<net::Server> server_;
};

}  // namespace qn::test
