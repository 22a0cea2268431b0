#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "net/websocket.h"

namespace qn::net {

// The frames of one connection that the kernel has not taken yet, in order.
// Belongs to a connection only while there are any; see WsLoop.
class WsOutbound {
 public:
  bool is_empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }

  // `bytes` is the form of the frame that is sent: as it is, or deflated.
  void push(WsFramePtr frame, std::string_view bytes) {
    bytes_ += bytes.size();
    pieces_.push_back({std::move(frame), bytes});
  }

  // What to write first, at most that many pieces; appended to `out`.
  void gather(std::vector<iovec>& out, std::size_t most) const {
    for (std::size_t i = first_; i < pieces_.size() && most > 0; ++i, --most) {
      const auto bytes = pieces_[i].bytes;
      out.push_back({const_cast<char*>(bytes.data()), bytes.size()});
    }
  }

  // The kernel has taken so many bytes.
  void consume(std::size_t n) {
    bytes_ -= n;
    for (; n > 0 && n >= pieces_[first_].bytes.size(); ++first_) {
      n -= pieces_[first_].bytes.size();
      pieces_[first_].frame.reset();
    }
    if (n > 0) pieces_[first_].bytes.remove_prefix(n);
    if (bytes_ == 0) {
      pieces_.clear();
      first_ = 0;
    } else if (first_ > pieces_.size() / 2) {
      pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
  }

  std::size_t capacity() const { return pieces_.capacity(); }
  void clear() {
    pieces_.clear();
    first_ = bytes_ = 0;
  }

 private:
  struct Piece {
    WsFramePtr frame;
    std::string_view bytes;  // what is left of it
  };

  std::vector<Piece> pieces_;
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace qn::net
