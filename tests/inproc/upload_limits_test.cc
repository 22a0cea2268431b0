#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/multipart_form.h"
#include "support/net_server.h"
#include "support/raw_http_client.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

constexpr std::string_view kQuotaText = "今日上传总量已达上限，请明天再试";

// A server with one user who uploads films of a given size.
class Uploader {
 public:
  explicit Uploader(app::Settings settings = TestServer::settings())
      : server(std::move(settings)), token_(text_at(server.register_user("alice"), "token")) {}

  // Sent piece by piece, so that this side needs no memory for it either.
  RawResponse film(std::size_t size) {
    const std::string start =
        "--qn\r\nContent-Disposition: form-data; name=f; filename=a.mp4\r\n\r\n";
    const std::string end = "\r\n--qn--\r\n";
    RawHttpClient client(server.port());
    client.send(head("Content-Length: " + std::to_string(start.size() + size + end.size())));
    client.send(start + std::string(kMp4));
    const std::string piece(64_KiB, 'x');
    for (std::size_t left = size - kMp4.size(); left > 0;) {
      const std::size_t n = std::min(left, piece.size());
      if (!client.send(std::string_view(piece).substr(0, n))) break;
      left -= n;
    }
    client.send(end);
    return client.read_response().value_or(RawResponse{});
  }
  // Without a length, so that nobody knows its size before it has come.
  RawResponse chunked_film(std::size_t size) {
    const std::string body =
        MultipartForm().file("f", "a.mp4", std::string(kMp4) + std::string(size, 'x')).body();
    char digits[17];
    std::snprintf(digits, sizeof digits, "%zx", body.size());
    RawHttpClient client(server.port());
    client.send(head("Transfer-Encoding: chunked") + digits + "\r\n" + body + "\r\n0\r\n\r\n");
    return client.read_response().value_or(RawResponse{});
  }
  std::size_t count_files() const {
    std::size_t count = 0;
    std::error_code none;
    const auto root = server.data_dir() / "public" / "uploads";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root, none)) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  }
  std::string head(const std::string& field) const {
    return "POST /api/chat/uploadStreamSingleToServerDiy/chatVideos HTTP/1.1\r\nHost: t\r\n"
           "Content-Type: multipart/form-data; boundary=qn\r\ntoken: " +
           token_ + "\r\n" + field + "\r\n\r\n";
  }

  TestServer server;

 private:
  const std::string token_;
};

std::string failure(std::string_view text) {
  return "{\"msg\":\"fail\",\"data\":\"" + std::string(text) + "\"}";
}

// The most memory this process has had so far, in KiB.
long peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

TEST(UploadLimits, FiftyMebibytesAreStoredWithoutMemory) {
  Uploader alice;
  EXPECT_EQ(alice.film(1_MiB).status, 200);
  const long before = peak_memory();
  const auto answer = alice.film(50_MiB);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_LT(peak_memory() - before, 16 * 1024);
}

TEST(UploadLimits, OneByteMoreIs413) {
  auto settings = TestServer::settings();
  settings.uploads.max_bytes = 1_MiB;
  Uploader alice(settings);
  EXPECT_EQ(alice.film(1_MiB).status, 200);
  for (const auto& answer :
       {alice.film(1_MiB + 1), alice.film(2_MiB), alice.film(60_MiB), alice.chunked_film(1_MiB)}) {
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body, failure("Request file too large"));
  }
  EXPECT_EQ(alice.count_files(), 1u);
}

TEST(UploadLimits, TheDayHasAQuota) {
  auto settings = TestServer::settings();
  settings.uploads.bytes_per_day = 1_MiB;
  Uploader alice(settings);
  EXPECT_EQ(alice.film(600'000).status, 200);
  const auto refused = alice.film(600'000);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, failure(kQuotaText));
  EXPECT_EQ(alice.film(400'000).status, 200);
  alice.server.clock().advance(std::chrono::hours(24));
  EXPECT_EQ(alice.film(600'000).status, 200);
}

TEST(UploadLimits, AFileOverTheQuotaIsRemovedAgain) {
  auto settings = TestServer::settings();
  settings.uploads.bytes_per_day = 1_MiB;
  Uploader alice(settings);
  const auto refused = alice.chunked_film(2_MiB);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, failure(kQuotaText));
  EXPECT_EQ(alice.count_files(), 0u);
  EXPECT_EQ(alice.film(1_MiB).status, 200);  // it has not been counted
}

TEST(UploadLimits, ABrokenOffUploadIsNotCounted) {
  auto settings = TestServer::settings();
  settings.uploads.bytes_per_day = 1_MiB;
  Uploader alice(settings);
  {
    RawHttpClient client(alice.server.port());
    client.send(alice.head("Content-Length: 1000000") +
                MultipartForm().file("f", "a.mp4", std::string(kMp4) + "xx").begun());
    ASSERT_TRUE(holds_soon([&] { return alice.count_files() == 1; }));
    client.abort();
  }
  EXPECT_TRUE(holds_soon([&] { return alice.count_files() == 0; }));
  EXPECT_EQ(alice.film(1_MiB).status, 200);
}

TEST(UploadLimits, UploadsAreCountedPerUser) {
  auto settings = TestServer::settings();
  settings.rates.upload_per_user = {2, std::chrono::minutes(10)};
  Uploader alice(settings);
  EXPECT_EQ(alice.film(100).status, 200);
  EXPECT_EQ(alice.film(100).status, 200);
  const auto refused = alice.film(100);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, failure("请求过于频繁，请10分钟后再试"));
}

TEST(UploadLimits, SpaceIsLeftOnTheDisk) {
  auto settings = TestServer::settings();
  settings.log_level = log::Level::kOff;
  settings.min_free = std::size_t{1} << 60;
  Uploader alice(settings);
  const auto refused = alice.film(100);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, failure("服务器存储空间不足，请稍后再试"));
  EXPECT_EQ(alice.count_files(), 0u);
}

}  // namespace
}  // namespace qn::test
