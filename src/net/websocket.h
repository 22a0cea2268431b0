#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace qn::net {

struct WsOptions {
  std::size_t max_message = 64_KiB;  // from a client, all fragments together; more is 1009
  std::size_t max_outbound = 1_MiB;  // waiting for a client that reads slowly; more drops it
  std::chrono::milliseconds close_timeout{5'000};  // for the peer's answer to our close frame
  bool deflate = false;  // permessage-deflate (RFC 7692), without context takeover
};

enum class WsOpcode : std::uint8_t;

// A message as it goes over the wire: its header and payload in one block, made
// once and shared by every connection it is sent to. Immutable; any thread.
class WsFrame {
 public:
  static std::shared_ptr<const WsFrame> text(std::string_view payload);
  static std::shared_ptr<const WsFrame> binary(std::string_view payload);

  std::string_view bytes() const { return bytes_; }
  std::string_view payload() const { return std::string_view(bytes_).substr(header_); }
  // The same message compressed, for peers that agreed to permessage-deflate;
  // made at the first call. Empty where that would not make it smaller.
  std::string_view deflated() const;

  // For text(), binary() and net/ws_frame.h.
  class Key {
    friend class WsFrame;
    friend std::shared_ptr<const WsFrame> make_ws_frame(WsOpcode, std::string_view);
    Key() = default;
  };
  WsFrame(Key, WsOpcode opcode, std::string_view payload);

 private:
  const std::string bytes_;
  const std::size_t header_;

  mutable std::once_flag deflate_once_;
  mutable std::string deflated_;
};
using WsFramePtr = std::shared_ptr<const WsFrame>;

// The server's end of one open WebSocket (RFC 6455). Owned by the transport;
// valid until WsHandler::on_closed has returned. Every call is made on the
// connection's loop and returns at once: what is sent in one turn of the loop
// leaves in one write at its end.
class WsConnection {
 public:
  virtual ~WsConnection() = default;
  // False: too much is waiting already, and the connection is dropped, which
  // on_closed reports later in the same turn or the next; or it was ended before.
  virtual bool send(WsFramePtr frame) = 0;
  // A protocol ping behind what has been sent; the pong repeats the number.
  virtual void ping(std::uint64_t number) = 0;
  // A close frame behind what has been sent; 0: without a status code. The
  // connection ends once the peer has answered, or at close_timeout; messages
  // that arrive until then are not delivered.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Ends the TCP connection without a close frame: the peer sees 1006. What was
  // sent before still leaves as far as the kernel takes it at once.
  virtual void drop() = 0;
  // Bytes that have been sent here but not yet taken by the kernel.
  virtual std::size_t outbound() const = 0;
};

// What the application does with one WebSocket. HttpService::handle makes it and
// puts it into HttpReply::websocket; that call and all of these happen on the one
// loop of the connection, so the coroutine of handle() knows the executor. Never
// called from inside a call to WsConnection. Owned by the transport, destroyed
// right after on_closed, or without any call when the handshake was malformed.
class WsHandler {
 public:
  enum class Ended {
    kClosed,   // the peer sent a close frame
    kBroken,   // without one: reset, end of stream, protocol error, overflow
    kDropped,  // we did: drop(), close() or the server's stop
  };

  virtual ~WsHandler() = default;
  // Once, before anything else; the connection outlives the handler's last call.
  virtual void on_open(WsConnection& connection) = 0;
  // A whole text message, which is valid UTF-8 (RFC 3629), or what on_binary()
  // passes on.
  virtual void on_message(std::string_view payload) = 0;
  // A whole binary message. Unless overridden it is taken for text, or ignored
  // when it is not valid UTF-8.
  virtual void on_binary(std::string_view payload);
  // The answer to ping(number).
  virtual void on_pong(std::uint64_t number) = 0;
  // The kernel has taken everything that was waiting, after it once had not.
  virtual void on_drained() = 0;
  // The last call.
  virtual void on_closed(Ended how) = 0;
};

}  // namespace qn::net
