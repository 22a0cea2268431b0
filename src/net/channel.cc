#include "net/channel.h"

#include <sys/socket.h>

#include <cerrno>

namespace qn::net {
namespace {

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(UniqueFd fd) : Channel(std::move(fd)) {}

  ReadResult read(std::span<char> room) override;
  bool has_buffered() const override { return false; }
  Stream::WriteResult write(std::span<const iovec> pieces) override;
  void end_writing() override { ::shutdown(descriptor(), SHUT_WR); }
};

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

Channel::ReadResult PlainChannel::read(std::span<char> room) {
  const ssize_t n = ::recv(descriptor(), room.data(), room.size(), MSG_DONTWAIT);
  if (n > 0) return {Read::kSome, static_cast<std::size_t>(n)};
  return {n < 0 && would_block() ? Read::kNothing : Read::kEnd, 0};
}

Stream::WriteResult PlainChannel::write(std::span<const iovec> pieces) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  std::size_t total = 0;
  for (const auto& piece : pieces) total += piece.iov_len;
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  const ssize_t n = pieces.size() == 1  // cheaper
                        ? ::send(descriptor(), pieces[0].iov_base, pieces[0].iov_len, kFlags)
                        : ::sendmsg(descriptor(), &message, kFlags);
  if (n < 0) return {would_block() ? Stream::Write::kPart : Stream::Write::kFailed, 0};
  const auto taken = static_cast<std::size_t>(n);
  return {taken == total ? Stream::Write::kAll : Stream::Write::kPart, taken};
}

}  // namespace

std::unique_ptr<Channel> make_plain_channel(UniqueFd fd) {
  return std::make_unique<PlainChannel>(std::move(fd));
}

}  // namespace qn::net
