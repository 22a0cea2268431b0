#include <gtest/gtest.h>

#include "wire/body.h"

namespace qn::wire {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=zz";

std::string part(std::string_view disposition, std::string_view data) {
  return "--zz\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
         std::string(data) + "\r\n";
}

Result<std::vector<Part>> parse(std::string_view body) {
  return parse_multipart(kType, body);
}

TEST(Multipart, ReadsFieldsAndFilesInOrder) {
  const auto parts =
      parse(part("name=\"token\"", "abc") +
            "--zz\r\ncontent-disposition: form-data; name=\"file\"; "
            "filename=\"青 鸟.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\r\n--z\r\n"
            "--zz--\r\n");
  ASSERT_TRUE(parts.has_value());
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "token");
  EXPECT_FALSE((*parts)[0].is_file);
  EXPECT_EQ((*parts)[0].data, "abc");
  EXPECT_EQ((*parts)[1].name, "file");
  EXPECT_TRUE((*parts)[1].is_file);
  EXPECT_EQ((*parts)[1].filename, "青 鸟.png");
  EXPECT_EQ((*parts)[1].content_type, "image/png");
  EXPECT_EQ((*parts)[1].data, "\x89PNG\r\n\r\n--z");
}

TEST(Multipart, SkipsPreambleEpilogueAndPadding) {
  const auto parts = parse(
      "preamble --zz\r\n--zz \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
      "--zz--  epilogue\r\n--zz\r\n");
  ASSERT_TRUE(parts.has_value());
  ASSERT_EQ(parts->size(), 1u);
  EXPECT_EQ(parts->front().data, "1");
}

TEST(Multipart, ADelimiterWithinALineIsData) {
  const auto parts = parse(part("name=a", "x\r\n--zzy\r\n--zz \r--zz\r\n") + "--zz--");
  ASSERT_TRUE(parts.has_value());
  ASSERT_EQ(parts->size(), 1u);
  EXPECT_EQ(parts->front().data, "x\r\n--zzy\r\n--zz \r--zz\r\n");
}

TEST(Multipart, DataMayBeEmptyEvenWithoutItsLineEnd) {
  for (const std::string_view tail : {"\r\n--zz--", "--zz--"}) {
    const auto parts =
        parse("--zz\r\nContent-Disposition: form-data; name=a; filename=\"\"\r\n\r\n" +
              std::string(tail));
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 1u);
    EXPECT_TRUE(parts->front().is_file);
    EXPECT_EQ(parts->front().filename, "");
    EXPECT_EQ(parts->front().data, "");
  }
}

TEST(Multipart, NoPartsIsAnEmptyForm) {
  const auto parts = parse("--zz--");
  ASSERT_TRUE(parts.has_value());
  EXPECT_TRUE(parts->empty());
}

TEST(Multipart, FileNamesLoseTheirFoldersAndBrokenBytes) {
  constexpr std::pair<std::string_view, std::string_view> kRows[] = {
      {R"(filename="../../a.png")", "a.png"},
      {R"(filename="C:\pics\a.png")", "a.png"},
      {R"(filename="a\"b.png")", "a\"b.png"},
      {"filename=\"\xff.png\"", "\uFFFD.png"},
      {"filename=\"x.png\"; filename*=UTF-8''%e9%9d%92.png", "青.png"},
      {"filename*=UTF-8''%2e%2e%2f%e9%9d%92.png", "青.png"},
      {"filename=\"x.png\"; filename*=latin1''%ff", "x.png"},
  };
  for (const auto& [parameter, expected] : kRows) {
    const auto parts = parse(part("name=f; " + std::string(parameter), "1") + "--zz--");
    ASSERT_TRUE(parts.has_value()) << parameter;
    EXPECT_EQ(parts->front().filename, expected);
    EXPECT_TRUE(parts->front().is_file);
  }
}

TEST(Multipart, TheBoundaryMayBeQuotedAndHoldSpaces) {
  const auto parts =
      parse_multipart("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\"",
                      "--a b:c\r\nContent-Disposition: form-data; name=n\r\n\r\nv\r\n--a b:c--");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->front().data, "v");
}

TEST(Multipart, RefusesABrokenBody) {
  const std::string field = part("name=a", "1");
  const std::string rows[] = {
      "",
      "abc",
      field,                                                        // no end
      "--zz",                                                       // no line end
      "--zz\r\n\r\n1\r\n--zz--",                                    // no header
      "--zz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--zz--",  // no name
      "--zz\r\nContent-Disposition: form-data; name=a; filename=b\r\n"
      "Content-Disposition: form-data; name=c\r\n\r\n1\r\n--zz--",           // two names
      "--zz\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--zz--",  // not a form
      "--zz\r\nContent-Disposition form-data; name=a\r\n\r\n1\r\n--zz--",    // no colon
      "--zz\r\nContent-Disposition: form-data; name=a\r\n1\r\n--zz--",       // no blank line
      "--zz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nabc",
  };
  for (const auto& body : rows) {
    const auto parts = parse(body);
    ASSERT_FALSE(parts.has_value()) << body;
    EXPECT_EQ(parts.error().code, ErrorCode::kMalformed);
  }
}

TEST(Multipart, RefusesABadBoundary) {
  for (const std::string& type :
       {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
        "multipart/form-data; boundary=" + std::string(71, 'b')}) {
    EXPECT_FALSE(parse_multipart(type, "--zz--").has_value()) << type;
  }
}

TEST(Multipart, HasBounds) {
  const std::string field = part("name=a", "1");
  EXPECT_TRUE(parse_multipart(kType, field + field + "--zz--", 2).has_value());
  EXPECT_FALSE(parse_multipart(kType, field + field + field + "--zz--", 2).has_value());

  const std::string long_header = "name=a\r\nX: " + std::string(8'192, 'x');
  EXPECT_FALSE(parse(part(long_header, "1") + "--zz--").has_value());
}

TEST(Multipart, NearDelimitersCostOnePass) {
  std::string data;
  while (data.size() < 4'000'000) data += "\r\n--z\r\n--zz\r\r\n--zz   x";
  const auto parts = parse(part("name=a", data) + "--zz--");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->front().data, data);
}

}  // namespace
}  // namespace qn::wire
