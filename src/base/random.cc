#include "base/random.h"

#include <sodium.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "base/bytes.h"

namespace qn {

std::string Random::hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill(std::as_writable_bytes(std::span(raw)));
  return to_hex(raw);
}

std::string Random::uuid() {
  std::array<std::byte, 16> b;
  fill(b);
  b[6] = (b[6] & std::byte{0x0f}) | std::byte{0x40};
  b[8] = (b[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text = to_hex({reinterpret_cast<const char*>(b.data()), b.size()});
  for (std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Rejection keeps the result uniform.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t v = 0;
  do {
    fill(std::as_writable_bytes(std::span(&v, 1)));
  } while (v >= limit);
  return v % bound;
}

SystemRandom::SystemRandom() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium has no source of randomness");
}

void SystemRandom::fill(std::span<std::byte> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace qn
