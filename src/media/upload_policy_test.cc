#include "media/upload_policy.h"

#include <gtest/gtest.h>

#include "media/file_type.h"

namespace qn::media {
namespace {

constexpr std::string_view kPng("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0",
                                29);
constexpr std::string_view kElf(
    "\x7f"
    "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0",
    24);
constexpr std::string_view kMp4(
    "\0\0\0\x18"
    "ftypmp42\0\0\0\0mp42isom",
    24);
constexpr std::string_view kHtml = "<!DOCTYPE html><html><script>alert(1)</script></html>";
constexpr std::string_view kSvg =
    "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";

std::string name_refusal(std::string_view filename) {
  const auto kind = kind_of_name(filename);
  return kind ? "" : kind.error().text;
}

// Whether a file of that name may hold these bytes.
bool accepts(std::string_view filename, std::string_view bytes) {
  const auto kind = kind_of_name(filename);
  EXPECT_TRUE(kind) << filename;
  const auto type = file_type(bytes);
  EXPECT_TRUE(type);
  return check_content(*kind, *type, bytes).has_value();
}

TEST(UploadPolicy, TakesTheReferencesExtensionsInAnyCase) {
  for (const std::string_view name : {"a.png", "a.PNG", "a.php.png", "图片.jpg", "a.jpeg", "a.gif",
                                      "a.bmp", "a.webp", "a.mp3", "a.mp4", "a.avi", "a.zip", "a.gz",
                                      "a.xls", "a.xlsx", "a.doc", "a.docx", "a.Pdf", "a.txt"}) {
    EXPECT_EQ(name_refusal(name), "") << name;
  }
  EXPECT_EQ(kind_of_name("a.b.JPeG")->extension, ".jpeg");
}

TEST(UploadPolicy, RefusesOthersByTheirName) {
  for (const std::string name :
       {"f.mov", "f.wav", "f.m4a", "f.aac", "f.webm", "f.ppt", "f.php", "f.sh", "f.exe", "f.heic",
        "f.md", "noext", ".png", "f.", "f.png ", "f.verylongextension", ""}) {
    EXPECT_EQ(name_refusal(name), "Invalid filename: " + name);
  }
}

TEST(UploadPolicy, TheNameInARefusalHasABound) {
  const std::string text = name_refusal(std::string(199, 'x') + "青青");
  EXPECT_EQ(text, "Invalid filename: " + std::string(199, 'x'));
}

TEST(UploadPolicy, RefusesActiveContent) {
  for (const std::string_view name :
       {"f.html", "f.HTM", "f.js", "f.css", "f.json", "f.xml", "f.svg"}) {
    EXPECT_EQ(name_refusal(name), "不支持上传此类型的文件") << name;
  }
}

TEST(UploadPolicy, TheContentMustBeOfTheExtensionsClass) {
  EXPECT_TRUE(accepts("a.png", kPng));
  EXPECT_TRUE(accepts("a.jpg", kPng));
  EXPECT_FALSE(accepts("a.png", kHtml));
  EXPECT_FALSE(accepts("a.png", kSvg));
  EXPECT_FALSE(accepts("a.png", kElf));
  EXPECT_FALSE(accepts("a.png", "x"));
  EXPECT_FALSE(accepts("a.pdf", kPng));
  EXPECT_TRUE(accepts("a.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"));
  EXPECT_TRUE(accepts("a.gif", "GIF89a\x01\x01"));
}

TEST(UploadPolicy, RecordingsAreKnownByTheirFrames) {
  EXPECT_TRUE(accepts("a.mp4", kMp4));
  EXPECT_TRUE(accepts("a.mp3", std::string_view("ID3\x03\0\0\0\0\0\x0a", 10)));
  EXPECT_TRUE(accepts("a.mp3", std::string("\xff\xf3\x48\xc4") + std::string(400, '\0')));
  EXPECT_TRUE(accepts("a.mp3", kMp4));  // what some recorders write
  EXPECT_TRUE(accepts("a.avi", std::string_view("RIFF\x10\0\0\0"
                                                "AVI LIST",
                                                16)));
  EXPECT_FALSE(accepts("a.mp4", "x"));
  EXPECT_FALSE(accepts("a.mp3", "x"));
  EXPECT_FALSE(accepts("a.mp4", kPng));
  EXPECT_FALSE(accepts("a.mp4", kElf));
  EXPECT_FALSE(accepts("a.mp3", kHtml));
}

TEST(UploadPolicy, DocumentsAndArchivesAreKnownByTheirContainer) {
  const std::string zip = std::string("PK\x03\x04\x14") + std::string(26, '\0');
  const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0');
  const std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  EXPECT_TRUE(accepts("a.docx", zip));
  EXPECT_TRUE(accepts("a.xlsx", zip));
  EXPECT_TRUE(accepts("a.doc", ole));
  EXPECT_TRUE(accepts("a.xls", ole));
  EXPECT_TRUE(accepts("a.doc", "{\\rtf1\\ansi hello}"));
  EXPECT_TRUE(accepts("a.zip", zip));
  EXPECT_TRUE(accepts("a.gz", gzip));
  EXPECT_FALSE(accepts("a.docx", kHtml));
  EXPECT_FALSE(accepts("a.xls", kHtml));
  EXPECT_FALSE(accepts("a.zip", kElf));
}

TEST(UploadPolicy, TextIsWhatHasNoControlBytes) {
  EXPECT_TRUE(accepts("a.txt", "x"));
  EXPECT_TRUE(accepts("a.txt", "\xc4\xe3\xba\xc3\r\n"));  // GBK
  EXPECT_TRUE(accepts("a.txt", "你好\n"));
  EXPECT_FALSE(accepts("a.txt", kElf));
  EXPECT_FALSE(accepts("a.txt", kPng));
}

TEST(UploadPolicy, AnEmptyFileIsNone) {
  for (const std::string_view name : {"a.png", "a.txt", "a.zip"}) EXPECT_FALSE(accepts(name, ""));
}

TEST(UploadPolicy, FoldersAreSplitAndClean) {
  EXPECT_EQ(*folder_of_name("chatImgs"), "chatImgs");
  EXPECT_EQ(*folder_of_name("a_b-2_C"), "a/b-2/C");
  EXPECT_EQ(*folder_of_name("a_b_c_d_e"), "a/b/c/d/e");
  for (const std::string& name :
       {std::string(""), std::string("_"), std::string("a_"), std::string("_a"),
        std::string("a__b"), std::string(".."), std::string(".._.._x"), std::string("a/b"),
        std::string("a\\b"), std::string("a.b"), std::string("目录"), std::string("a b"),
        std::string("a\0b", 3), std::string("a_b_c_d_e_f"), std::string(41, 'a')}) {
    EXPECT_FALSE(folder_of_name(name)) << name;
  }
}

}  // namespace
}  // namespace qn::media
