#include "wire/multipart_reader.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "wire/escapes.h"
#include "wire/header_value.h"

namespace qn::wire {
namespace {

constexpr std::size_t kMaxHeaderBlock = 8_KiB;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1
constexpr std::size_t kMaxPadding = 256;  // white space behind a delimiter
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlankLine = "\r\n\r\n";

Error malformed(std::string_view detail) {
  return {ErrorCode::kMalformed, "请求体不是合法的表单", "multipart: " + std::string(detail)};
}

std::string base_name(std::string name) {
  const std::size_t slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

bool read_disposition(std::string_view text, PartHead& part) {
  const HeaderValue disposition = parse_header_value(text);
  const std::string* name = disposition.find("name");
  if (disposition.value != "form-data" || name == nullptr) return false;
  part.name = scrub_utf8(*name);
  const std::string* filename = disposition.find("filename");
  const std::string* extended = disposition.find("filename*");
  const auto decoded = extended == nullptr ? std::nullopt : decode_extended(*extended);
  part.is_file = filename != nullptr || decoded.has_value();
  if (part.is_file) part.filename = base_name(decoded ? *decoded : scrub_utf8(*filename));
  return true;
}

// Reads the header lines, each still with its CRLF; false when one is broken
// or the name of the field is missing or given twice.
bool read_headers(std::string_view block, PartHead& part) {
  bool is_named = false;
  while (!block.empty()) {
    const std::size_t end = block.find(kLineEnd);
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(end + kLineEnd.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string name = to_lower_ascii(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    if (name == "content-disposition") {
      if (is_named || !read_disposition(value, part)) return false;
      is_named = true;
    }
    if (name == "content-type") part.content_type = scrub_utf8(std::string(value));
  }
  return is_named;
}

}  // namespace

// A delimiter line, or the place where one may begin with what is still to come.
struct MultipartReader::Delimiter {
  enum class Kind { kNone, kMaybe, kNext, kLast };
  Kind kind = Kind::kNone;
  std::size_t begin = 0;  // where the data before it ends
  std::size_t end = 0;    // where the next part begins

  bool is_whole() const { return kind == Kind::kNext || kind == Kind::kLast; }
};

Error body_ends_early() {
  return malformed("body ends early");
}

Result<MultipartReader> MultipartReader::open(std::string_view content_type,
                                              std::size_t max_parts) {
  const HeaderValue type = parse_header_value(content_type);
  const std::string* boundary = type.find("boundary");
  if (boundary == nullptr || boundary->empty()) return malformed("no boundary");
  if (boundary->size() > kMaxBoundary) return malformed("boundary too long");
  if (boundary->find_first_of(kLineEnd) != std::string::npos) return malformed("bad boundary");
  return MultipartReader("\r\n--" + *boundary, max_parts);
}

// The first delimiter may stand at the very beginning, without a line end.
MultipartReader::MultipartReader(std::string pattern, std::size_t max_parts)
    : pattern_(std::move(pattern)), max_parts_(max_parts), buffer_(kLineEnd) {}

void MultipartReader::push(std::string_view piece) {
  if (state_ == State::kEnd || state_ == State::kFailed) return;
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_ += piece;
}

MultipartReader::Event MultipartReader::next() {
  switch (state_) {
    case State::kPreamble:
      return skip_preamble();
    case State::kHeader:
      return read_header();
    case State::kData:
      return read_data();
    case State::kPartEnd:
      state_ = is_last_ ? State::kEnd : State::kHeader;
      return Event::kPartEnd;
    case State::kEnd:
      return Event::kEnd;
    case State::kFailed:
      return Event::kError;
  }
  return Event::kError;
}

MultipartReader::Event MultipartReader::skip_preamble() {
  const Delimiter found = find_delimiter();
  begin_ += found.begin;
  if (!found.is_whole()) return Event::kNeedMore;
  begin_ -= found.begin;
  pass(found);
  state_ = is_last_ ? State::kEnd : State::kHeader;
  return next();
}

MultipartReader::Event MultipartReader::read_header() {
  if (parts_ == max_parts_) return fail("too many parts");
  const std::string_view rest = unread().substr(0, kMaxHeaderBlock);
  const std::size_t blank = rest.find(kBlankLine, scanned_);
  if (blank == std::string_view::npos) {
    if (rest.size() == kMaxHeaderBlock) return fail("no end of a part's header");
    scanned_ = rest.size() - std::min(rest.size(), kBlankLine.size() - 1);
    return Event::kNeedMore;
  }
  part_ = {};
  if (!read_headers(rest.substr(0, blank + kLineEnd.size()), part_)) {
    return fail("bad header of a part");
  }
  ++parts_;
  scanned_ = 0;
  // The CRLF that ends the header may also begin the delimiter of no data.
  begin_ += blank + kLineEnd.size();
  skip_ = kLineEnd.size();
  state_ = State::kData;
  return Event::kPart;
}

MultipartReader::Event MultipartReader::read_data() {
  const Delimiter found = find_delimiter();
  const std::size_t skipped = std::min(skip_, found.begin);
  data_ = unread().substr(skipped, found.begin - skipped);
  skip_ -= skipped;
  if (found.is_whole()) {
    pass(found);
    skip_ = 0;
    state_ = State::kPartEnd;
    return data_.empty() ? next() : Event::kData;
  }
  begin_ += found.begin;
  return data_.empty() ? Event::kNeedMore : Event::kData;
}

void MultipartReader::pass(const Delimiter& delimiter) {
  begin_ += delimiter.end;
  is_last_ = delimiter.kind == Delimiter::Kind::kLast;
}

// Linear in what it passes over: the pattern has its only '\r' in front, so that
// failed comparisons never overlap.
MultipartReader::Delimiter MultipartReader::find_delimiter() const {
  const std::string_view rest = unread();
  for (auto at = rest.find('\r'); at != std::string_view::npos; at = rest.find('\r', at + 1)) {
    const Delimiter found = examine(rest, at);
    if (found.kind != Delimiter::Kind::kNone) return found;
  }
  return {Delimiter::Kind::kNone, rest.size(), rest.size()};
}

MultipartReader::Delimiter MultipartReader::examine(std::string_view rest, std::size_t at) const {
  using Kind = Delimiter::Kind;
  const Delimiter maybe{Kind::kMaybe, at, at};
  const std::string_view line = rest.substr(at);
  const std::size_t known = std::min(line.size(), pattern_.size());
  if (line.substr(0, known) != std::string_view(pattern_).substr(0, known)) return {};
  if (known < pattern_.size()) return maybe;
  const std::string_view after = line.substr(known);
  if (after.starts_with("--")) return {Kind::kLast, at, at + known + 2};
  if (after.empty() || after == "-") return maybe;
  const std::size_t padding = std::min(after.find_first_not_of(" \t"), after.size());
  if (padding > kMaxPadding) return {};
  const std::string_view tail = after.substr(padding);
  if (tail.empty() || tail == "\r") return maybe;
  if (!tail.starts_with(kLineEnd)) return {};
  return {Kind::kNext, at, at + known + padding + kLineEnd.size()};
}

MultipartReader::Event MultipartReader::fail(std::string_view detail) {
  error_ = malformed(detail);
  state_ = State::kFailed;
  return Event::kError;
}

}  // namespace qn::wire
