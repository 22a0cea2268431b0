#include "app/data_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/test_server.h"

namespace qn::app {
namespace {

namespace fs = std::filesystem;

TEST(DataFolder, IsMadeForItsOwnerOnlyAndKept) {
  test::TempDir dir;
  const fs::path path = dir.path() / "a" / "b";
  {
    const auto folder = DataFolder::open(path);
    ASSERT_TRUE(folder) << folder.error().text;
    EXPECT_EQ((*folder)->path(), path);
    (*folder)->keep();
  }
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST(DataFolder, MadeByAFailedStartIsRemovedWithItsContent) {
  test::TempDir dir;
  {
    const auto folder = DataFolder::open(dir.path() / "a" / "b/");
    ASSERT_TRUE(folder) << folder.error().text;
    std::ofstream((*folder)->path() / "file") << "x";
  }
  EXPECT_TRUE(fs::is_empty(dir.path()));
}

TEST(DataFolder, ThatExistedBeforeIsNeverRemoved) {
  test::TempDir dir;
  { EXPECT_TRUE(DataFolder::open(dir.path())); }
  EXPECT_TRUE(fs::exists(dir.path()));
}

TEST(DataFolder, UsedBySomebodyElseByNowIsNotRemoved) {
  test::TempDir dir;
  const fs::path path = dir.path() / "data";
  auto maker = DataFolder::open(path);
  const auto user = DataFolder::open(path);
  ASSERT_TRUE(maker && user);
  maker->reset();
  EXPECT_TRUE(fs::exists(path));
}

TEST(DataFolder, ThatCannotBeMadeIsRefusedAndNothingIsLeft) {
  test::TempDir dir;
  std::ofstream(dir.path() / "file") << "x";
  for (const fs::path& path : {dir.path() / "file" / "data", fs::path("/proc/qingniao/data")}) {
    const auto folder = DataFolder::open(path);
    ASSERT_FALSE(folder.has_value()) << path;
    EXPECT_EQ(folder.error().code, ErrorCode::kRefused);
    EXPECT_NE(folder.error().text.find(path.parent_path().string()), std::string::npos)
        << folder.error().text;
  }
}

TEST(DataFolder, SecretIsMadeOnceAndReadableByItsOwnerOnly) {
  test::TempDir dir;
  SystemRandom random;
  const auto folder = DataFolder::open(dir.path());
  ASSERT_TRUE(folder);
  const auto first = (*folder)->secret("key", random);
  const auto second = (*folder)->secret("key", random);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->size(), 64u);
  EXPECT_EQ(*first, *second);
  struct stat info;
  ASSERT_EQ(stat((dir.path() / "key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
}

TEST(DataFolder, ATruncatedSecretIsRefusedNotUsed) {
  test::TempDir dir;
  SystemRandom random;
  const auto folder = DataFolder::open(dir.path());
  ASSERT_TRUE(folder);
  std::ofstream(dir.path() / "key") << "short\n";
  EXPECT_FALSE((*folder)->secret("key", random).has_value());
}

}  // namespace
}  // namespace qn::app
