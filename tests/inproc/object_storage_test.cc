#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/fake_object_storage.h"
#include "support/multipart_form.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

constexpr std::string_view kRoute = "/api/chat/uploadAliyun";

app::Settings settings_for(std::string media_url) {
  auto settings = TestServer::settings();
  settings.media_url = std::move(media_url);
  settings.log_level = log::Level::kOff;
  return settings;
}

// A server with one user, whose pictures go into a bucket.
class Uploader {
 public:
  explicit Uploader(app::Settings settings)
      : server(std::move(settings)), token_(text_at(server.register_user("alice"), "token")) {}

  Answer send(std::string_view path, std::string_view field, std::string_view name,
              std::string_view bytes) {
    return http(server.port(), "POST", path, MultipartForm().file(field, name, bytes).body(),
                {{"Content-Type", std::string(MultipartForm::kType)}, {"token", token_}});
  }
  Answer picture(std::string_view bytes = kPng) { return send(kRoute, "img", "a.PNG", bytes); }
  std::size_t count_files() const {
    std::size_t count = 0;
    std::error_code none;
    const auto root = server.data_dir() / "public" / "uploads";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root, none)) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  }

  TestServer server;

 private:
  const std::string token_;
};

class ObjectStorage : public ::testing::TestWithParam<const char*> {
 protected:
  FakeObjectStorage storage_;
};

INSTANTIATE_TEST_SUITE_P(BothKinds, ObjectStorage, ::testing::Values("s3", "oss"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(ObjectStorage, PicturesGoIntoTheBucket) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  const auto answer = alice.picture();
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto picture = answer.data().as_array().at(0);
  const auto path = text_at(picture, "path");
  EXPECT_TRUE(path.starts_with("images/20251009/1760000000000_")) << path;
  EXPECT_EQ(path.size(), std::string("images/20251009/1760000000000_1f2e3d4c5b6a.png").size());
  // Always https, whatever the setting has: the contract.
  EXPECT_EQ(text_at(picture, "url"), "https://127.0.0.1:" + std::to_string(storage_.port()) + '/' +
                                         std::string(FakeObjectStorage::kBucket) + '/' + path);
  EXPECT_EQ(integer_at(picture, "image_class_id"), 0);
  EXPECT_EQ(integer_at(picture, "create_time"), 1'760'000'000);
  const auto object = storage_.find(path);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->bytes, kPng);
  EXPECT_EQ(object->type, "image/png");
  EXPECT_EQ(alice.count_files(), 0u);  // the file on its way is gone
}

TEST_P(ObjectStorage, AStorageThatIsAwayForAMomentIsAskedAgain) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  storage_.fail_next(1, 503);
  EXPECT_EQ(alice.picture().status, 200);
  EXPECT_EQ(storage_.requests(), 2);
  storage_.fail_next(1, FakeObjectStorage::kHangUp);
  EXPECT_EQ(alice.picture().status, 200);
  EXPECT_EQ(storage_.count(), 2u);
}

TEST_P(ObjectStorage, NotForever) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  storage_.fail_next(9, 500);
  const auto answer = alice.picture();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.data(), "服务暂时不可用，请稍后再试");
  EXPECT_EQ(storage_.requests(), 3);
  EXPECT_EQ(storage_.count(), 0u);
  EXPECT_EQ(alice.count_files(), 0u);
}

TEST_P(ObjectStorage, ASilentStorageHasItsTime) {
  auto settings = settings_for(storage_.media_url(GetParam()));
  settings.object_time = std::chrono::milliseconds(300);
  Uploader alice(settings);
  storage_.fail_next(1, FakeObjectStorage::kSilence);
  EXPECT_EQ(alice.picture().status, 503);
  EXPECT_EQ(storage_.count(), 0u);
  EXPECT_EQ(alice.picture().status, 200);
}

TEST_P(ObjectStorage, AWrongSecretIsRefusedAndNotRetried) {
  Uploader alice(settings_for(storage_.media_url(GetParam(), "another")));
  EXPECT_EQ(alice.picture().status, 503);
  EXPECT_EQ(storage_.requests(), 1);
}

TEST_P(ObjectStorage, LargeFilesArriveWhole) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  std::string film(kMp4);
  for (int i = 0; film.size() < 5'000'000; ++i) film += "piece " + std::to_string(i) + '\n';
  const auto answer = alice.send(kRoute, "img", "a.mp4", film);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto object = storage_.find(text_at(answer.data().as_array().at(0), "path"));
  ASSERT_TRUE(object);
  EXPECT_TRUE(object->bytes == film);
}

TEST_P(ObjectStorage, WhatIsOverTheQuotaLeavesTheBucket) {
  auto settings = settings_for(storage_.media_url(GetParam()));
  settings.uploads.bytes_per_day = 1_MiB;
  Uploader alice(settings);
  std::string film(kMp4);
  film.resize(600'000);
  EXPECT_EQ(alice.send(kRoute, "img", "a.mp4", film).status, 200);
  // Less than what a form may have besides its file: only the end tells.
  film.resize(1_MiB - 600'000 + 1);
  const auto refused = alice.send(kRoute, "img", "a.mp4", film);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.data(), "上传失败: 今日上传总量已达上限，请明天再试");
  EXPECT_EQ(storage_.count(), 1u);
}

TEST_P(ObjectStorage, RefusalsAreAsOnTheDisk) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  const auto refused = alice.picture("<html></html>");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.data(), "上传失败: 文件内容与扩展名不符");
  EXPECT_EQ(storage_.requests(), 0);
}

TEST_P(ObjectStorage, TheLocalRouteStaysLocal) {
  Uploader alice(settings_for(storage_.media_url(GetParam())));
  const auto url = text_at(
      alice.send("/api/chat/uploadStreamSingleToServerDiy/chatImgs", "file", "a.png", kPng).data(),
      "url");
  EXPECT_TRUE(url.starts_with("/public/uploads/Diy/chatImgs/")) << url;
  EXPECT_EQ(alice.server.get(url).body, kPng);
  EXPECT_EQ(storage_.requests(), 0);
}

TEST(ObjectStorageAway, NobodyListens) {
  std::string url;
  {
    FakeObjectStorage gone;
    url = gone.media_url("s3");
  }
  Uploader alice(settings_for(url));
  EXPECT_EQ(alice.picture().status, 503);
}

}  // namespace
}  // namespace qn::test
