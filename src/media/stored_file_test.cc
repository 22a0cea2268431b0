#include "media/stored_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/test_server.h"

namespace qn::media {
namespace {

namespace fs = std::filesystem;

class OpenStored : public ::testing::Test {
 protected:
  OpenStored() : root_(dir_.path() / "uploads") {
    fs::create_directories(root_ / "a" / "b");
    fs::create_directories(root_ / ".tmp");
    for (const auto& path :
         {dir_.path() / "secret", root_ / "a" / "b" / "c.mp4", root_ / ".tmp" / "x"}) {
      std::ofstream(path) << "text";
    }
  }
  bool opens(std::string_view path) { return static_cast<bool>(open_stored(root_, path)); }

  test::TempDir dir_;
  const fs::path root_;
};

TEST_F(OpenStored, FilesBelowTheRoot) {
  EXPECT_TRUE(opens("a/b/c.mp4"));
  EXPECT_FALSE(opens("a/b/d.mp4"));
}

TEST_F(OpenStored, NothingElse) {
  EXPECT_FALSE(opens(""));
  EXPECT_FALSE(opens("a/b"));
  EXPECT_FALSE(opens("a//b/c.mp4"));
  EXPECT_FALSE(opens("/a/b/c.mp4"));
  EXPECT_FALSE(opens("../secret"));
  EXPECT_FALSE(opens("a/../../secret"));
  EXPECT_FALSE(opens("a/./b/c.mp4"));
  EXPECT_FALSE(opens(".tmp/x"));
  EXPECT_FALSE(opens(std::string_view("a/b/c.mp4\0", 10)));
}

TEST_F(OpenStored, NoLinksAndNoPipes) {
  fs::create_symlink(dir_.path() / "secret", root_ / "link.mp4");
  fs::create_directory_symlink(root_ / "a", root_ / "folder");
  ASSERT_EQ(::mkfifo((root_ / "pipe.mp4").c_str(), 0600), 0);
  EXPECT_FALSE(opens("link.mp4"));
  EXPECT_FALSE(opens("folder/b/c.mp4"));
  EXPECT_FALSE(opens("pipe.mp4"));
}

}  // namespace
}  // namespace qn::media
