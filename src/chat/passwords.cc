#include "chat/passwords.h"

#include <sodium.h>

#include <cctype>

namespace qn::chat {
namespace {

constexpr std::size_t kLegacySize = crypto_hash_sha256_BYTES * 2;

bool is_legacy(std::string_view stored) {
  if (stored.size() != kLegacySize) return false;
  for (const char c : stored) {
    if (!std::isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

}  // namespace

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  char out[crypto_pwhash_STRBYTES];
  const int rc = crypto_pwhash_str_alg(out, password.data(), password.size(), cost.passes,
                                       cost.memory, crypto_pwhash_ALG_ARGON2ID13);
  if (rc != 0) return unavailable("Argon2id could not get its memory");
  return std::string(out);
}

PasswordMatch match_password(std::string_view password, std::string_view stored,
                             PasswordCost cost) {
  if (is_legacy(stored)) {
    std::string expected(stored);
    for (char& c : expected) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return equal_constant_time(sha256_hex(password), expected) ? PasswordMatch::kYesOutdated
                                                               : PasswordMatch::kNo;
  }
  if (!stored.starts_with("$argon2id$") || stored.size() >= crypto_pwhash_STRBYTES) {
    return PasswordMatch::kNo;
  }
  const std::string hash(stored);  // libsodium wants the terminator
  if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0) {
    return PasswordMatch::kNo;
  }
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory) == 0
             ? PasswordMatch::kYes
             : PasswordMatch::kYesOutdated;
}

Task<Result<std::string>> PasswordHasher::hash(std::string password) {
  auto job = [&password, this] { return hash_password(password, cost_); };
  CO_TRY(auto hashed, co_await pool_.run(std::move(job)));
  co_return hashed;
}

Task<Result<PasswordMatch>> PasswordHasher::match(std::string password, std::string stored) {
  auto job = [&password, &stored, this] { return match_password(password, stored, cost_); };
  co_return co_await pool_.run(std::move(job));
}

}  // namespace qn::chat
