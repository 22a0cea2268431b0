#include "net/server.h"

#include <span>

#include "base/log.h"
#include "net/listener.h"
#include "net/server_loop.h"

namespace qn::net {
namespace {

constexpr std::chrono::milliseconds kDropTime{1'000};  // for coroutines to notice

class HttpServer final : public Server {
 public:
  HttpServer(std::shared_ptr<ServerShared> shared, EventLoops& event_loops, std::uint16_t port)
      : shared_(std::move(shared)), event_loops_(event_loops), port_(port) {}
  ~HttpServer() override { stop(std::chrono::milliseconds(0)); }

  // Takes the listening sockets, one per loop.
  void start(std::vector<UniqueFd> sockets, int family, Random& random);

  std::uint16_t port() const override { return port_; }
  Result<void> reload_tls() override;
  void stop(std::chrono::milliseconds grace) override;

 private:
  const std::shared_ptr<ServerShared> shared_;
  EventLoops& event_loops_;
  const std::uint16_t port_;
  std::vector<std::shared_ptr<ServerLoop>> loops_;

  std::mutex mu_;
  bool stopped_ = false;
};

void HttpServer::start(std::vector<UniqueFd> sockets, int family, Random& random) {
  using boost::asio::ip::tcp;
  const auto protocol = family == AF_INET6 ? tcp::v6() : tcp::v4();
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    const Executor executor = event_loops_.executor(i);
    std::uint64_t seed = 0;
    random.fill(std::as_writable_bytes(std::span(&seed, 1)));
    Acceptor acceptor(executor, protocol, sockets[i].release());
    auto loop = std::make_shared<ServerLoop>(shared_, executor, std::move(acceptor), seed);
    event_loops_.post(i, [loop] { loop->start(); });
    loops_.push_back(std::move(loop));
  }
}

Result<void> HttpServer::reload_tls() {
  if (!shared_->tls) return {};
  return shared_->tls->load();
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  std::lock_guard lock(mu_);
  if (stopped_) return;
  stopped_ = true;
  const auto deadline = std::chrono::steady_clock::now() + grace;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    event_loops_.post(i, [loop = loops_[i]] { loop->drain(); });
  }
  shared_->accepting.wait_for_none(deadline);
  shared_->serving.wait_for_none(deadline);
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    event_loops_.post(i, [loop = loops_[i]] { loop->drop(); });
  }
  const auto last = std::chrono::steady_clock::now() + kDropTime;
  shared_->websocket_loops.wait_for_none(last);
  shared_->sweeping.wait_for_none(last);
  const auto left = shared_->serving.wait_for_none(last);
  if (left > 0) log::warn("http.stop_left_requests", {{"count", left}});
}

}  // namespace

Result<void> check_listen(const std::string& listen) {
  CHECK_OK(open_listeners(listen, 1));
  return {};
}

Result<std::unique_ptr<Server>> start_server(ServerOptions options, HttpService& service,
                                             EventLoops& loops, Random& random, Metrics& metrics) {
  TRY(auto proxies, TrustedProxies::parse(options.trusted_proxies));
  std::unique_ptr<TlsContext> tls;
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return refused("TLS needs both a certificate and a key");
  }
  if (!options.tls_cert.empty()) {
    tls = std::make_unique<TlsContext>(options.tls_cert, options.tls_key);
    CHECK_OK(tls->load());
  }
  TRY(const auto address, parse_listen(options.listen));
  TRY(auto listeners, open_listeners(options.listen, loops.size()));
  auto shared =
      std::make_shared<ServerShared>(std::move(options), std::move(proxies), service, metrics);
  shared->tls = std::move(tls);
  auto server = std::make_unique<HttpServer>(shared, loops, listeners.port);
  server->start(std::move(listeners.sockets), address.family(), random);
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace qn::net
