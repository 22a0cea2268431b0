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
    kHead,      // a body is due: look at head(), call set_body_limit(), go on
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
  const HttpRequest& head() const { return request_; }
  bool has_head() const { return has_head_; }
  const HeadFacts& facts() const { return facts_; }
  void set_body_limit(std::size_t limit);
  HttpRequest take();

  int error_status() const { return error_; }
  Phase phase() const;
  // Bytes received and not yet used.
  std::size_t buffered() const { return end_ - begin_; }

 private:
  enum class State { kStart, kHead, kLimitDue, kLength, kChunks, kComplete, kFailed };

  Event find_head_end();
  Event on_head(std::size_t size);
  Event read_length();
  Event read_chunks();
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
  std::optional<ChunkDecoder> chunks_;
  int error_ = 0;
};

}  // namespace qn::net
