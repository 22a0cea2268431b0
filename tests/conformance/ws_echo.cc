// The WebSocket transport with an application that sends everything back, for
// rfc6455_test.py. Prints its port, and ends with its standard input. With the
// argument "deflate" it agrees to permessage-deflate.
#include <cstdio>
#include <memory>
#include <string_view>

#include "base/event_loops.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "net/server.h"

namespace qn {
namespace {

class Echo final : public net::WsHandler {
 public:
  void on_open(net::WsConnection& connection) override { connection_ = &connection; }
  void on_message(std::string_view payload) override {
    connection_->send(net::WsFrame::text(payload));
  }
  void on_binary(std::string_view payload) override {
    connection_->send(net::WsFrame::binary(payload));
  }
  void on_pong(std::uint64_t) override {}
  void on_drained() override {}
  void on_closed(Ended) override {}

 private:
  net::WsConnection* connection_ = nullptr;
};

class EchoService final : public net::HttpService {
 public:
  std::optional<std::size_t> body_limit(const net::HttpRequest&) override { return 0; }
  Task<net::BodyPlan> open_body(const net::HttpRequest&) override { co_return net::BodyPlan{}; }
  Task<net::HttpReply> handle(net::HttpRequest request) override {
    net::HttpReply reply;
    if (request.is_upgrade()) {
      reply.websocket = std::make_unique<Echo>();
    } else {
      reply.status = 404;
    }
    co_return reply;
  }
  net::HttpReply transport_error(int) override { return {}; }
};

int run(std::string_view mode) {
  log::configure(log::Level::kWarn, log::Format::kText);
  Metrics metrics;
  SystemRandom random;
  EventLoops loops(2, metrics);
  EchoService service;
  net::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.websocket.max_message = 16_MiB;
  options.websocket.max_outbound = 64_MiB;
  options.websocket.deflate = mode == "deflate";
  const auto server = net::start_server(options, service, loops, random, metrics);
  if (!server) return 1;
  std::printf("%u\n", static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  (*server)->stop(std::chrono::milliseconds(0));
  loops.stop();
  return 0;
}

}  // namespace
}  // namespace qn

int main(int argc, char** argv) {
  return qn::run(argc > 1 ? argv[1] : "");
}
