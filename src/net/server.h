#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "net/http.h"

namespace qn::net {

struct ServerOptions {
  std::string listen = "0.0.0.0:7001";  // address:port, [v6]:port; port 0 picks one
  std::filesystem::path tls_cert;       // PEM chain; both empty: plain HTTP
  std::filesystem::path tls_key;
  std::vector<std::string> trusted_proxies;  // addresses or CIDR whose X-Forwarded-For counts
  std::size_t max_connections = 100'000;
  std::size_t max_header = 16_KiB;                   // request line and fields; more is 431
  std::chrono::milliseconds header_timeout{10'000};  // first byte to the end of the head; then 408
  std::chrono::milliseconds body_timeout{30'000};    // silence while a body is due
  std::chrono::milliseconds idle_timeout{75'000};    // between requests; closed silently
  std::chrono::milliseconds write_timeout{30'000};   // a peer that takes nothing
  WsOptions websocket;
  std::size_t max_websockets = 1'000'000;  // which do not count as connections; more is 503
};

// The HTTP/1.1 server (RFC 9112): keep-alive, pipelining, chunked bodies, HEAD,
// Expect: 100-continue. Connections become WebSockets (RFC 6455) where the service
// says so. Each connection lives on one loop. Owned by app/.
class Server {
 public:
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  // Reads certificate and key again (SIGHUP); on an error the old ones stay.
  virtual Result<void> reload_tls() = 0;
  // Stops accepting, lets requests in flight finish until `grace` is over, then
  // drops the rest and all WebSockets, without a close frame; WsHandler::on_closed
  // has been called for each. Blocks; call from no loop. Idempotent.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

// Whether start_server() could listen there now: kRefused when the address is in
// use or malformed. For checks before anything else is touched.
Result<void> check_listen(const std::string& listen);

// Binds and starts accepting. kRefused with a text for the operator when the
// address is in use or malformed, or the certificate cannot be loaded.
Result<std::unique_ptr<Server>> start_server(ServerOptions options, HttpService& service,
                                             EventLoops& loops, Random& random, Metrics& metrics);

}  // namespace qn::net
