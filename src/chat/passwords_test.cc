#include "chat/passwords.h"

#include <gtest/gtest.h>

namespace qn::chat {
namespace {

constexpr PasswordCost kCheap{1, 64_KiB};

TEST(Passwords, HashMatchesItsPasswordOnly) {
  const auto hash = hash_password("密码密码密码", kCheap);
  ASSERT_TRUE(hash.has_value());
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_EQ(match_password("密码密码密码", *hash, kCheap), PasswordMatch::kYes);
  EXPECT_EQ(match_password("密码密码密", *hash, kCheap), PasswordMatch::kNo);
  EXPECT_EQ(match_password("", *hash, kCheap), PasswordMatch::kNo);
}

TEST(Passwords, EqualPasswordsHashDifferently) {
  EXPECT_NE(*hash_password("123456", kCheap), *hash_password("123456", kCheap));
}

TEST(Passwords, RaisedCostMarksOldHashesOutdated) {
  const auto hash = hash_password("123456", kCheap);
  EXPECT_EQ(match_password("123456", *hash, {2, 64_KiB}), PasswordMatch::kYesOutdated);
  EXPECT_EQ(match_password("123457", *hash, {2, 64_KiB}), PasswordMatch::kNo);
}

// The sample row of the reference's documentation.
TEST(Passwords, ReferenceHashMatchesAndIsOutdated) {
  constexpr std::string_view kStored =
      "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92";
  EXPECT_EQ(match_password("123456", kStored, kCheap), PasswordMatch::kYesOutdated);
  EXPECT_EQ(match_password("1234567", kStored, kCheap), PasswordMatch::kNo);
  std::string upper(kStored);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(match_password("123456", upper, kCheap), PasswordMatch::kYesOutdated);
}

TEST(Passwords, NothingMatchesWhatIsNoHash) {
  const std::string not_hex = std::string(63, 'a') + 'g';
  const std::string endless = "$argon2id$" + std::string(500, 'a');
  for (const std::string& stored : {std::string(), std::string(kNoPassword), std::string("123456"),
                                    not_hex, endless, std::string("$argon2id$v=19$garbage")}) {
    EXPECT_EQ(match_password("123456", stored, kCheap), PasswordMatch::kNo) << stored;
    EXPECT_EQ(match_password(stored, stored, kCheap), PasswordMatch::kNo) << stored;
  }
}

}  // namespace
}  // namespace qn::chat
