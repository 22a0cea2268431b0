#include "net/request_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace qn::net {
namespace {

constexpr std::size_t kIdleBuffer = 2_KiB;  // most requests fit, and it may stay while idle
constexpr std::size_t kBodyBuffer = 64_KiB;
constexpr std::size_t kMaxPiece = 64_KiB;          // of a streamed body
constexpr std::size_t kFirstBodyReserve = 64_KiB;  // what a length alone may claim

// A method starts with a token character; anything else is another protocol.
bool starts_method(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header) : max_header_(max_header) {}

std::span<char> RequestParser::room() {
  if (begin_ == end_) begin_ = end_ = 0;
  const std::size_t wanted = wanted_for_body();
  if (capacity_ < wanted) {
    grow(wanted);
  } else if (end_ == capacity_) {
    grow(begin_ > 0 ? capacity_ : std::max(kIdleBuffer, capacity_ * 2));
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

std::size_t RequestParser::wanted_for_body() const {
  if (state_ == State::kChunks) return kBodyBuffer;
  if (state_ != State::kLength) return 0;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(rest_, kIdleBuffer, kBodyBuffer));
}

void RequestParser::grow(std::size_t capacity) {
  if (capacity == capacity_) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, buffered());
  } else {
    auto wider = std::make_unique_for_overwrite<char[]>(capacity);
    if (buffered() > 0) std::memcpy(wider.get(), buffer_.get() + begin_, buffered());
    buffer_ = std::move(wider);
    capacity_ = capacity;
  }
  end_ -= begin_;
  begin_ = 0;
}

RequestParser::Event RequestParser::advance() {
  switch (state_) {
    case State::kStart:
      skip_empty_line();
      if (begin_ == end_) return wait();
      if (bytes() == "\r" && !skipped_empty_line_) return Event::kNeedMore;
      if (!starts_method(bytes().front())) return fail(400);
      state_ = State::kHead;
      return find_head_end();
    case State::kHead:
      return find_head_end();
    case State::kLimitDue:
      return fail(413);  // nobody allowed a body
    case State::kLength:
      return read_length();
    case State::kChunks:
      return read_chunks();
    case State::kComplete:
    case State::kAbandoned:
      return Event::kRequest;
    case State::kFailed:
      return Event::kError;
  }
  return Event::kError;
}

// Some clients end a body with a line end of their own (RFC 9112 §2.2). One.
void RequestParser::skip_empty_line() {
  if (skipped_empty_line_ || !bytes().starts_with("\r\n")) return;
  begin_ += 2;
  skipped_empty_line_ = true;
}

// Gives the buffer back when it is empty and larger than an idle one.
RequestParser::Event RequestParser::wait() {
  if (capacity_ > kIdleBuffer && begin_ == end_ && state_ == State::kStart) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  return Event::kNeedMore;
}

// Line by line up to the empty one. Beast then sees whole heads only, so that
// its limits and errors cannot depend on the size of the reads.
RequestParser::Event RequestParser::find_head_end() {
  const auto all = bytes();
  for (;;) {
    const auto at = all.find('\n', scanned_);
    const std::size_t seen = at == std::string_view::npos ? all.size() : at + 1;
    const bool has_line = line_ > 0 && line_ < std::min(all.size(), max_header_);
    if (has_line && (all[line_] == ' ' || all[line_] == '\t')) return fail(400);  // folded
    if (seen > max_header_) return fail(431);
    if (at == std::string_view::npos) {
      scanned_ = all.size();
      return Event::kNeedMore;
    }
    if (at == 0 || all[at - 1] != '\r') return fail(400);
    const bool is_empty = at == line_ + 1;
    line_ = scanned_ = at + 1;
    if (is_empty) return on_head(line_);
  }
}

RequestParser::Event RequestParser::on_head(std::size_t size) {
  const int status = parse_head(bytes().substr(0, size), request_, facts_);
  if (status != 0) return fail(status);
  has_head_ = true;
  begin_ += size;
  line_ = scanned_ = 0;
  if (facts_.body == HeadFacts::Body::kNone) {
    state_ = State::kComplete;
    return Event::kRequest;
  }
  state_ = State::kLimitDue;
  return Event::kHead;
}

void RequestParser::set_body_limit(std::size_t limit) {
  limit_ = limit;
  rest_ = facts_.content_length;
  if (facts_.body == HeadFacts::Body::kChunked) {
    chunks_.emplace(limit, max_header_);
    state_ = State::kChunks;
  } else {
    state_ = State::kLength;
  }
}

void RequestParser::stream_body(std::size_t limit) {
  is_streamed_ = true;
  set_body_limit(limit);
}

RequestParser::Event RequestParser::read_length() {
  if (facts_.content_length > limit_) return fail(413);
  auto& body = request_.body;
  if (body.empty() && !is_streamed_) {
    body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(rest_, kFirstBodyReserve)));
  }
  const auto most = is_streamed_ ? kMaxPiece : SIZE_MAX;
  const auto piece =
      bytes().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(rest_, most)));
  begin_ += piece.size();
  rest_ -= piece.size();
  if (is_streamed_ && !piece.empty()) return pass_on(piece);
  body.append(piece);
  if (rest_ > 0) return Event::kNeedMore;
  state_ = State::kComplete;
  return Event::kRequest;
}

RequestParser::Event RequestParser::pass_on(std::string_view piece) {
  piece_ = piece;
  return Event::kPiece;
}

RequestParser::Event RequestParser::read_chunks() {
  auto in = bytes().substr(0, is_streamed_ ? kMaxPiece : SIZE_MAX);
  const std::size_t before = in.size();
  decoded_.clear();
  const auto result = chunks_->decode(in, is_streamed_ ? decoded_ : request_.body);
  begin_ += before - in.size();
  switch (result) {
    case ChunkDecoder::State::kMore:
      if (!decoded_.empty()) return pass_on(decoded_);
      return begin_ < end_ ? read_chunks() : Event::kNeedMore;
    case ChunkDecoder::State::kDone:
      chunks_.reset();
      state_ = State::kComplete;
      return decoded_.empty() ? Event::kRequest : pass_on(decoded_);
    case ChunkDecoder::State::kMalformed:
      return fail(400);
    case ChunkDecoder::State::kBodyTooLarge:
      return fail(413);
    case ChunkDecoder::State::kOverheadTooLarge:
      return fail(431);
  }
  return fail(400);
}

RequestParser::Event RequestParser::fail(int status) {
  error_ = status;
  state_ = State::kFailed;
  return Event::kError;
}

HttpRequest RequestParser::take() {
  state_ = State::kStart;
  skipped_empty_line_ = has_head_ = is_streamed_ = false;
  if (decoded_.capacity() > 0) std::string().swap(decoded_);
  return std::exchange(request_, HttpRequest{});
}

RequestParser::Phase RequestParser::phase() const {
  switch (state_) {
    case State::kStart:
      return begin_ == end_ ? Phase::kIdle : Phase::kHead;
    case State::kHead:
      return Phase::kHead;
    default:
      return Phase::kBody;
  }
}

}  // namespace qn::net
