#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "net/deadline_queue.h"
#include "net/http.h"
#include "net/reply_writer.h"
#include "net/request_parser.h"
#include "net/server_loop.h"
#include "net/stream.h"
#include "net/ws_handshake.h"

namespace qn::net {

// One client: reads what is there, answers every complete request in order and
// writes the answers together. Owned by the coroutine that runs it, on its loop.
class Connection final : public Deadlined {
 public:
  enum class Role {
    kServe,
    kRefuse,  // one too many: a 503 and goodbye
  };

  Connection(std::shared_ptr<ServerLoop> loop, std::unique_ptr<Stream> stream,
             const IpAddress& peer, Role role);
  ~Connection();

  // To the end of the connection.
  Task<void> run();

  // From the loop.
  void on_deadline() override;
  void flush_waiting();
  void drop() { stream_->cancel(); }

 private:
  friend class ServerLoop;
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Next { kServe, kCloseGently, kClose };

  Task<void> serve();
  Task<void> close_gently();
  // Everything pending, then `tail`. False: the connection is broken.
  Task<bool> flush(std::string_view tail);
  Task<bool> send_body(HttpReply& reply);
  // Answers the handshake and leaves the rest to the loop's WebSockets.
  Task<void> upgrade(HttpReply reply);
  Task<bool> send_source(HttpReply& reply, std::uint64_t& sent);
  Task<Result<std::string>> next_piece(BodySource& source);

  // False: nothing more is wanted from this client.
  bool begin_read();
  void end_read(std::size_t n);
  // False: the body has to be opened first.
  bool admit_body();
  void invite_body();
  Task<void> open_body();
  Task<void> refuse_body(HttpReply reply);
  Task<void> write_piece();
  // Notes what append_head() and finish_request() need to know of it.
  void begin_answer(const HttpRequest& request);
  HttpRequest begin_request();
  void identify(HttpRequest& request);
  Framing append_head(const HttpReply& reply);
  bool append_reply(const HttpReply& reply);
  void finish_request(const HttpReply& reply, std::uint64_t bytes);
  void answer_error(int status);
  HttpReply on_exception(std::exception_ptr failure);
  HttpReply error_reply(int status);
  std::string& out();
  Stream::Write write_now(std::string_view& tail);
  bool flush_now();

  // Constant after construction.
  const std::shared_ptr<ServerLoop> loop_;
  const std::unique_ptr<Stream> stream_;
  const std::string peer_;
  const bool is_peer_trusted_;
  const Role role_;

  // Of the connection.
  std::size_t place_ = 0;  // in the loop's list
  Next next_ = Next::kServe;
  bool expired_ = false;
  bool is_head_timed_ = false;    // the deadline of the head runs already
  bool waits_for_flush_ = false;  // flush_waiting() will come
  bool has_out_ = false;          // `out_` is borrowed and holds something
  std::string out_;
  std::size_t out_sent_ = 0;
  RequestParser parser_;
  std::unique_ptr<BodySink> sink_;          // of the body that is being read
  std::unique_ptr<WsHandshake> handshake_;  // of a request that is an upgrade

  // Of the request being answered.
  bool is_handling_ = false;  // the service has it
  bool is_in_flight_ = false;
  bool keep_alive_ = true;
  Method method_ = Method::kGet;
  Framing framing_ = Framing::kNone;
  int minor_version_ = 1;
  std::string target_;
  std::string address_;
  std::string id_;
  SteadyTime started_;
};

}  // namespace qn::net
