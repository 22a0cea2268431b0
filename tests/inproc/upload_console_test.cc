#include <gtest/gtest.h>

#include <regex>

#include "support/console_client.h"
#include "support/multipart_form.h"
#include "support/net_server.h"

namespace qn::test {
namespace {

constexpr std::string_view kRoot = "/uploadStreamSingleToServer";
constexpr std::string_view kNamed = "/uploadStreamSingleToServerDiy/adminImg";

class ConsoleUpload : public ::testing::Test {
 protected:
  ConsoleUpload() { root_.set_up(); }

  // As the console's pages send it.
  Answer upload(std::string_view path, HeaderList more = {}) {
    HeaderList headers = {{"Content-Type", std::string(MultipartForm::kType)},
                          {"X-Requested-With", "XMLHttpRequest"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return root_.send("POST", path, MultipartForm().file("file", "a.png", kPng).body(),
                      std::move(headers));
  }
  static void expect_url(const Answer& answer, const std::string& pattern) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.msg(), json::value("ok"));
    const auto url = text_at(answer.data(), "url");
    EXPECT_TRUE(std::regex_match(url, std::regex(pattern))) << url;
  }

  TestServer server_;
  ConsoleClient root_{server_};
};

TEST_F(ConsoleUpload, AManagerUploadsWithTheTokenOfTheSession) {
  const std::string csrf = root_.csrf();
  expect_url(upload(std::string(kRoot) + "?_csrf=" + csrf),
             "/public/uploads/20251009/1760000000000_[0-9]{1,8}\\.png");
  expect_url(upload(kNamed, {{"X-CSRF-Token", csrf}, {"Sec-Fetch-Site", "same-origin"}}),
             "/public/uploads/Diy/adminImg/20251009/1760000000000_[0-9]{1,8}\\.png");
}

TEST_F(ConsoleUpload, ProgramsOfTheReferenceMayToo) {
  EXPECT_EQ(upload(std::string(kNamed) + "?_csrf=undefined").status, 200);
}

TEST_F(ConsoleUpload, AForeignPageMayNot) {
  const auto answer = upload(kNamed, {{"Origin", "https://evil.example"}});
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.msg(), json::value("fail"));
}

TEST_F(ConsoleUpload, NobodyElseMay) {
  root_.forget_cookies();
  const auto answer = upload(kRoot);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.msg(), json::value("fail"));
  EXPECT_FALSE(std::filesystem::exists(server_.data_dir() / "public" / "uploads" / ".tmp"));
}

TEST_F(ConsoleUpload, RefusalsAreThoseOfEveryUpload) {
  const auto send = [&](std::string_view path, const std::string& body, std::string_view type) {
    return root_.send(
        "POST", path, body,
        {{"Content-Type", std::string(type)}, {"X-Requested-With", "XMLHttpRequest"}});
  };
  const auto exe =
      send(kRoot, MultipartForm().file("f", "a.exe", "MZ").body(), MultipartForm::kType);
  EXPECT_EQ(exe.status, 400);
  EXPECT_EQ(exe.data(), json::value("Invalid filename: a.exe"));
  EXPECT_EQ(send(kRoot, "{}", "application/json").data(),
            json::value("Content-Type must be multipart/*"));
  EXPECT_EQ(send(kRoot, "", "").data(), json::value("Content-Type must be multipart/*"));
  EXPECT_EQ(upload("/uploadStreamSingleToServerDiy/.._.._x").status, 400);
}

TEST_F(ConsoleUpload, OtherMethodsAndPathsAreNotFound) {
  for (const std::string_view path : {kRoot, kNamed}) {
    const auto answer = root_.get(path);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.msg(), json::value("fail"));
  }
  EXPECT_EQ(upload("/uploadStreamSingleToServerDiy/").status, 404);
}

}  // namespace
}  // namespace qn::test
