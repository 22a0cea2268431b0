#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "support/multipart_form.h"
#include "support/net_server.h"
#include "support/raw_http_client.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoute = "/api/chat/uploadStreamSingleToServerDiy/";
constexpr std::string_view kPictureRoute = "/api/chat/uploadAliyun";

class UploadApi : public ::testing::Test {
 protected:
  explicit UploadApi(app::Settings settings = TestServer::settings())
      : server_(std::move(settings)), token_(text_at(server_.register_user("alice"), "token")) {}

  Answer send(std::string_view path, const std::string& body,
              std::string_view type = MultipartForm::kType) {
    return http(server_.port(), "POST", path, body,
                {{"Content-Type", std::string(type)}, {"token", token_}});
  }
  Answer upload(std::string_view filename, std::string_view bytes,
                std::string_view folder = "chatImgs") {
    return send(std::string(kRoute) + std::string(folder),
                MultipartForm().file("file", filename, bytes).body());
  }
  static std::string url_of(const Answer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return text_at(answer.data(), "url");
  }
  static void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.msg(), json::value("fail"));
    EXPECT_EQ(answer.data(), json::value(text));
  }
  fs::path root() const { return server_.data_dir() / "public" / "uploads"; }
  // Every file there is, finished or not.
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(root(), none)) {
      if (entry.is_regular_file()) out.push_back(entry.path().filename().string());
    }
    return out;
  }
  // The head of an upload of `length` bytes of body.
  std::string head(std::string_view fields, std::string_view folder = "chatImgs") {
    return "POST " + std::string(kRoute) + std::string(folder) +
           " HTTP/1.1\r\nHost: t\r\nContent-Type: " + std::string(MultipartForm::kType) +
           "\r\ntoken: " + token_ + "\r\n" + std::string(fields) + "\r\n";
  }

  TestServer server_;
  const std::string token_;
};

