#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "model/user.h"

namespace qn::chat {

// What a token says: which session it names, never user data (defect S1).
struct TokenClaims {
  UserId user;
  model::Role role = model::Role::kUser;
  std::string session;
  Time issued;
  Time expires;  // hard end; the session's own expiry slides below it
};

// Makes and reads HS256 JSON Web Tokens (RFC 7515, RFC 7519) with one fixed
// header, so "alg" is never taken from the wire. Immutable after construction:
// any thread.
class TokenSigner {
 public:
  explicit TokenSigner(std::string_view secret);
  ~TokenSigner();

  std::string sign(const TokenClaims& claims) const;
  // Nothing unless this signer made it. Expiry is the caller's business: it has
  // the clock.
  std::optional<TokenClaims> verify(std::string_view token) const;

 private:
  struct Key;
  std::string mac(std::string_view text) const;
  std::unique_ptr<const Key> key_;
};

}  // namespace qn::chat
