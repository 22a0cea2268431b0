#include "media/cover_maker.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/await.h"
#include "support/test_server.h"

namespace qn::media {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Shell scripts stand for a decoder that a film has got the better of.
class CoverMakerTest : public ::testing::Test {
 protected:
  CoverMakerTest() {
    fs::create_directories(dir_.path() / "uploads" / "v");
    std::ofstream(dir_.path() / "uploads" / "v" / "a.mp4") << "a film";
  }

  fs::path tool(const std::string& script) {
    const auto path = dir_.path() / "tool";
    std::ofstream(path) << "#!/bin/sh\n" << script << '\n';
    fs::permissions(path, fs::perms(0755));
    return path;
  }
  Result<Cover> make(std::optional<fs::path> ffmpeg, const std::string& film = "v/a.mp4",
                     std::chrono::milliseconds time = 20s) {
    CoverMaker maker(disk_, pool_, clock_, random_, metrics_, std::move(ffmpeg));
    CoverOrder order{film, 20ms, 26, "png"};
    return test::start_on(loops_.executor(0), maker.make(std::move(order), Deadline::after(time)))
        .get();
  }
  void expect_failed(const Result<Cover>& made) {
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kRefused);
    EXPECT_EQ(made.error().text, "截图生成失败");
    EXPECT_FALSE(fs::exists(dir_.path() / "uploads" / "Diy"));
  }

  test::TempDir dir_;
  Metrics metrics_;
  FakeClock clock_;
  SystemRandom random_;
  EventLoops loops_{1, metrics_};
  WorkerPool pool_{{.name = "covers", .threads = 1}, metrics_};
  DiskStore disk_{{.root = dir_.path() / "uploads"}, pool_, clock_, random_};
};

TEST_F(CoverMakerTest, TheToolGetsTheFilmAndItsPictureIsStored) {
  const auto made = make(tool(R"sh(test "$(cat)" = "a film" && printf 'GIF89a%s' "$*")sh"));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_TRUE(made->file.path.starts_with("Diy/VideoScreenshot/screenshot_1760000000000_"));
  EXPECT_TRUE(made->file.path.ends_with(".png"));
  EXPECT_EQ(made->file.path.size(),
            std::string("Diy/VideoScreenshot/screenshot_1760000000000_k3x90a.png").size());
  EXPECT_EQ(fs::file_size(dir_.path() / "uploads" / made->file.path), made->bytes.size());
  for (const std::string_view argument :
       {"-protocol_whitelist file ", "-ss 0.020 ", "-i file:/dev/stdin ", "-vf scale=26:-1 "}) {
    EXPECT_NE(made->bytes.find(argument), std::string::npos) << argument;
  }
}

TEST_F(CoverMakerTest, ADecoderThatHangsIsKilled) {
  const auto start = std::chrono::steady_clock::now();
  expect_failed(make(tool("sleep 600"), "v/a.mp4", 300ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 8s);
}

TEST_F(CoverMakerTest, ADecoderThatAllocatesIsKilled) {
  expect_failed(make(tool("exec tail /dev/zero")));
}

TEST_F(CoverMakerTest, ADecoderThatWritesForeverIsKilled) {
  expect_failed(make(tool("exec yes")));
}

TEST_F(CoverMakerTest, WhatIsNoPictureIsNotStored) {
  expect_failed(make(tool("echo '<html>'")));
  expect_failed(make(tool("exit 0")));
  expect_failed(make(tool("exit 1")));
}

TEST_F(CoverMakerTest, WithoutTheToolThereAreNone) {
  expect_failed(make(std::nullopt));
}

TEST_F(CoverMakerTest, FilmsAreUploads) {
  std::ofstream(dir_.path() / "secret.mp4") << "a film";
  fs::create_symlink(dir_.path() / "secret.mp4", dir_.path() / "uploads" / "link.mp4");
  for (const std::string film : {"v/b.mp4", "../secret.mp4", "link.mp4", "v", ""}) {
    const auto made = make(tool("printf GIF89a"), film);
    ASSERT_FALSE(made) << film;
    EXPECT_EQ(made.error().code, ErrorCode::kNotFound);
  }
}

}  // namespace
}  // namespace qn::media
