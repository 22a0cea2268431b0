#include "net/stream.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "net/channel.h"

namespace qn::net {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxPieces = 4;

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : Stream(std::move(socket)) {}

  Task<bool> handshake() override { co_return true; }
  Task<ReadResult> read_some(std::span<char> room) override;
  WriteResult try_write(std::span<const std::string_view> pieces) override;
  Task<bool> wait_to_write() override;
  void end_writing() override;
  std::unique_ptr<Channel> detach() override;
};

Task<Stream::ReadResult> PlainStream::read_some(std::span<char> room) {
  return socket_.async_read_some(asio::buffer(room.data(), room.size()), kAwait);
}

Stream::WriteResult PlainStream::try_write(std::span<const std::string_view> pieces) {
  std::array<iovec, kMaxPieces> parts;
  msghdr message{};
  message.msg_iov = parts.data();
  std::size_t total = 0;
  for (const auto piece : pieces) {
    if (piece.empty()) continue;
    parts[message.msg_iovlen++] = {const_cast<char*>(piece.data()), piece.size()};
    total += piece.size();
  }
  if (total == 0) return {Write::kAll, 0};
  const int fd = socket_.native_handle();
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  const ssize_t n = message.msg_iovlen == 1  // nearly always, and cheaper
                        ? ::send(fd, parts[0].iov_base, parts[0].iov_len, kFlags)
                        : ::sendmsg(fd, &message, kFlags);
  if (n < 0) {
    const bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {full ? Write::kPart : Write::kFailed, 0};
  }
  const auto taken = static_cast<std::size_t>(n);
  return {taken == total ? Write::kAll : Write::kPart, taken};
}

Task<bool> PlainStream::wait_to_write() {
  const auto result = co_await socket_.async_wait(Socket::wait_write, kAwait);
  co_return !std::get<0>(result);
}

void PlainStream::end_writing() {
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

std::unique_ptr<Channel> PlainStream::detach() {
  return make_plain_channel(UniqueFd(release_socket()));
}

}  // namespace

int Stream::release_socket() {
  boost::system::error_code ignored;
  return socket_.release(ignored);
}

void Stream::cancel() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace qn::net
