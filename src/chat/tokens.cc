#include "chat/tokens.h"

#include <sodium.h>

#include <boost/json.hpp>

#include "base/bytes.h"

namespace qn::chat {
namespace {

namespace json = boost::json;

// base64url of {"alg":"HS256","typ":"JWT"}.
constexpr std::string_view kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
// Far above what we make; keeps the decoder's work bounded.
constexpr std::size_t kMaxToken = 1024;

std::int64_t seconds(Time t) {
  return to_millis(t) / 1000;
}
Time from_seconds(std::int64_t s) {
  return time_from_millis(s * 1000);
}

std::optional<TokenClaims> read_claims(std::string_view payload) {
  unsigned char buffer[2048];
  json::monotonic_resource memory(buffer, sizeof buffer);
  boost::system::error_code failed;
  const json::value value = json::parse(payload, failed, &memory);
  const json::object* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;

  const auto* uid = object->if_contains("uid");
  const auto* role = object->if_contains("role");
  const auto* sid = object->if_contains("sid");
  const auto* iat = object->if_contains("iat");
  const auto* exp = object->if_contains("exp");
  if (!uid || !uid->is_int64() || !role || !role->is_string() || !sid || !sid->is_string() ||
      !iat || !iat->is_int64() || !exp || !exp->is_int64()) {
    return std::nullopt;
  }
  constexpr std::int64_t kMaxSeconds = 100'000'000'000;  // keeps milliseconds in range
  if (iat->get_int64() < 0 || exp->get_int64() < 0 || iat->get_int64() > kMaxSeconds ||
      exp->get_int64() > kMaxSeconds) {
    return std::nullopt;
  }
  return TokenClaims{UserId(uid->get_int64()),
                     model::role_from(std::string_view(role->get_string())),
                     std::string(sid->get_string()), from_seconds(iat->get_int64()),
                     from_seconds(exp->get_int64())};
}

}  // namespace

// The hash state after the key's inner and outer blocks: saves two of five
// compressions on every token.
struct TokenSigner::Key {
  crypto_auth_hmacsha256_state state;
};

TokenSigner::TokenSigner(std::string_view secret) {
  auto key = std::make_unique<Key>();
  crypto_auth_hmacsha256_init(&key->state, reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size());
  key_ = std::move(key);
}

TokenSigner::~TokenSigner() = default;

std::string TokenSigner::mac(std::string_view text) const {
  auto state = key_->state;
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string TokenSigner::sign(const TokenClaims& claims) const {
  const json::value payload = {{"uid", claims.user.value},
                               {"role", model::to_string(claims.role)},
                               {"sid", claims.session},
                               {"iat", seconds(claims.issued)},
                               {"exp", seconds(claims.expires)}};
  std::string token = std::string(kHeader) + '.' + to_base64url(json::serialize(payload));
  token += '.' + to_base64url(mac(token));
  return token;
}

std::optional<TokenClaims> TokenSigner::verify(std::string_view token) const {
  if (token.size() > kMaxToken) return std::nullopt;
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  if (token.substr(0, first) != kHeader) return std::nullopt;

  const auto signature = from_base64url(token.substr(last + 1));
  if (!signature || !equal_constant_time(*signature, mac(token.substr(0, last)))) {
    return std::nullopt;
  }
  const auto payload = from_base64url(token.substr(first + 1, last - first - 1));
  return payload ? read_claims(*payload) : std::nullopt;
}

}  // namespace qn::chat
