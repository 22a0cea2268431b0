#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "net/channel.h"

namespace qn::net {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kReadsPerTurn = 16;

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

// A BIO over a descriptor that never raises SIGPIPE and never blocks. OpenSSL
// drives it, so the engine needs no buffers of its own while idle.
int descriptor(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto n =
      ::send(descriptor(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && would_block()) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto n = ::recv(descriptor(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (n < 0 && would_block()) BIO_set_retry_read(bio);
  return static_cast<int>(n);
}

long bio_ctrl(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "qn socket");
    BIO_meth_set_write(m, bio_write);
    BIO_meth_set_read(m, bio_read);
    BIO_meth_set_ctrl(m, bio_ctrl);
    return m;
  }();
  return method;
}

// OpenSSL keeps a pointer to nothing of ours: the descriptor is in the BIO.
BIO* make_bio(int fd) {
  BIO* bio = BIO_new(bio_method());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, SslPtr ssl) : Stream(std::move(socket)), ssl_(std::move(ssl)) {}

  Task<bool> handshake() override;
  Task<ReadResult> read_some(std::span<char> room) override;
  WriteResult try_write(std::span<const std::string_view> pieces) override;
  Task<bool> wait_to_write() override;
  void end_writing() override;
  std::unique_ptr<Channel> detach() override;

 private:
  // Until what the engine asked for has happened. False: it failed.
  Task<bool> wait_for(int ssl_error);

  SslPtr ssl_;
  int write_wants_ = SSL_ERROR_WANT_WRITE;
  int reads_in_a_row_ = 0;  // without waiting in between
};

Task<bool> TlsStream::wait_for(int ssl_error) {
  if (ssl_error != SSL_ERROR_WANT_READ && ssl_error != SSL_ERROR_WANT_WRITE) co_return false;
  const auto kind = ssl_error == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write;
  const auto result = co_await socket_.async_wait(kind, kAwait);
  co_return !std::get<0>(result);
}

Task<bool> TlsStream::handshake() {
  for (;;) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_.get());
    if (done == 1) co_return true;
    const bool go_on = co_await wait_for(SSL_get_error(ssl_.get(), done));
    if (!go_on) co_return false;
  }
}

Task<Stream::ReadResult> TlsStream::read_some(std::span<char> room) {
  if (++reads_in_a_row_ > kReadsPerTurn) {
    reads_in_a_row_ = 0;
    co_await asio::post(socket_.get_executor(), asio::use_awaitable);  // others are waiting too
  }
  for (;;) {
    ERR_clear_error();
    std::size_t n = 0;
    const int done = SSL_read_ex(ssl_.get(), room.data(), room.size(), &n);
    if (done == 1) co_return ReadResult(boost::system::error_code(), n);
    reads_in_a_row_ = 0;
    const bool go_on = co_await wait_for(SSL_get_error(ssl_.get(), done));
    if (!go_on) co_return ReadResult(boost::system::error_code(), 0);
  }
}

Stream::WriteResult TlsStream::try_write(std::span<const std::string_view> pieces) {
  std::size_t taken = 0;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      ERR_clear_error();
      std::size_t n = 0;
      const int done = SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &n);
      if (done != 1) {
        write_wants_ = SSL_get_error(ssl_.get(), done);
        const bool full =
            write_wants_ == SSL_ERROR_WANT_READ || write_wants_ == SSL_ERROR_WANT_WRITE;
        return {full ? Write::kPart : Write::kFailed, taken};
      }
      taken += n;
      piece.remove_prefix(n);
    }
  }
  return {Write::kAll, taken};
}

Task<bool> TlsStream::wait_to_write() {
  return wait_for(write_wants_);
}

void TlsStream::end_writing() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

// The engine goes on over the same descriptor, which its BIO knows.
class TlsChannel final : public Channel {
 public:
  TlsChannel(UniqueFd fd, SslPtr ssl) : Channel(std::move(fd)), ssl_(std::move(ssl)) {}

