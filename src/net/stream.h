#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>

#include "base/task.h"

namespace qn::net {

class Channel;

// With the executor type of Task: another one would send every completion
// through a second dispatch.
using Socket = boost::asio::ip::tcp::socket;
using Acceptor = boost::asio::ip::tcp::acceptor;

// The bytes of one connection, plain or TLS. Owned by its connection, used on
// its loop only. One read and one write may be in progress at a time.
class Stream {
 public:
  // What Asio hands over; only the number of bytes counts. Passing it through
  // saves a coroutine frame per read.
  using ReadResult = std::tuple<boost::system::error_code, std::size_t>;
  enum class Write { kAll, kPart, kFailed };
  struct WriteResult {
    Write state;
    std::size_t taken;  // bytes of the pieces, in order
  };

  virtual ~Stream() = default;

  // Before anything else. False: the peer does not speak TLS, or is gone.
  virtual Task<bool> handshake() = 0;
  // At least one byte, or 0 once the peer has ended its side or is gone.
  virtual Task<ReadResult> read_some(std::span<char> room) = 0;
  // Hands to the kernel what it takes now, without waiting.
  virtual WriteResult try_write(std::span<const std::string_view> pieces) = 0;
  // Until try_write() may get further. False: cancelled or broken.
  virtual Task<bool> wait_to_write() = 0;
  // Tells the peer that nothing more will come; reading goes on.
  virtual void end_writing() = 0;
  // Takes the socket out of Asio; nothing may be in progress, and nothing but the
  // destructor may follow.
  virtual std::unique_ptr<Channel> detach() = 0;

  // Makes the operation in progress end at once, as if the peer were gone.
  void cancel();

 protected:
  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  // The descriptor without its place in Asio's reactor.
  int release_socket();

  Socket socket_;
};

std::unique_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace qn::net
