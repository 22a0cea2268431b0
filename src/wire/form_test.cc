#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/body.h"

namespace qn::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::string form(std::string_view text) {
  const auto fields = parse_form(text);
  return fields ? to_json(*fields) : "error";
}

TEST(ParsePairs, ReadsAQuery) {
  EXPECT_THAT(parse_pairs("token=a.b&page=2"),
              ElementsAre(Pair("token", "a.b"), Pair("page", "2")));
  EXPECT_THAT(parse_pairs("q=%E9%9D%92+%2B&q=2&&x"),
              ElementsAre(Pair("q", "青 +"), Pair("q", "2"), Pair("x", "")));
  EXPECT_THAT(parse_pairs("=v&a=b=c&"), ElementsAre(Pair("", "v"), Pair("a", "b=c")));
  EXPECT_THAT(parse_pairs(""), IsEmpty());
  EXPECT_THAT(parse_pairs("&&"), IsEmpty());
}

TEST(ParsePairs, KeepsWhatCannotBeDecodedAndStaysUtf8) {
  EXPECT_THAT(parse_pairs("a=100%&b=%zz+%41"), ElementsAre(Pair("a", "100%"), Pair("b", "%zz A")));
  EXPECT_THAT(parse_pairs("a=%ff&b=\xfe"), ElementsAre(Pair("a", "\uFFFD"), Pair("b", "\uFFFD")));
}

TEST(ParseForm, ReadsFields) {
  EXPECT_EQ(form("username=form_0001&password=123456"),
            R"({"username":"form_0001","password":"123456"})");
  EXPECT_EQ(form("data=%7B%22data%22%3A%22form%22%7D&options=%7B%7D"),
            R"({"data":"{\"data\":\"form\"}","options":"{}"})");
  EXPECT_EQ(form("a=1+2&b&c="), R"({"a":"1 2","b":"","c":""})");
  EXPECT_EQ(form(""), "{}");
}

TEST(ParseForm, EqualNamesAndBracketsMakeArrays) {
  EXPECT_EQ(form("a=1&a=2&a=3"), R"({"a":["1","2","3"]})");
  EXPECT_EQ(form("a%5B%5D=1"), R"({"a":["1"]})");
  EXPECT_EQ(form("a=1&b=2&a[]=3"), R"({"a":["1","3"],"b":"2"})");
  EXPECT_EQ(form("[]=1"), R"({"[]":"1"})");
}

TEST(ParseForm, ABrokenEscapeLeavesTheTextUndecoded) {
  EXPECT_EQ(form("password=100%+%41"), R"({"password":"100% %41"})");
}

TEST(ParseForm, RefusesInvalidUtf8) {
  for (const auto text : {"a=%ff", "%c0%80=1", "a=\xff", "a=%ed%a0%80"}) {
    const auto fields = parse_form(text);
    ASSERT_FALSE(fields.has_value()) << text;
    EXPECT_EQ(fields.error().code, ErrorCode::kMalformed);
  }
}

TEST(ParseForm, HoldsAtMostAThousandFields) {
  std::string text = "a=1";
  for (int i = 1; i < 1'000; ++i) text += "&a=1";
  EXPECT_TRUE(parse_form(text).has_value());
  EXPECT_FALSE(parse_form(text + "&a=1").has_value());
}

}  // namespace
}  // namespace qn::wire
