#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "net/chunk_decoder.h"
#include "net/head_parser.h"
#include "net/http.h"

namespace qn::net {

// Turns the bytes of one connection into requests, without I/O: read into
// room(), say filled(n), then advance() until it needs more. Several requests
// in one buffer come out one after the other. Limits and answers depend on the
// bytes only, never on how they are cut. Owned by its connection, single-threaded.
class RequestParser {
 public:
  enum class Event {
    kNeedMore,  // read on
    kHead,      // a body is due: look at head(), call set_body_limit() or stream_body(), go on
    kPiece,     // of a streamed body: take piece() before the next call
    kRequest,   // complete: take() it
    kError,     // answer error_status() and close; the parser is finished
  };
  enum class Phase { kIdle, kHead, kBody };  // between requests, in a head, in a body

  explicit RequestParser(std::size_t max_header);

  // Space for the next bytes, never empty. Only after kNeedMore.
  std::span<char> room();
  void filled(std::size_t n) { end_ += n; }
  Event advance();

  // The head of the request in progress, once has_head().
  HttpRequest& head() { return request_; }
  bool has_head() const { return has_head_; }
  // Nothing of it is missing.
  bool is_complete() const { return state_ == State::kComplete; }
  const HeadFacts& facts() const { return facts_; }
  // The body is collected in the request…
  void set_body_limit(std::size_t limit);
  // …or comes out in pieces of at most 64 KiB.
  void stream_body(std::size_t limit);
  std::string_view piece() const { return piece_; }
  // Nobody wants the rest of a streamed body: the request comes next, and nothing
  // can come after it.
  void abandon_body() { state_ = State::kAbandoned; }
  HttpRequest take();

  int error_status() const { return error_; }
  Phase phase() const;
  // Bytes received and not yet used.
  std::size_t buffered() const { return end_ - begin_; }
  std::string unread() const { return std::string(bytes()); }

 private:
  enum class State { kStart, kHead, kLimitDue, kLength, kChunks, kComplete, kAbandoned, kFailed };

  Event find_head_end();
  Event on_head(std::size_t size);
  Event read_length();
  Event read_chunks();
  Event pass_on(std::string_view piece);
  Event fail(int status);
  Event wait();
  void skip_empty_line();
  std::string_view bytes() const { return {buffer_.get() + begin_, end_ - begin_}; }
  std::size_t wanted_for_body() const;
  void grow(std::size_t capacity);

  const std::size_t max_header_;

  // The unread bytes are [begin_, end_) of the buffer; none while idle.
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  // The request in progress.
  State state_ = State::kStart;
  std::size_t line_ = 0;     // where the current line of the head starts
  std::size_t scanned_ = 0;  // how far its end was searched for
  bool skipped_empty_line_ = false;
  bool has_head_ = false;
  HttpRequest request_;
  HeadFacts facts_;
  std::size_t limit_ = 0;
  std::uint64_t rest_ = 0;  // of a body with a length
  bool is_streamed_ = false;
  std::string_view piece_;  // in the buffer, or in `decoded_`
  std::string decoded_;     // of a streamed body in chunks
  std::optional<ChunkDecoder> chunks_;
  int error_ = 0;
};

}  // namespace qn::net
