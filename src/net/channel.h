#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "net/stream.h"
#include "net/unique_fd.h"

namespace qn::net {

// The bytes of a connection that has left Asio, plain or TLS: takes and gives
// what is possible now and never waits. Made by Stream::detach(), owned by its
// WebSocket, used on its loop only; closes the socket at its end.
class Channel {
 public:
  enum class Read {
    kSome,
    kNothing,    // wait until the descriptor is readable
    kMustWrite,  // TLS: nothing more until the descriptor is writable
    kEnd,        // the peer has ended its side, or is gone
  };
  struct ReadResult {
    Read state;
    std::size_t bytes;
  };

  virtual ~Channel() = default;

  virtual ReadResult read(std::span<char> room) = 0;
  // Whether a read would give bytes although the descriptor shows none.
  virtual bool has_buffered() const = 0;
  // At most IOV_MAX pieces, none empty. What was not taken must be offered again
  // first.
  virtual Stream::WriteResult write(std::span<const iovec> pieces) = 0;
  // Tells the peer that nothing more will come.
  virtual void end_writing() = 0;

  int descriptor() const { return fd_.get(); }

 protected:
  explicit Channel(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  const UniqueFd fd_;
};

std::unique_ptr<Channel> make_plain_channel(UniqueFd fd);

}  // namespace qn::net
