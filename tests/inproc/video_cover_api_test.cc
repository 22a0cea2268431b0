#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/bytes.h"
#include "media/run_tool.h"
#include "support/multipart_form.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoute = "/api/chat/getVideoScreenshot";
constexpr std::string_view kFailed = "截图生成失败";

// A film of ffmpeg's own, such as "testsrc=duration=2:size=320x240:rate=10".
std::string make_film(const std::string& source) {
  const TempDir dir;
  const auto file = dir.path() / "a.mp4";
  media::ToolRun run;
  run.program = media::find_tool("ffmpeg").value();
  run.arguments = {"-nostdin", "-loglevel", "quiet", "-f",       "lavfi", "-i",
                   source,     "-c:v",      "mpeg4", "-threads", "1",     file.string()};
  run.max_file = 10'000'000;
  run.time = std::chrono::seconds(60);
  const auto made = media::run_tool(run);
  EXPECT_TRUE(made) << made.error().detail;
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

// Width and height that a PNG's header claims.
std::pair<int, int> png_size(std::string_view png) {
  const auto number = [&](std::size_t at) {
    int out = 0;
    for (std::size_t i = at; i < at + 4; ++i) out = out << 8 | static_cast<unsigned char>(png[i]);
    return out;
  };
  return {number(16), number(20)};
}

class VideoCoverApi : public ::testing::Test {
 protected:
  explicit VideoCoverApi(app::Settings settings = TestServer::settings())
      : server_(std::move(settings)), token_(text_at(server_.register_user("alice"), "token")) {}

  std::string upload(std::string_view film) {
    const auto answer =
        http(server_.port(), "POST", "/api/chat/uploadStreamSingleToServerDiy/chatVideos",
             MultipartForm().file("file", "t.mp4", film).body(),
             {{"Content-Type", std::string(MultipartForm::kType)}, {"token", token_}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return text_at(answer.data(), "url");
  }
  // As a file that no upload would let through.
  std::string place(std::string_view name, std::string_view content) {
    fs::create_directories(root());
    std::ofstream(root() / name) << content;
    return "/public/uploads/" + std::string(name);
  }
  fs::path root() const { return server_.data_dir() / "public" / "uploads"; }
  Answer cover(const json::value& body) { return server_.post(kRoute, body, token_); }
  Answer cover_of(std::string_view url) { return cover({{"videoUrl", url}, {"time", 20}}); }
  void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.data(), json::value(text));
  }

  TestServer server_;
  const std::string token_;
};

TEST_F(VideoCoverApi, APictureOutOfAFilm) {
  const auto film = upload(make_film("testsrc=duration=2:size=320x240:rate=10"));
  const auto answer = cover({{"videoUrl", "http://127.0.0.1:7001" + film},
                             {"time", 20},
                             {"width", 26},
                             {"format", "png"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto data = answer.data().as_object();
  std::vector<std::string> keys;
  for (const auto& member : data) keys.emplace_back(member.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"base64", "url", "format", "time", "width"}));
  EXPECT_EQ(text_at(data, "format"), "png");
  EXPECT_EQ(data.at("time"), 20);
  EXPECT_EQ(data.at("width"), 26);

  const auto url = text_at(data, "url");
  EXPECT_TRUE(url.starts_with("/public/uploads/Diy/VideoScreenshot/screenshot_1760000000000_"));
  const auto picture = server_.get(url);
  EXPECT_EQ(picture.header("content-type"), "image/png");
  EXPECT_EQ(png_size(picture.body), std::pair(26, 20));  // 19.5
  EXPECT_EQ(text_at(data, "base64"), "data:image/png;base64," + to_base64(picture.body));
}

TEST_F(VideoCoverApi, WithoutAWidthItIsTheFilmsOwn) {
  const auto film = upload(make_film("testsrc=duration=2:size=320x240:rate=10"));
  const auto answer = cover({{"videoUrl", film}, {"time", 1500.5}, {"format", "jpg"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(text_at(answer.data(), "width"), "原始宽度");
  EXPECT_EQ(answer.data().at("time"), 1500.5);
  const auto url = text_at(answer.data(), "url");
  EXPECT_TRUE(url.ends_with(".jpg"));
  const auto picture = server_.get(url);
  EXPECT_EQ(picture.header("content-type"), "image/jpeg");
  EXPECT_TRUE(picture.body.starts_with("\xff\xd8\xff"));
  const auto whole = cover({{"videoUrl", film}, {"time", 0}});
  EXPECT_EQ(text_at(whole.data(), "format"), "png");
  EXPECT_EQ(png_size(server_.get(text_at(whole.data(), "url")).body), std::pair(320, 240));
}

TEST_F(VideoCoverApi, NumbersAndFormatsOfForms) {
  const auto film = upload(make_film("testsrc=duration=1:size=64x48:rate=5"));
  const auto answer =
      http(server_.port(), "POST", kRoute, "videoUrl=" + film + "&time=20&width=32&format=jpeg",
           {{"Content-Type", "application/x-www-form-urlencoded"}, {"token", token_}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(text_at(answer.data(), "time"), "20");
  EXPECT_EQ(text_at(answer.data(), "width"), "32");
  EXPECT_TRUE(text_at(answer.data(), "url").ends_with(".jpeg"));
}

TEST_F(VideoCoverApi, LiteralsInTheContractsOrder) {
  expect_refused(cover(json::object{}), "视频地址不能为空");
  expect_refused(cover({{"videoUrl", ""}, {"time", 1}}), "视频地址不能为空");
  const char* url = "http://127.0.0.1/x.mp4";
  expect_refused(cover({{"videoUrl", url}, {"width", 4000}}), "时间点参数无效");
  for (const json::value& time : {json::value(-1), json::value(nullptr), json::value("x"),
                                  json::value(true), json::value("nan")}) {
    expect_refused(cover({{"videoUrl", url}, {"time", time}}), "时间点参数无效");
  }
  for (const json::value& width : {json::value(4000), json::value(-4), json::value(0),
                                   json::value(3840.5), json::value("x")}) {
    expect_refused(cover({{"videoUrl", url}, {"time", 1}, {"width", width}}),
                   "图片宽度应在1-3840之间");
  }
}

// Defect S20: it fetched any address, and the format went into a file's name.
TEST_F(VideoCoverApi, OnlyOurOwnFilmsAndThreeFormats) {
  const std::string foreign = "截图处理失败: 只支持本站上传的视频";
  for (const char* url :
       {"http://127.0.0.1:9/x.mp4", "file:///etc/passwd", "/etc/passwd",
        "http://169.254.169.254/latest/meta-data/", "concat:/public/uploads/a.mp4",
        "/public/uploads/../../../etc/passwd", "/public/uploads/a.png"}) {
    expect_refused(cover_of(url), foreign);
  }
  const std::string none = "截图处理失败: 视频不存在";
  for (const char* url : {"/public/uploads/a.mp4", "/public/uploads/../../secret.mp4",
                          "/public/uploads/%2e%2e/secret.mp4", "/public/uploads/.tmp/a.mp4"}) {
    expect_refused(cover_of(url), none);
  }
  expect_refused(cover({{"videoUrl", "/public/uploads/a.mp4"}, {"time", 1}, {"format", "gif"}}),
                 "截图处理失败: 图片格式只支持png、jpg、jpeg");
  expect_refused(cover({{"videoUrl", "/public/uploads/a.mp4"}, {"time", 1}, {"format", "../x"}}),
                 "截图处理失败: 图片格式只支持png、jpg、jpeg");
}

TEST_F(VideoCoverApi, WhatIsNoFilmGivesNoPicture) {
  expect_refused(cover_of(upload(kMp4)), kFailed);
  expect_refused(cover_of(place("text.mp4", "only a text\n")), kFailed);
  expect_refused(cover_of(place("empty.mp4", "")), kFailed);
  EXPECT_FALSE(fs::exists(root() / "Diy" / "VideoScreenshot"));
}

// Lists of other files are formats too: nothing they name is opened.
TEST_F(VideoCoverApi, AFilmNamesNoOtherFiles) {
  const auto secret = (root() / "real.mp4").string();
  place("real.mp4", make_film("testsrc=duration=1:size=64x48:rate=5"));
  EXPECT_EQ(cover_of("/public/uploads/real.mp4").status, 200);
  expect_refused(cover_of(place("hls.mp4", "#EXTM3U\n#EXTINF:1,\nfile://" + secret + "\n")),
                 kFailed);
  expect_refused(cover_of(place("list.mp4", "ffconcat version 1.0\nfile " + secret + "\n")),
                 kFailed);
  fs::create_symlink(secret, root() / "link.mp4");
  expect_refused(cover_of("/public/uploads/link.mp4"), "截图处理失败: 视频不存在");
}

TEST_F(VideoCoverApi, AHugeFilmAndALateMoment) {
  expect_refused(cover_of(upload(make_film("color=size=8000x8000:duration=1:rate=1"))), kFailed);
  const auto film = upload(make_film("testsrc=duration=1:size=64x48:rate=5"));
  expect_refused(cover({{"videoUrl", film}, {"time", 60'000}}), kFailed);
  expect_refused(cover({{"videoUrl", film}, {"time", 1e300}}), kFailed);
}

TEST_F(VideoCoverApi, VisitorsMayNobodyElse) {
  const auto visitor = server_.post_signed(
      "/api/visitorRegister",
      {{"deviceId", "3f2a9c10-7b44-5d1e-9a6b-0c8d2e4f6a71"}, {"uniplatform", "web"}});
  expect_refused(server_.post(kRoute, json::object{}, text_at(visitor.data(), "token")),
                 "视频地址不能为空");
  expect_refused(server_.post(kRoute, json::object{}), "您没有权限访问即时通讯接口");
}

class VideoCoverSettings : public VideoCoverApi {
 protected:
  VideoCoverSettings() : VideoCoverApi(settings()) {}
  static app::Settings settings() {
    auto settings = TestServer::settings();
    settings.covers.with_base64 = false;
    settings.rates.upload_per_user = {4, std::chrono::minutes(10)};
    return settings;
  }
};

TEST_F(VideoCoverSettings, Base64CanBeLeftOutAndCoversCountAsUploads) {
  const auto film = upload(make_film("testsrc=duration=1:size=64x48:rate=5"));
  for (int i = 0; i < 3; ++i) {
    const auto answer = cover_of(film);
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(text_at(answer.data(), "base64"), "");
    EXPECT_NE(text_at(answer.data(), "url"), "");
  }
  expect_refused(cover_of(film), "请求过于频繁，请10分钟后再试");
}

}  // namespace
}  // namespace qn::test