  ReadResult read(std::span<char> room) override;
  bool has_buffered() const override { return is_stopped_ || SSL_pending(ssl_.get()) > 0; }
  Stream::WriteResult write(std::span<const iovec> pieces) override;
  void end_writing() override;

 private:
  const SslPtr ssl_;
  bool is_stopped_ = false;  // the next read says why
};

// Record by record, until the room is full or the kernel has nothing more.
Channel::ReadResult TlsChannel::read(std::span<char> room) {
  std::size_t total = 0;
  while (total < room.size()) {
    ERR_clear_error();
    std::size_t n = 0;
    const int done = SSL_read_ex(ssl_.get(), room.data() + total, room.size() - total, &n);
    if (done == 1) {
      total += n;
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), done);
    is_stopped_ = total > 0 && error != SSL_ERROR_WANT_READ;
    if (total > 0) break;
    if (error == SSL_ERROR_WANT_READ) return {Read::kNothing, 0};
    return {error == SSL_ERROR_WANT_WRITE ? Read::kMustWrite : Read::kEnd, 0};
  }
  return {Read::kSome, total};
}

// Small pieces share a record. The engine keeps a record it could not get rid of;
// the next call offers the same bytes first, as it demands.
Stream::WriteResult TlsChannel::write(std::span<const iovec> pieces) {
  std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> record;
  std::size_t taken = 0;
  std::size_t at = 0;  // in the first piece
  while (!pieces.empty()) {
    const char* data = static_cast<const char*>(pieces[0].iov_base) + at;
    std::size_t size = std::min(pieces[0].iov_len - at, record.size());
    if (size < record.size() && pieces.size() > 1) {
      std::copy_n(data, size, record.data());
      for (std::size_t i = 1; i < pieces.size() && size < record.size(); ++i) {
        const std::size_t part = std::min(pieces[i].iov_len, record.size() - size);
        std::copy_n(static_cast<const char*>(pieces[i].iov_base), part, record.data() + size);
        size += part;
      }
      data = record.data();
    }
    ERR_clear_error();
    std::size_t n = 0;
    if (const int done = SSL_write_ex(ssl_.get(), data, size, &n); done != 1) {
      const bool full = SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_WRITE;
      return {full ? Stream::Write::kPart : Stream::Write::kFailed, taken};
    }
    taken += n;
    for (at += n; !pieces.empty() && at >= pieces[0].iov_len; pieces = pieces.subspan(1)) {
      at -= pieces[0].iov_len;
    }
  }
  return {Stream::Write::kAll, taken};
}

void TlsChannel::end_writing() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ::shutdown(descriptor(), SHUT_WR);
}

std::unique_ptr<Channel> TlsStream::detach() {
  return std::make_unique<TlsChannel>(UniqueFd(release_socket()), std::move(ssl_));
}

int select_http11(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                  unsigned int in_size, void*) {
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, kProtocols, sizeof kProtocols - 1, in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsContext::TlsContext(std::filesystem::path cert, std::filesystem::path key)
    : cert_(std::move(cert)), key_(std::move(key)) {}

Result<void> TlsContext::load() {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return refused("TLS cannot be set up: " + last_error());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context.get(), select_http11, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), cert_.c_str()) != 1) {
    return refused("certificate " + cert_.string() + " cannot be loaded: " + last_error());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refused("private key " + key_.string() + " cannot be loaded: " + last_error());
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return refused("private key " + key_.string() + " does not belong to the certificate");
  }
  std::lock_guard lock(mu_);
  context_ = std::move(context);
  return {};
}

std::unique_ptr<Stream> TlsContext::make_stream(Socket socket) const {
  std::shared_ptr<SSL_CTX> context;
  {
    std::lock_guard lock(mu_);
    context = context_;
  }
  SslPtr ssl(SSL_new(context.get()));
  BIO* bio = make_bio(socket.native_handle());
  if (!ssl || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  SSL_set_bio(ssl.get(), bio, bio);
  return std::make_unique<TlsStream>(std::move(socket), std::move(ssl));
}

}  // namespace qn::net