TEST_F(UploadApi, AFileIsStoredUnderItsFolderAndDay) {
  const auto url = url_of(upload("a.PNG", kPng, "chat_Imgs-2"));
  EXPECT_TRUE(std::regex_match(
      url, std::regex("/public/uploads/Diy/chat/Imgs-2/20251009/1760000000000_[0-9]{1,8}\\.png")))
      << url;
  const auto got = server_.get(url);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, kPng);
  EXPECT_EQ(got.header("content-type"), "image/png");
  EXPECT_EQ(got.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(got.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(got.header("content-disposition"), "");
  EXPECT_EQ(fs::status(server_.data_dir() / url.substr(1)).permissions(), fs::perms(0644));
}

TEST_F(UploadApi, TheDayIsTheServersOwn) {
  server_.clock().advance(std::chrono::hours(8));  // 16:53 UTC: the next day at +08:00
  EXPECT_NE(url_of(upload("a.png", kPng)).find("/20251010/"), std::string::npos);
}

TEST_F(UploadApi, WhatIsNoMediumIsOfferedForSaving) {
  const std::string zip = std::string("PK\x03\x04\x14") + std::string(26, '\0');
  const auto got = server_.get(url_of(upload("a.zip", zip)));
  EXPECT_EQ(got.header("content-disposition"), "attachment");
}

TEST_F(UploadApi, VisitorsMayUploadAndTheTokenMayStandInTheQuery) {
  const auto visitor = server_.post_signed(
      "/api/visitorRegister",
      {{"deviceId", "3f2a9c10-7b44-5d1e-9a6b-0c8d2e4f6a71"}, {"uniplatform", "web"}});
  const auto token = text_at(visitor.data(), "token");
  const auto answer = http(server_.port(), "POST", std::string(kRoute) + "x?token=" + token,
                           MultipartForm().file("file", "v.mp4", kMp4).body(),
                           {{"Content-Type", std::string(MultipartForm::kType)}});
  EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST_F(UploadApi, TheFirstFileWinsAndFieldsAreIgnored) {
  const std::string gif = "GIF89a\x01";
  const auto url = url_of(send(std::string(kRoute) + "x", MultipartForm()
                                                              .field("token", "zzz")
                                                              .file("none", "", "")
                                                              .file("one", "../../1.png", kPng)
                                                              .field("b", "c")
                                                              .file("two", "2.exe", "MZ")
                                                              .file("three", "3.gif", gif)
                                                              .body()));
  EXPECT_TRUE(url.ends_with(".png"));
  EXPECT_EQ(server_.get(url).body, kPng);
}

TEST_F(UploadApi, NothingIsReadWithoutAToken) {
  for (const std::string fields : {"", "token: wrong\r\n"}) {
    RawHttpClient client(server_.port());
    client.send("POST " + std::string(kRoute) +
                "x HTTP/1.1\r\nHost: t\r\nContent-Type: " + std::string(MultipartForm::kType) +
                "\r\n" + fields + "Content-Length: 1000000\r\nExpect: 100-continue\r\n" +
                "Origin: https://web.example\r\n\r\n");
    const auto answer = client.read_response();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400);
    EXPECT_EQ(answer->headers.at("access-control-allow-origin"), "*");
    EXPECT_EQ(answer->headers.at("connection"), "close");
    const std::string text = fields.empty() ? "您没有权限访问即时通讯接口" : "Token 令牌不合法！";
    EXPECT_EQ(answer->body, "{\"msg\":\"fail\",\"data\":\"" + text + "\"}");
  }
}

TEST_F(UploadApi, AFormFieldIsNoToken) {
  const auto answer = http(server_.port(), "POST", std::string(kRoute) + "x",
                           MultipartForm().field("token", token_).file("f", "a.png", kPng).body(),
                           {{"Content-Type", std::string(MultipartForm::kType)}});
  expect_refused(answer, "您没有权限访问即时通讯接口");
}

TEST_F(UploadApi, RefusesWhatIsNoUpload) {
  const std::string path = std::string(kRoute) + "x";
  expect_refused(send(path, "{}", "application/json"), "Content-Type must be multipart/*");
  expect_refused(send(path, "", ""), "Content-Type must be multipart/*");
  expect_refused(send(path, MultipartForm().body()), "Can't found upload file");
  expect_refused(send(path, MultipartForm().field("a", "b").body()), "Can't found upload file");
  expect_refused(send(path, "abc", "multipart/form-data"), "请求体不是合法的表单");
  expect_refused(send(path, ""), "请求体不是合法的表单");
  expect_refused(send(path, MultipartForm().file("f", "a.png", kPng).begun()),
                 "请求体不是合法的表单");
  EXPECT_EQ(send(std::string(kRoute), MultipartForm().body()).status, 404);
  EXPECT_EQ(server_.get(path, token_).status, 404);
  EXPECT_EQ(files(), std::vector<std::string>());
}

TEST_F(UploadApi, RefusesNamesAndContent) {
  expect_refused(upload("f.mov", "x"), "Invalid filename: f.mov");
  expect_refused(upload("noext", "x"), "Invalid filename: noext");
  expect_refused(upload(".png", kPng), "Invalid filename: .png");
  expect_refused(upload("f.svg", "<svg/>"), "不支持上传此类型的文件");
  expect_refused(upload("f.png", "<html><script>alert(1)</script></html>"), "文件内容与扩展名不符");
  expect_refused(upload("f.mp4", "x"), "文件内容与扩展名不符");
  expect_refused(upload("f.png", ""), "上传的文件为空");
  EXPECT_EQ(files(), std::vector<std::string>());
}

TEST_F(UploadApi, RefusesFoldersThatLeadElsewhere) {
  for (const std::string folder : {".._.._traverse", "a%2Fb", "%E7%9B%AE", "a__b", "a.b"}) {
    expect_refused(upload("1.png", kPng, folder), "上传目录名称不合法");
  }
}

TEST_F(UploadApi, PicturesGetASmallVersion) {
  // 400 × 300, black and white.
  constexpr std::string_view kPicture(
      "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x01\x90\x00\x00"
      "\x01\x2c\x01\x00\x00\x00\x00\xc5\xcc\xd8\x6f\x00\x00\x00\x48\x49\x44\x41\x54\x78\xda\xed"
      "\xcb\x21\x01\x00\x00\x0c\x02\x30\xfa\xa7\x25\x02\x09\x2e\xee\x37\xbf\xf4\x2d\x8a\xa2\x28"
      "\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a"
      "\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\x28\x8a\xa2\xdc\x06\x7d"
      "\x11\xf1\xab\x76\xb0\x5c\xcd\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82",
      129);
  const auto url = url_of(upload("a.png", kPicture));
  const auto small = url + ".avatar.webp";
  ASSERT_TRUE(holds_soon([&] { return server_.get(small).status == 200; }));
  const auto got = server_.get(small);
  EXPECT_EQ(got.header("content-type"), "image/webp");
  EXPECT_TRUE(got.body.starts_with("RIFF"));
  EXPECT_LT(got.body.size(), 10'000u);
}

TEST_F(UploadApi, APictureThatClaimsToBeHugeGetsNone) {
  // 20,000 × 20,000 pixels in 69 bytes.
  constexpr std::string_view kBomb(
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\x02\0\0\0\x6c\x12\xd1\x6e\0\0\0"
      "\x0cIDAT\x78\x9c\x63\x60\xa0\x3d\0\0\0\x64\0\x01\x86\x64\x3c\x35\0\0\0\0IEND\xae\x42\x60"
      "\x82",
      69);
  const auto url = url_of(upload("a.png", kBomb));
  const std::string failed = "qn_avatars_total{result=\"failed\"} 1\n";
  EXPECT_TRUE(holds_soon(
      [&] { return server_.server().metrics().render().find(failed) != std::string::npos; }));
  const auto small = server_.get(url + ".avatar.webp");
  EXPECT_EQ(small.status, 302);
  EXPECT_EQ(small.header("location"), url);
  EXPECT_EQ(server_.get(url).body, kBomb);
  EXPECT_EQ(server_.get("/public/x.avatar.webp").status, 404);
}

TEST_F(UploadApi, ABrokenOffUploadLeavesNothing) {
  RawHttpClient client(server_.port());
  const std::string start = MultipartForm().file("f", "a.mp4", kMp4).begun();
  client.send(head("Content-Length: 10000000\r\n") + start);
  ASSERT_TRUE(holds_soon([&] { return files().size() == 1; }));
  client.abort();
  EXPECT_TRUE(holds_soon([&] { return files().empty(); }));
}

TEST_F(UploadApi, WhatAnEarlierProcessLeftIsSweptAway) {
  upload("a.zip", std::string("PK\x03\x04\x14") + std::string(26, '\0'));
  std::ofstream(root() / ".tmp" / "left") << "half a file";
  EXPECT_EQ(server_.get("/public/uploads/.tmp/left").status, 404);
  server_.restart();
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(UploadApi, PicturesMayAlsoComeAsTheFieldImg) {
  const auto form = MultipartForm().file("other", "x.exe", "MZ").file("img", "a.png", kPng).body();
  const auto answer = send(std::string(kPictureRoute) + "?imageClassId=7", form);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto data = answer.data();
  ASSERT_TRUE(data.is_array());
  ASSERT_EQ(data.get_array().size(), 1u);
  const auto& picture = data.get_array().front();
  const auto url = text_at(picture, "url");
  const std::string origin = "http://localhost";
  ASSERT_TRUE(url.starts_with(origin + "/public/uploads/Diy/images/20251009/")) << url;
  EXPECT_EQ("/public/uploads/Diy/" + text_at(picture, "path"), url.substr(origin.size()));
  EXPECT_EQ(integer_at(picture, "image_class_id"), 7);
  EXPECT_EQ(integer_at(picture, "create_time"), 1'760'000'000);
  EXPECT_EQ(server_.get(url.substr(origin.size())).body, kPng);
}

TEST_F(UploadApi, ThePictureRouteSaysWhyItFailed) {
  expect_refused(send(kPictureRoute, "{}", "application/json"),
                 "上传失败: Content-Type must be multipart/*");
  expect_refused(send(kPictureRoute, MultipartForm().field("a", "b").body()),
                 "上传失败: Can't found upload file");
  expect_refused(send(kPictureRoute, MultipartForm().file("file", "a.png", kPng).body()),
                 "上传失败: 未找到 img 字段的上传文件");
  expect_refused(send(kPictureRoute, MultipartForm().file("img", "a.exe", kPng).body()),
                 "上传失败: Invalid filename: a.exe");
  expect_refused(http(server_.port(), "POST", kPictureRoute, {}, {}), "您没有权限访问即时通讯接口");
}

}  // namespace
}  // namespace qn::test
