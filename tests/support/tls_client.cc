#include "support/tls_client.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>

namespace qn::test {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    kFree(p);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Freed<X509_free>>;
using FilePtr = std::unique_ptr<FILE, Freed<fclose>>;

}  // namespace

void write_certificate(const std::filesystem::path& folder, const std::string& name) {
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

TlsClient::TlsClient(std::uint16_t port, int version)
    : tcp_(port),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      ssl_(nullptr, SSL_free) {
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), version);
  SSL_CTX_set_security_level(context_.get(), 0);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), tcp_.fd());
  is_open_ = SSL_connect(ssl_.get()) == 1;
  ERR_clear_error();
}

TlsClient::~TlsClient() = default;

std::string TlsClient::server_name() const {
  const CertPtr cert(SSL_get1_peer_certificate(ssl_.get()));
  char name[64] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(cert.get()), NID_commonName, name, sizeof name);
  return name;
}

bool TlsClient::send(std::string_view bytes) {
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string TlsClient::read_until(std::string_view end) {
  std::string text;
  char buffer[16384];
  while (!text.ends_with(end)) {
    const int n = SSL_read(ssl_.get(), buffer, sizeof buffer);
    if (n <= 0) break;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

bool TlsClient::sees_close_notify() {
  char byte = 0;
  const int n = SSL_read(ssl_.get(), &byte, 1);
  return SSL_get_error(ssl_.get(), n) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace qn::test
