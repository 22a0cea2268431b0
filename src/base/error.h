#pragma once

#include <string>
#include <string_view>

namespace qn {

// Why an operation did not succeed, independent of any protocol. wire/errors.cc
// is the only place that turns a code into a status.
enum class ErrorCode {
  kInvalid,      // the input breaks a validation rule (HTTP 422)
  kRefused,      // a business rule or an authorisation says no (HTTP 400, text for the user)
  kMalformed,    // the bytes are not what their content type promises
  kNotFound,     // no such route or resource (HTTP 404)
  kTooLarge,     // the body is over the route's limit
  kConflict,     // a unique key is taken; services turn it into kRefused with its text
  kOverloaded,   // a bounded queue is full: try again later
  kUnavailable,  // a store, cache or peer does not answer
  kDeadline,     // the operation's deadline passed
  kInternal,     // a bug or a broken environment
};

std::string_view to_string(ErrorCode code);

// An expected failure. `text` is shown to the client as it is; `detail` goes to
// the log only and never leaves the process.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string text;
  std::string detail;
};

inline Error refused(std::string_view text) {
  return {ErrorCode::kRefused, std::string(text), {}};
}
inline Error unavailable(std::string_view detail) {
  return {ErrorCode::kUnavailable, {}, std::string(detail)};
}
inline Error internal_error(std::string_view detail) {
  return {ErrorCode::kInternal, {}, std::string(detail)};
}

}  // namespace qn
