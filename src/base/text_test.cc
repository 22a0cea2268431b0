#include "base/text.h"

#include <gtest/gtest.h>

namespace qn {
namespace {

TEST(Text, CountsAsTheReferenceDoes) {
  EXPECT_EQ(count_code_points("汉a😀"), 3u);
  EXPECT_EQ(count_utf16_units("汉a😀"), 4u);
  EXPECT_EQ(count_code_points(""), 0u);
}

TEST(Text, KnowsWellFormedUtf8) {
  EXPECT_TRUE(is_utf8("汉字😀"));
  EXPECT_FALSE(is_utf8("\xff"));
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // a surrogate
  EXPECT_FALSE(is_utf8("\xf0\x9f\x98"));      // cut off
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
}

TEST(Text, FoldsNamesThatLookTheSame) {
  EXPECT_EQ(fold_name("ALICE01"), "alice01");
  EXPECT_EQ(fold_name("Ａｌｉｃｅ"), "alice");
  EXPECT_EQ(fold_name("Straße"), "strasse");
  EXPECT_EQ(fold_name("李华测试"), "李华测试");
  EXPECT_NE(fold_name("😀"), fold_name("😁"));
}

TEST(Text, DecodesPercentOrLeavesAlone) {
  EXPECT_EQ(percent_decode("a%20b+c", Plus::kLiteral), "a b+c");
  EXPECT_EQ(percent_decode("a%20b+c", Plus::kSpace), "a b c");
  EXPECT_EQ(percent_decode("%E6%B1%89", Plus::kLiteral), "汉");
  EXPECT_EQ(percent_decode("%E0%A4%A", Plus::kLiteral), "%E0%A4%A");
  EXPECT_EQ(percent_decode("%ff", Plus::kLiteral), "%ff");
  EXPECT_EQ(percent_decode("%", Plus::kLiteral), "%");
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b&c=d/\"+"), "a%20b%26c%3Dd%2F%22%2B");
  EXPECT_EQ(percent_encode("青"), "%E9%9D%92");
  EXPECT_EQ(percent_decode(percent_encode("青 + %"), Plus::kSpace), "青 + %");
}

}  // namespace
}  // namespace qn
