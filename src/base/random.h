#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace qn {

// Cryptographically secure bytes; any thread. A constructor parameter, so that
// tests can make it repeatable.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;

  // `bytes` random bytes as lower-case hex.
  std::string hex(std::size_t bytes);
  // A version 4 UUID, lower case, 36 characters (RFC 9562 §5.4).
  std::string uuid();
  // Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

// The kernel's generator through libsodium.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  void fill(std::span<std::byte> out) override;
};

}  // namespace qn
