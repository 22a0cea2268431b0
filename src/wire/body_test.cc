#include "wire/body.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

std::string fields(std::string_view type, std::string_view text) {
  const auto body = parse_body(type, text);
  return body ? to_json(body->fields) : "error";
}

TEST(ParseBody, ReadsJsonWhateverItsParameters) {
  for (const std::string_view type :
       {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=UTF-8",
        "application/json;charset=foo", "application/json-patch+json", "application/vnd.api+json",
        "application/csp-report"}) {
    EXPECT_EQ(fields(type, R"({"username":"abc"})"), R"({"username":"abc"})") << type;
  }
  EXPECT_EQ(fields("application/json", "\xef\xbb\xbf{\"a\":1}"), R"({"a":1})");
}

TEST(ParseBody, AnArrayCountsAsEmpty) {
  EXPECT_EQ(fields("application/json", "[1,2]"), "{}");
}

TEST(ParseBody, OtherTypesAndEmptyBodiesAreEmpty) {
  EXPECT_EQ(fields("application/json", ""), "{}");
  EXPECT_EQ(fields("multipart/form-data", ""), "{}");
  EXPECT_EQ(fields("text/plain", R"({"username":"abcd"})"), "{}");
  EXPECT_EQ(fields("application/xml", "<a/>"), "{}");
  EXPECT_EQ(fields("image/x+json", "{\"a\":1}"), "{}");
  EXPECT_EQ(fields("", "a=1"), "{}");
}

TEST(ParseBody, RefusesMalformedJsonWithATextForTheUser) {
  for (const std::string_view text :
       {"{bad", "5", "null", "\"a\"", "true", " ", "{\"a\":\"\xff\"}"}) {
    const auto body = parse_body("application/json", text);
    ASSERT_FALSE(body.has_value()) << text;
    EXPECT_EQ(body.error().code, ErrorCode::kMalformed);
    EXPECT_EQ(body.error().text, "请求体不是合法的 JSON");
  }
}

TEST(ParseBody, ReadsForms) {
  EXPECT_EQ(fields("application/x-www-form-urlencoded; charset=UTF-8", "username=a+b"),
            R"({"username":"a b"})");
  EXPECT_EQ(fields("application/x-www-form-urlencoded", "a=%ff"), "error");
}

TEST(ParseBody, SplitsAMultipartBodyIntoFieldsAndFiles) {
  const auto body = parse_body("multipart/form-data; boundary=b",
                               "--b\r\nContent-Disposition: form-data; name=ids[]\r\n\r\n1\r\n"
                               "--b\r\nContent-Disposition: form-data; name=ids[]\r\n\r\n2\r\n"
                               "--b\r\nContent-Disposition: form-data; name=img; filename=a.png"
                               "\r\n\r\n\xff\r\n--b--\r\n");
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(to_json(body->fields), R"({"ids":["1","2"]})");
  ASSERT_EQ(body->files.size(), 1u);
  EXPECT_EQ(body->files[0].name, "img");
  EXPECT_EQ(body->files[0].data, "\xff");
}

TEST(ParseBody, TextFieldsOfAMultipartBodyAreUtf8) {
  EXPECT_EQ(fields("multipart/form-data; boundary=b",
                   "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--b--"),
            "error");
  EXPECT_EQ(fields("multipart/form-data", "abc"), "error");
}

}  // namespace
}  // namespace qn::wire
