// The token parser: whatever comes in a `token` header. Only what the signer
// made may be read, and reading must never fail in any other way.
#include <cstdlib>
#include <string_view>

#include "chat/tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const qn::chat::TokenSigner signer("0123456789abcdef0123456789abcdef");
  const std::string_view token(reinterpret_cast<const char*>(data), size);
  const auto claims = signer.verify(token);
  // A random input cannot carry a right signature; a re-signed one is read back.
  if (claims && signer.verify(signer.sign(*claims))->session != claims->session) std::abort();

  // The same bytes as a payload that is signed properly reach the claim reader.
  const std::string_view header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
  static_cast<void>(signer.verify(std::string(header) + '.' + std::string(token)));
  return 0;
}
