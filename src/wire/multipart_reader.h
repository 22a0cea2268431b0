#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::wire {

// What the header of one part of a multipart/form-data body says. A part with a
// file name, even an empty one, is a file, any other a field. Everything is UTF-8.
struct PartHead {
  std::string name;
  std::string filename;  // without its folders
  bool is_file = false;
  std::string content_type;
};

// Reads a multipart/form-data body (RFC 7578) while it arrives, in one pass: push
// a piece of any size, take the events until kNeedMore, and so on. Events and
// errors depend on the bytes only, never on how they are cut; only the data of a
// part comes in other pieces. Holds one piece and at most 8 KiB besides. A value
// type without I/O, for one body.
class MultipartReader {
 public:
  enum class Event {
    kNeedMore,  // push on; if there is no more, the body has ended early
    kPart,      // a part begins: part()
    kData,      // some of its data(), never empty; valid until the next call
    kPartEnd,
    kEnd,    // the last delimiter has come; whatever follows is ignored
    kError,  // error(); the reader is finished
  };

  // kMalformed: the content type has no usable boundary.
  static Result<MultipartReader> open(std::string_view content_type, std::size_t max_parts);

  void push(std::string_view piece);
  Event next();

  const PartHead& part() const { return part_; }
  std::string_view data() const { return data_; }
  // kMalformed with a text for the user.
  const Error& error() const { return error_; }

 private:
  enum class State { kPreamble, kHeader, kData, kPartEnd, kEnd, kFailed };
  struct Delimiter;

  MultipartReader(std::string pattern, std::size_t max_parts);
  Event skip_preamble();
  Event read_header();
  Event read_data();
  Event fail(std::string_view detail);
  Delimiter find_delimiter() const;
  Delimiter examine(std::string_view rest, std::size_t at) const;
  void pass(const Delimiter& delimiter);
  std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }

  std::string pattern_;  // CRLF, "--" and the boundary
  std::size_t max_parts_;

  State state_ = State::kPreamble;
  std::string buffer_;       // what is unread begins at `begin_`
  std::size_t begin_ = 0;    // of `buffer_`
  std::size_t scanned_ = 0;  // of a header, how far its end was searched for
  std::size_t skip_ = 0;     // of the data, the line end that belongs to the header
  std::size_t parts_ = 0;
  bool is_last_ = false;  // the delimiter that was found
  PartHead part_;
  std::string_view data_;
  Error error_;
};

// The error of a body that is over before kEnd.
Error body_ends_early();

}  // namespace qn::wire
