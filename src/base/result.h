#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace qn {

// Value or Error, with the member names of std::expected so that C++23 can
// replace it. Like std::expected it must be looked at.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return assert(!has_value()), *std::get_if<1>(&state_); }
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  void value() const { assert(has_value()); }
  Error& error() & { return assert(!has_value()), *std::get_if<1>(&state_); }
  const Error& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
  Error&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<std::monostate, Error> state_;
};

#define QN_CONCAT_(a, b) a##b
#define QN_CONCAT(a, b) QN_CONCAT_(a, b)

// TRY(auto row, find(id)): binds the value or returns the error from a plain
// function; CO_TRY does the same in a coroutine. CHECK_OK / CO_CHECK_OK are for
// Result<void>. The awaited call stands alone in its statement on purpose:
// g++ 12 miscompiles temporaries in larger co_await expressions.
#define QN_TRY_(leave, tmp, decl, ...)                \
  auto tmp = (__VA_ARGS__);                           \
  if (!tmp.has_value()) leave std::move(tmp).error(); \
  decl = std::move(tmp).value()
#define TRY(decl, ...) QN_TRY_(return, QN_CONCAT(qn_try_, __LINE__), decl, __VA_ARGS__)
#define CO_TRY(decl, ...) QN_TRY_(co_return, QN_CONCAT(qn_try_, __LINE__), decl, __VA_ARGS__)
#define QN_CHECK_(leave, tmp, ...)                      \
  do {                                                  \
    auto tmp = (__VA_ARGS__);                           \
    if (!tmp.has_value()) leave std::move(tmp).error(); \
  } while (false)
#define CHECK_OK(...) QN_CHECK_(return, QN_CONCAT(qn_check_, __LINE__), __VA_ARGS__)
#define CO_CHECK_OK(...) QN_CHECK_(co_return, QN_CONCAT(qn_check_, __LINE__), __VA_ARGS__)

}  // namespace qn
