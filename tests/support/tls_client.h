#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "support/raw_http_client.h"

namespace qn::test {

// cert.pem and key.pem for `name`, signed by itself.
void write_certificate(const std::filesystem::path& folder, const std::string& name);

// A TLS connection to 127.0.0.1 that trusts anybody. Blocking.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version = TLS1_3_VERSION);
  ~TlsClient();

  bool is_open() const { return is_open_; }
  std::string server_name() const;
  bool send(std::string_view bytes);
  // Up to and with `end`, or what there was before the connection ended.
  std::string read_until(std::string_view end);
  // Whether the server said goodbye properly.
  bool sees_close_notify();
  RawHttpClient& tcp() { return tcp_; }

 private:
  RawHttpClient tcp_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  bool is_open_ = false;
};

}  // namespace qn::test
