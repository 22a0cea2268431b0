#pragma once

#include <exception>
#include <string>

namespace qn::net {

// The text of an exception that is being handled, for the log.
inline std::string what_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace qn::net
