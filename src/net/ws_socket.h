#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "net/channel.h"
#include "net/deadline_queue.h"
#include "net/websocket.h"
#include "net/ws_frame.h"
#include "net/ws_metrics.h"
#include "net/ws_outbound.h"
#include "net/ws_parser.h"

namespace qn::net {

class WsLoop;

// One WebSocket: a few dozen bytes while it is idle. A parser belongs to it only
// while a message is half received, a queue only while something waits. Owned by
// its WsLoop, touched only there; destroyed at the end of a turn, never in one of
// its own functions.
class WsSocket final : public WsConnection {
 public:
  // deflate_window: see WsHandshake.
  WsSocket(WsLoop& loop, std::unique_ptr<Channel> channel, std::unique_ptr<WsHandler> handler,
           int deflate_window);

  // For the application.
  bool send(WsFramePtr frame) override;
  void ping(std::uint64_t number) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void drop() override;
  std::size_t outbound() const override { return out_ ? out_->bytes() : 0; }

  // For the loop. The first call; `unread` came behind the handshake.
  void open(std::span<char> unread);
  void on_events(std::uint32_t events);
  // Reads once; more than that would keep others waiting.
  void read();
  void flush();
  void report_drained();
  // The last call but for the destructor.
  void end();
  // Without a close frame, as all of the loop's.
  void stop() { fall(WsHandler::Ended::kDropped, WsLoss::kStop); }

  // The loop's notes.
  std::size_t place = 0;
  bool is_dirty = false;   // flush() will come
  bool is_unread = false;  // read() will come

 private:
  enum class State : std::uint8_t {
    kOpen,
    kClosing,  // our close frame is under way; the handler waits for the end
    kLast,     // no handler any more; the rest is being written
    kLinger,   // everything is written; what still comes in is dropped
    kOver,
  };
  // A peer that does not say goodbye in time.
  struct Farewell final : Deadlined {
    explicit Farewell(WsSocket& s) : socket(s) {}
    void on_deadline() override { socket.on_close_timeout(); }
    WsSocket& socket;
  };

  void take_input(std::span<char> bytes);
  bool is_reading() const { return state_ == State::kOpen || state_ == State::kClosing; }
  void on_event(WsParser::Event event, const WsParser& parser);
  void on_message(WsParser::Event event, std::string_view payload);
  void on_pong(std::string_view payload);
  void on_peer_close(std::uint16_t code);
  void on_violation(std::uint16_t code);
  void on_close_timeout();
  void on_end_of_input();
  void on_all_written();
  void queue(WsFramePtr frame);
  Stream::Write write_now();
  std::string_view form_of(const WsFrame& frame) const;
  // Ends the connection at the end of the turn.
  void fall(WsHandler::Ended how, WsLoss cause);
  // The same, after everything that had to be said.
  void finish();
  // From here on there is no handler.
  void begin_last(WsHandler::Ended how);
  void start_farewell();
  // What epoll has to report: input as long as it is read, and `more`.
  void watch(std::uint32_t more);
  // The handler's last call, and its end.
  void tell(WsHandler::Ended how);
  // Calls the handler; an exception of it ends the connection.
  template <class Call>
  void guard(Call call);

  WsLoop& loop_;
  std::unique_ptr<Channel> channel_;
  std::unique_ptr<WsHandler> handler_;
  std::unique_ptr<WsParser> parser_;
  std::unique_ptr<WsOutbound> out_;
  std::unique_ptr<Farewell> farewell_;
  State state_ = State::kOpen;
  WsHandler::Ended ended_ = WsHandler::Ended::kBroken;
  std::uint8_t deflate_window_;
  bool is_full_ = false;          // the kernel took only a part
  bool has_peer_closed_ = false;  // nothing comes after its close frame
  std::uint32_t watched_ = 0;     // of epoll
};

}  // namespace qn::net
