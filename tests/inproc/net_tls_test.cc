#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "support/net_server.h"
#include "support/raw_http_client.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    kFree(p);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Freed<X509_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL_free>>;
using FilePtr = std::unique_ptr<FILE, Freed<fclose>>;

// A certificate for `name`, signed by itself.
void write_certificate(const fs::path& folder, const std::string& name) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertPtr cert(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
  X509_set_pubkey(cert.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), subject);
  X509_sign(cert.get(), key.get(), EVP_sha256());
  const FilePtr cert_file(fopen((folder / "cert.pem").c_str(), "w"));
  PEM_write_X509(cert_file.get(), cert.get());
  const FilePtr key_file(fopen((folder / "key.pem").c_str(), "w"));
  PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version = TLS1_3_VERSION)
      : tcp_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    SSL_CTX_set_security_level(context_.get(), 0);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), tcp_.fd());
    is_open_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }

  bool is_open() const { return is_open_; }
  std::string server_name() const {
    const CertPtr cert(SSL_get1_peer_certificate(ssl_.get()));
    char name[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert.get()), NID_commonName, name, sizeof name);
    return name;
  }
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // Up to and with `end`, or what there was before the connection ended.
  std::string read_until(std::string_view end) {
    std::string text;
    char buffer[16384];
    while (!text.ends_with(end)) {
      const int n = SSL_read(ssl_.get(), buffer, sizeof buffer);
      if (n <= 0) break;
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
  // Whether the server said goodbye properly.
  bool sees_close_notify() {
    char byte = 0;
    const int n = SSL_read(ssl_.get(), &byte, 1);
    return SSL_get_error(ssl_.get(), n) == SSL_ERROR_ZERO_RETURN;
  }

 private:
  RawHttpClient tcp_;
  ContextPtr context_;
  SslPtr ssl_;
  bool is_open_ = false;
};

class NetTlsTest : public testing::Test {
 protected:
  NetTlsTest() {
    std::string name = (fs::temp_directory_path() / "qn-tls-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write_certificate(folder_, "first");
  }
  ~NetTlsTest() override { fs::remove_all(folder_); }

  net::ServerOptions options() const {
    net::ServerOptions options;
    options.tls_cert = folder_ / "cert.pem";
    options.tls_key = folder_ / "key.pem";
    return options;
  }
  std::string refusal() const {
    Metrics metrics;
    SystemRandom random;
    EventLoops loops(1, metrics);
    SampleService service;
    auto o = options();
    o.listen = "127.0.0.1:0";
    const auto server = net::start_server(o, service, loops, random, metrics);
    return server.has_value() ? "" : server.error().text;
  }

  fs::path folder_;
};

TEST_F(NetTlsTest, ServesRequests) {
  NetServer server(options());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version);
    ASSERT_TRUE(client.is_open());
    client.send("GET /who HTTP/1.1\r\nHost: t\r\n\r\nGET /who HTTP/1.1\r\nHost: t\r\n\r\n");
    EXPECT_NE(client.read_until(" tls").find("200 OK"), std::string::npos);
  }
}

TEST_F(NetTlsTest, SendsLargeBodiesAndSaysGoodbye) {
  NetServer server(options());
  TlsClient client(server.port());
  client.send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_GT(client.read_until("\r\n\r\n" + std::string(4_MiB, 'b')).size(), 4_MiB);
  client.send("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_until("GET /a ").ends_with("GET /a "));
  EXPECT_TRUE(client.sees_close_notify());
}

TEST_F(NetTlsTest, ReadsLargeRequestsAndRefusesTooLargeOnes) {
  NetServer server(options());
  TlsClient client(server.port());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: t\r\n";
  client.send(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_TRUE(client.read_until(std::string(1000, 'x')).ends_with("x"));
  client.send(head + "Content-Length: 500000\r\n\r\n" + std::string(500'000, 'x'));
  EXPECT_TRUE(client.read_until("error 413").ends_with("error 413"));
}

TEST_F(NetTlsTest, NewConnectionsUseTheCertificateLoadedLast) {
  NetServer server(options());
  TlsClient old(server.port());
  EXPECT_EQ(old.server_name(), "first");
  write_certificate(folder_, "second");
  EXPECT_TRUE(server.server().reload_tls().has_value());
  EXPECT_EQ(TlsClient(server.port()).server_name(), "second");
  old.send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(old.read_until("GET /a ").ends_with("GET /a "));
}

TEST_F(NetTlsTest, ABadCertificateLeavesTheOldOne) {
  NetServer server(options());
  std::ofstream(folder_ / "cert.pem") << "nonsense";
  const auto reloaded = server.server().reload_tls();
  ASSERT_FALSE(reloaded.has_value());
  EXPECT_EQ(reloaded.error().code, ErrorCode::kRefused);
  EXPECT_EQ(TlsClient(server.port()).server_name(), "first");
}

TEST_F(NetTlsTest, RefusesOldVersionsAndPlainText) {
  NetServer server(options());
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).is_open());
  RawHttpClient plain(server.port());
  plain.send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(plain.read_all().find("HTTP/1.1"), std::string::npos);
}

TEST_F(NetTlsTest, AHandshakeThatStallsIsEnded) {
  auto o = options();
  o.header_timeout = std::chrono::milliseconds(40);
  NetServer server(o);
  RawHttpClient silent(server.port());
  EXPECT_TRUE(silent.sees_end());
}

TEST_F(NetTlsTest, SaysWhatIsWrongWithTheFiles) {
  fs::remove(folder_ / "key.pem");
  EXPECT_NE(refusal().find("private key " + (folder_ / "key.pem").string()), std::string::npos);
  fs::remove(folder_ / "cert.pem");
  EXPECT_NE(refusal().find("certificate " + (folder_ / "cert.pem").string()), std::string::npos);
  net::ServerOptions half;
  half.tls_cert = folder_ / "cert.pem";
  EXPECT_THROW(NetServer{half}, std::runtime_error);
}

}  // namespace
}  // namespace qn::test
