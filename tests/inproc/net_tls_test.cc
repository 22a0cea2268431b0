#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/net_server.h"
#include "support/raw_http_client.h"
#include "support/tls_client.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;

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
