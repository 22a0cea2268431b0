#include "net/static_files.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "net/content_type.h"
#include "net/open_beneath.h"

namespace qn::net {
namespace {

namespace fs = std::filesystem;

TEST(RelativeFilePath, DecodesPlainPaths) {
  EXPECT_EQ(relative_file_path("a.png"), "a.png");
  EXPECT_EQ(relative_file_path("2026/%E9%9D%92+x.png"), "2026/青+x.png");
}

TEST(RelativeFilePath, RefusesEverythingThatCouldLeadElsewhere) {
  for (const std::string_view path :
       {"", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".env", "a/.git/b",
        "%2e%2e/a", "%2Eenv", "a%2fb", "a%2Fb", "a%00.png"}) {
    EXPECT_FALSE(relative_file_path(path)) << path;
  }
}

TEST(ContentType, GoesByTheExtension) {
  EXPECT_EQ(content_type_of("a.PNG"), "image/png");
  EXPECT_EQ(content_type_of("a.b/c.mp4"), "video/mp4");
  EXPECT_EQ(content_type_of("noext"), "application/octet-stream");
  EXPECT_EQ(content_type_of("a.unheard-of"), "application/octet-stream");
}

TEST(ContentType, InertCannotRunScript) {
  for (const auto name : {"a.png", "a.mp3", "a.webm", "a.pdf", "a.txt", "a.css"}) {
    EXPECT_TRUE(is_inert(content_type_of(name))) << name;
  }
  for (const auto name : {"a.html", "a.svg", "a.xml", "a.js", "a.wasm", "a.zip", "a"}) {
    EXPECT_FALSE(is_inert(content_type_of(name))) << name;
  }
}

// root/inside/file.txt, root/stays -> inside, root/leaves -> ../secret
class OpenBeneathTest : public testing::TestWithParam<Resolver> {
 protected:
  OpenBeneathTest() {
    std::string name = (fs::temp_directory_path() / "qn-beneath-XXXXXX").string();
    base_ = mkdtemp(name.data());
    fs::create_directories(base_ / "root/inside");
    fs::create_directories(base_ / "secret");
    std::ofstream(base_ / "root/inside/file.txt") << "x";
    std::ofstream(base_ / "secret/file.txt") << "x";
    fs::create_symlink("inside", base_ / "root/stays");
    fs::create_symlink("../secret", base_ / "root/leaves");
    fs::create_symlink(base_ / "secret/file.txt", base_ / "root/absolute.txt");
  }
  ~OpenBeneathTest() override { fs::remove_all(base_); }

  bool opens(const std::string& path) {
    return static_cast<bool>(open_beneath(base_ / "root", path, GetParam()));
  }

  fs::path base_;
};

TEST_P(OpenBeneathTest, OpensFilesInside) {
  EXPECT_TRUE(opens("inside/file.txt"));
  EXPECT_FALSE(opens("inside/missing.txt"));
  EXPECT_EQ(opens("stays/file.txt"), GetParam() == Resolver::kKernel);
}

TEST_P(OpenBeneathTest, NeverLeavesTheFolder) {
  EXPECT_FALSE(opens("../secret/file.txt"));
  EXPECT_FALSE(opens("inside/../../secret/file.txt"));
  EXPECT_FALSE(opens("leaves/file.txt"));
  EXPECT_FALSE(opens("absolute.txt"));
  EXPECT_FALSE(opens((base_ / "secret/file.txt").string()));
}

INSTANTIATE_TEST_SUITE_P(BothWays, OpenBeneathTest,
                         testing::Values(Resolver::kKernel, Resolver::kPerPart));

}  // namespace
}  // namespace qn::net
