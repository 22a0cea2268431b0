#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "support/multipart_form.h"
#include "support/net_server.h"
#include "support/raw_http_client.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBase = "/api/chat/upload/";
constexpr std::string_view kNone = "上传任务不存在或已过期";
constexpr std::string_view kGap = "上传位置与已收到的数据不符";

// A film of that many bytes, every part of it different.
std::string film_of(std::size_t size) {
  std::string film(kMp4);
  for (int i = 0; film.size() < size; ++i) film += std::to_string(i) + ' ';
  film.resize(size);
  return film;
}

class ResumableUpload : public ::testing::Test {
 protected:
  explicit ResumableUpload(app::Settings settings = TestServer::settings())
      : server_(std::move(settings)),
        token_(text_at(server_.register_user("alice"), "token")),
        other_(text_at(server_.register_user("bobby"), "token")) {}

  Answer begin(std::string_view name, std::int64_t size, std::string_view folder = "chatVideos") {
    return server_.post(std::string(kBase) + "begin",
                        {{"name", name}, {"size", size}, {"folder", folder}}, token_);
  }
  std::string id_of(const Answer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return text_at(answer.data(), "upload_id");
  }
  Answer piece(const std::string& id, std::size_t offset, std::string_view bytes,
               std::string_view token = {}) {
    return http(server_.port(), "POST",
                std::string(kBase) + id + "?offset=" + std::to_string(offset), bytes,
                {{"Content-Type", "application/octet-stream"},
                 {"token", std::string(token.empty() ? token_ : token)}});
  }
  Answer offset(const std::string& id) { return server_.get(std::string(kBase) + id, token_); }
  Answer finish(const std::string& id) {
    return server_.post(std::string(kBase) + id + "/finish", json::object{}, token_);
  }
  void expect_offset(const Answer& answer, std::size_t offset) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.data(), (json::object{{"offset", offset}}));
  }
  void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.data(), json::value(text));
  }
  fs::path root() const { return server_.data_dir() / "public" / "uploads"; }
  std::size_t count_files(const fs::path& folder) const {
    std::size_t count = 0;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  }
  std::size_t count_partials() const { return count_files(root() / ".partial"); }

  TestServer server_;
  const std::string token_;
  const std::string other_;
};

