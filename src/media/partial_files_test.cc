#include "media/partial_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/metrics.h"
#include "support/await.h"
#include "support/test_server.h"

namespace qn::media {
namespace {

class PartialFilesTest : public ::testing::Test {
 protected:
  // Waits on a loop of its own; the pool is joined before that goes away.
  template <class T>
  T run(Task<T> task) {
    return test::start_on(loops_.executor(0), std::move(task)).get();
  }
  Result<void> write(std::uint64_t offset, std::string_view bytes) {
    return run(partials_.write("a", offset, bytes));
  }
  std::string content() const {
    std::ostringstream out;
    out << std::ifstream(partials_.path_of("a")).rdbuf();
    return out.str();
  }

  test::TempDir dir_;
  Metrics metrics_;
  EventLoops loops_{1, metrics_};
  WorkerPool pool_{{.name = "uploads", .threads = 2}, metrics_};
  PartialFiles partials_{{.root = dir_.path()}, pool_};
};

TEST_F(PartialFilesTest, GrowPieceByPiece) {
  EXPECT_EQ(*run(partials_.size("a")), 0u);
  EXPECT_EQ(*run(partials_.sync("a")), 0u);
  EXPECT_TRUE(write(0, "hello "));
  EXPECT_TRUE(write(6, "world"));
  EXPECT_EQ(*run(partials_.size("a")), 11u);
  EXPECT_EQ(*run(partials_.sync("a")), 11u);
  EXPECT_EQ(content(), "hello world");
}

TEST_F(PartialFilesTest, WhatHasComeBeforeIsSkipped) {
  EXPECT_TRUE(write(0, "hello"));
  EXPECT_TRUE(write(0, "hello"));
  EXPECT_TRUE(write(3, "lo wo"));
  EXPECT_TRUE(write(1, "ello"));
  EXPECT_EQ(content(), "hello wo");
}

TEST_F(PartialFilesTest, NoHoles) {
  EXPECT_TRUE(write(0, "hello"));
  const auto refused = write(6, "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_EQ(refused.error().text, "上传位置与已收到的数据不符");
  EXPECT_EQ(content(), "hello");
}

TEST_F(PartialFilesTest, TwoWritersOfTheSameBytesDoNotMix) {
  const std::string text(1000, 'x');
  std::vector<std::future<Result<void>>> writes;
  for (std::size_t at = 0; at < text.size(); at += 100) {
    for (int i = 0; i < 2; ++i) {
      writes.push_back(test::start_on(
          loops_.executor(0), partials_.write("a", 0, std::string_view(text).substr(0, at + 100))));
    }
  }
  for (auto& written : writes) EXPECT_TRUE(written.get());
  EXPECT_EQ(content(), text);
}

TEST_F(PartialFilesTest, AreListedAndRemoved) {
  EXPECT_EQ(*run(partials_.list()), std::vector<std::string>());
  EXPECT_TRUE(write(0, "x"));
  EXPECT_EQ(*run(partials_.list()), std::vector<std::string>{"a"});
  EXPECT_TRUE(run(partials_.remove("a")));
  EXPECT_TRUE(run(partials_.remove("a")));
  EXPECT_EQ(*run(partials_.list()), std::vector<std::string>());
}

TEST_F(PartialFilesTest, LeaveSpaceOnTheDisk) {
  PartialFiles careful({.root = dir_.path(), .min_free = std::uint64_t{1} << 60}, pool_);
  const auto full = run(careful.write("b", 0, "x"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().text, "服务器存储空间不足，请稍后再试");
}

}  // namespace
}  // namespace qn::media
