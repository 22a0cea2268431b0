#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qn {

constexpr std::size_t operator""_KiB(unsigned long long n) {
  return n * 1024;
}
constexpr std::size_t operator""_MiB(unsigned long long n) {
  return n * 1024 * 1024;
}

// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
// SHA-256 (FIPS 180-4) as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);
// Base64 with padding (RFC 4648 §4).
std::string to_base64(std::string_view bytes);
// Base64 in the URL alphabet without padding (RFC 4648 §5), as JWT uses it.
std::string to_base64url(std::string_view bytes);
// Nothing when a character, the length or the trailing bits are wrong.
std::optional<std::string> from_base64url(std::string_view text);
// Takes the same time wherever the difference is. Lengths are not secret.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace qn