TEST_F(ResumableUpload, InPiecesLikeAtOnce) {
  const std::string film = film_of(300'000);
  const auto begun = begin("a.MP4", 300'000);
  const auto id = id_of(begun);
  EXPECT_EQ(begun.data(), (json::object{{"upload_id", id}, {"offset", 0}, {"chunk", 4 << 20}}));
  expect_offset(offset(id), 0);
  expect_offset(piece(id, 0, film.substr(0, 100'000)), 100'000);
  expect_offset(offset(id), 100'000);
  expect_offset(piece(id, 100'000, film.substr(100'000)), 300'000);
  const auto answer = finish(id);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto url = text_at(answer.data(), "url");
  EXPECT_TRUE(url.starts_with("/public/uploads/Diy/chatVideos/20251009/1760000000000_")) << url;
  EXPECT_TRUE(url.ends_with(".mp4"));
  EXPECT_TRUE(server_.get(url).body == film);
  EXPECT_EQ(fs::status(server_.data_dir() / url.substr(1)).permissions(), fs::perms(0644));
  EXPECT_EQ(count_files(root()), 1u);
}

TEST_F(ResumableUpload, EveryStepMayBeRepeated) {
  const std::string film = film_of(1000);
  const auto id = id_of(begin("a.mp4", 1000));
  expect_offset(piece(id, 0, film.substr(0, 600)), 600);
  expect_offset(piece(id, 0, film.substr(0, 600)), 600);
  expect_offset(piece(id, 300, film.substr(300)), 1000);
  expect_offset(piece(id, 1000, ""), 1000);
  const auto first = finish(id);
  const auto again = finish(id);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(again.body, first.body);
  expect_offset(offset(id), 1000);
  EXPECT_EQ(server_.get(text_at(first.data(), "url")).body, film);
  EXPECT_EQ(count_files(root()), 1u);
}

TEST_F(ResumableUpload, GoesOnAfterARestart) {
  const std::string film = film_of(1000);
  const auto id = id_of(begin("a.mp4", 1000));
  expect_offset(piece(id, 0, film.substr(0, 600)), 600);
  server_.restart();
  expect_offset(offset(id), 600);
  expect_offset(piece(id, 600, film.substr(600)), 1000);
  server_.restart();
  const auto url = text_at(finish(id).data(), "url");
  EXPECT_EQ(server_.get(url).body, film);
}

TEST_F(ResumableUpload, WhatHasComeOfABrokenPieceStays) {
  const std::string film = film_of(200'000);
  const auto id = id_of(begin("a.mp4", 200'000));
  {
    RawHttpClient client(server_.port());
    client.send("POST " + std::string(kBase) + id + "?offset=0 HTTP/1.1\r\nHost: t\r\ntoken: " +
                token_ + "\r\nContent-Length: 200000\r\n\r\n" + film.substr(0, 150'000));
    ASSERT_TRUE(holds_soon([&] { return integer_at(offset(id).data(), "offset") > 0; }));
    // A client that comes back need not wait for the end of its first connection.
    expect_offset(piece(id, 0, film.substr(0, 160'000)), 160'000);
    client.abort();
  }
  expect_offset(piece(id, 160'000, film.substr(160'000)), 200'000);
  EXPECT_TRUE(server_.get(text_at(finish(id).data(), "url")).body == film);
}

TEST_F(ResumableUpload, NoGapsAndNothingBeyondTheEnd) {
  const std::string film = film_of(1000);
  const auto id = id_of(begin("a.mp4", 1000));
  expect_refused(piece(id, 1, film.substr(1)), kGap);
  expect_refused(piece(id, 0, film + "x"), "上传的数据超出文件大小");
  expect_refused(piece(id, 2000, "x"), "上传的数据超出文件大小");
  expect_refused(finish(id), "文件尚未上传完整");
  const auto bad = http(server_.port(), "POST", std::string(kBase) + id + "?offset=-1", "x",
                        {{"token", token_}});
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(http(server_.port(), "POST", std::string(kBase) + id, "x", {{"token", token_}}).status,
            422);
  expect_offset(piece(id, 0, film), 1000);
  EXPECT_EQ(finish(id).status, 200);
  expect_refused(piece(id, 0, film), "上传的数据超出文件大小");
}

TEST_F(ResumableUpload, IsItsOwnersOnly) {
  const auto id = id_of(begin("a.mp4", 1000));
  expect_refused(piece(id, 0, film_of(1000), other_), kNone);
  expect_refused(server_.get(std::string(kBase) + id, other_), kNone);
  expect_refused(server_.post(std::string(kBase) + id + "/finish", json::object{}, other_), kNone);
  expect_refused(offset("0123456789abcdef0123456789abcdef"), kNone);
  expect_refused(piece("..%2F..%2Fx", 0, "x"), kNone);
  expect_offset(offset(id), 0);
}

TEST_F(ResumableUpload, NotForVisitorsNorForNobody) {
  const auto visitor = server_.post_signed(
      "/api/visitorRegister",
      {{"deviceId", "3f2a9c10-7b44-5d1e-9a6b-0c8d2e4f6a71"}, {"uniplatform", "web"}});
  const auto token = text_at(visitor.data(), "token");
  expect_refused(server_.post(std::string(kBase) + "begin", json::object{}, token),
                 "您没有权限访问，请先注册或登录");
  expect_refused(piece("x", 0, "x", token), "您没有权限访问，请先注册或登录");
  expect_refused(piece("x", 0, "x", "wrong"), "Token 令牌不合法！");
}

TEST_F(ResumableUpload, NamesFoldersAndSizesAreCheckedFirst) {
  expect_refused(begin("a.exe", 10), "Invalid filename: a.exe");
  expect_refused(begin("a.svg", 10), "不支持上传此类型的文件");
  expect_refused(begin("a.mp4", 10, "../x"), "上传目录名称不合法");
  EXPECT_EQ(begin("a.mp4", 0).data(), "文件大小 的数值 必须 在 1 和 10000000000000000 之间");
  const auto large = begin("a.mp4", (500 << 20) + 1);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.data(), "Request file too large");
  EXPECT_EQ(begin("a.mp4", 500 << 20).status, 200);
}

TEST_F(ResumableUpload, OtherContentEndsIt) {
  const auto id = id_of(begin("a.png", 10));
  expect_offset(piece(id, 0, "<html></ht"), 10);
  expect_refused(finish(id), "文件内容与扩展名不符");
  expect_refused(finish(id), kNone);
  EXPECT_EQ(count_files(root()), 0u);
}

TEST_F(ResumableUpload, TwoFinishesAtOnceAreOne) {
  const auto id = id_of(begin("a.mp4", 1000));
  expect_offset(piece(id, 0, film_of(1000)), 1000);
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 6; ++i) {
    answers.push_back(std::async(std::launch::async, [&] { return finish(id); }));
  }
  const std::string body = answers.front().get().body;
  for (std::size_t i = 1; i < answers.size(); ++i) EXPECT_EQ(answers[i].get().body, body);
  EXPECT_TRUE(body.starts_with(R"({"msg":"ok","data":{"url":"/public)")) << body;
  EXPECT_EQ(count_files(root()), 1u);
}

TEST_F(ResumableUpload, LeftAloneForADayItGoes) {
  const auto old = id_of(begin("a.mp4", 1000));
  expect_offset(piece(old, 0, film_of(100)), 100);
  server_.clock().advance(std::chrono::hours(23));
  const auto fresh = id_of(begin("a.mp4", 1000));
  expect_offset(piece(fresh, 0, film_of(100)), 100);
  std::ofstream(root() / ".partial" / "nobody-knows-it") << "x";
  server_.clock().advance(std::chrono::hours(2));
  server_.restart();  // sweeps at once, then now and then
  EXPECT_TRUE(holds_soon([&] { return count_partials() == 1; }));
  expect_refused(offset(old), kNone);
  expect_refused(piece(old, 100, "x"), kNone);
  expect_offset(offset(fresh), 100);
}

TEST_F(ResumableUpload, PartialsAreServedToNobody) {
  const auto id = id_of(begin("a.mp4", 1000));
  expect_offset(piece(id, 0, film_of(100)), 100);
  EXPECT_EQ(server_.get("/public/uploads/.partial/" + id).status, 404);
}

class ResumableLimits : public ResumableUpload {
 protected:
  ResumableLimits() : ResumableUpload(settings()) {}
  static app::Settings settings() {
    auto settings = TestServer::settings();
    settings.uploads.bytes_per_day = 1_MiB;
    settings.uploads.max_bytes = 1_KiB;
    settings.rates.upload_per_user = {100, std::chrono::minutes(10)};
    return settings;
  }
};

TEST_F(ResumableLimits, UnfinishedOnesCountForTheDay) {
  const auto id = id_of(begin("a.mp4", 700'000));
  expect_refused(begin("a.mp4", 700'000), "未完成的上传过多，请先完成后再试");
  expect_offset(piece(id, 0, film_of(700'000)), 700'000);
  EXPECT_EQ(finish(id).status, 200);
  expect_refused(begin("a.mp4", 700'000), "今日上传总量已达上限，请明天再试");
  server_.clock().advance(std::chrono::hours(24));
  EXPECT_EQ(begin("a.mp4", 700'000).status, 200);
}

TEST_F(ResumableLimits, TenAtATime) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(begin("a.mp4", 100).status, 200);
  expect_refused(begin("a.mp4", 100), "未完成的上传过多，请先完成后再试");
}

}  // namespace
}  // namespace qn::test
