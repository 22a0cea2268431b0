#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace qn::store {

// Text of SQL put together at compile time, so that a column list is written
// once: constexpr auto kSelectX = Sql("SELECT ") + kColumns + " FROM x".
template <std::size_t N>
struct Sql {
  char text[N + 1] = {};

  constexpr Sql() = default;
  constexpr Sql(const char (&literal)[N + 1]) { std::copy_n(literal, N, text); }
  constexpr operator std::string_view() const { return {text, N}; }

  template <std::size_t M>
  constexpr Sql<N + M> operator+(const Sql<M>& other) const {
    Sql<N + M> sum;
    std::copy_n(text, N, sum.text);
    std::copy_n(other.text, M, sum.text + N);
    return sum;
  }
  template <std::size_t M>
  constexpr Sql<N + M - 1> operator+(const char (&literal)[M]) const {
    return *this + Sql<M - 1>(literal);
  }
};

template <std::size_t M>
Sql(const char (&)[M]) -> Sql<M - 1>;

}  // namespace qn::store
