#include "chat/tokens.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace qn::chat {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

TokenClaims sample() {
  return {UserId(42), model::Role::kVisitor, "00112233445566778899aabbccddeeff",
          time_from_millis(1'760'000'000'000), time_from_millis(1'790'000'000'000)};
}

// A token of our own making with other parts, signed with `secret`.
std::string forge(std::string_view header, std::string_view payload, std::string_view secret) {
  const TokenSigner signer(secret);
  const std::string good = signer.sign(sample());
  return to_base64url(header) + '.' + to_base64url(payload) + good.substr(good.rfind('.'));
}

TEST(TokenSigner, ReadsWhatItSigned) {
  const TokenSigner signer(kSecret);
  const auto claims = signer.verify(signer.sign(sample()));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->user, UserId(42));
  EXPECT_EQ(claims->role, model::Role::kVisitor);
  EXPECT_EQ(claims->session, sample().session);
  EXPECT_EQ(claims->issued, sample().issued);
  EXPECT_EQ(claims->expires, sample().expires);
}

TEST(TokenSigner, TokenHoldsNoUserData) {
  const std::string token = TokenSigner(kSecret).sign(sample());
  const auto first = token.find('.');
  const auto payload = from_base64url(token.substr(first + 1, token.rfind('.') - first - 1));
  ASSERT_TRUE(payload);
  EXPECT_EQ(*payload, R"({"uid":42,"role":"visitor","sid":"00112233445566778899aabbccddeeff",)"
                      R"("iat":1760000000,"exp":1790000000})");
}

TEST(TokenSigner, RefusesAnyChangedCharacter) {
  const TokenSigner signer(kSecret);
  const std::string token = signer.sign(sample());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer.verify(changed)) << "position " << i;
  }
}

TEST(TokenSigner, RefusesOtherSecretsAlgorithmsAndGarbage) {
  const TokenSigner signer(kSecret);
  EXPECT_FALSE(TokenSigner("another secret").verify(signer.sign(sample())));
  EXPECT_FALSE(signer.verify(forge(R"({"alg":"none","typ":"JWT"})", "{}", kSecret)));
  EXPECT_FALSE(signer.verify(forge(R"({"alg":"HS256","typ":"JWT"})", R"({"uid":1})", kSecret)));
  for (const char* garbage : {"", ".", "..", "...", "abc", "a.b.c",
                              "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..", "您没有权限"}) {
    EXPECT_FALSE(signer.verify(garbage)) << garbage;
  }
  EXPECT_FALSE(signer.verify(std::string(100'000, 'a')));
}

}  // namespace
}  // namespace qn::chat
