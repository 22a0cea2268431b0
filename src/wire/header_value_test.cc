#include "wire/header_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qn::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(HeaderValue, ReadsValueAndParameters) {
  const auto type = parse_header_value(" Application/JSON ; Charset=UTF-8;x = y ");
  EXPECT_EQ(type.value, "application/json");
  EXPECT_THAT(type.params, ElementsAre(Pair("charset", "UTF-8"), Pair("x", "y")));
}

TEST(HeaderValue, UnquotesQuotedStrings) {
  const auto value =
      parse_header_value(R"(form-data; a="x;y=\"z\""; b="C:\pic\1.png" junk; c="\\")");
  EXPECT_THAT(value.params,
              ElementsAre(Pair("a", "x;y=\"z\""), Pair("b", R"(C:\pic\1.png)"), Pair("c", R"(\)")));
}

TEST(HeaderValue, LeavesOutWhatIsNoParameter) {
  EXPECT_THAT(parse_header_value("a; ; b; =c; d=;").params, ElementsAre(Pair("d", "")));
  EXPECT_THAT(parse_header_value("a; b=\"open").params, ElementsAre(Pair("b", "open")));
  EXPECT_TRUE(parse_header_value("").value.empty());
  EXPECT_TRUE(parse_header_value(";;;").params.empty());
}

TEST(HeaderValue, TheFirstOfEqualNamesCounts) {
  const auto value = parse_header_value("a; n=1; N=2");
  ASSERT_NE(value.find("n"), nullptr);
  EXPECT_EQ(*value.find("n"), "1");
  EXPECT_EQ(value.find("m"), nullptr);
}

TEST(DecodeExtended, ReadsUtf8Only) {
  EXPECT_EQ(decode_extended("UTF-8''%e9%9d%92%E9%B8%9F.png"), "青鸟.png");
  EXPECT_EQ(decode_extended("utf-8'zh'a+b"), "a+b");
  EXPECT_EQ(decode_extended("iso-8859-1''a"), std::nullopt);
  EXPECT_EQ(decode_extended("UTF-8''%ff"), std::nullopt);
  EXPECT_EQ(decode_extended("UTF-8''%e"), std::nullopt);
  EXPECT_EQ(decode_extended("plain.png"), std::nullopt);
  EXPECT_EQ(decode_extended("UTF-8'plain.png"), std::nullopt);
}

}  // namespace
}  // namespace qn::wire
