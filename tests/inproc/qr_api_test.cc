#include <gtest/gtest.h>

#include "media/qr_image.h"
#include "support/test_server.h"

namespace qn::test {
namespace {

class QrApi : public ::testing::Test {
 protected:
  explicit QrApi(app::Settings settings = TestServer::settings()) : server_(std::move(settings)) {
    const auto added = server_.post("/api/chat/autoAddFriendAndAgree",
                                    {{"friend_id", bob_.at("id")}}, text_at(alice_, "token"));
    EXPECT_EQ(added.data(), "ok");
    const auto friends = server_.get("/api/chat/goodfriendlist/1", text_at(alice_, "token"));
    const auto row = friends.data().at("rows").at("newList").at(0).at("list").at(0).at("id");
    server_.post("/api/chat/group/create", {{"userIds", json::array{row}}},
                 text_at(alice_, "token"));
    group_ = integer_at(server_.get("/api/chat/grouplist/1", text_at(alice_, "token")).data().at(0),
                        "id");
  }

  Answer code(std::int64_t id, const std::string& query, const json::object& user) {
    return server_.get("/api/chat/groupQrcode/" + std::to_string(id) +
                       "?token=" + text_at(user, "token") + query);
  }
  static void expect_code(const Answer& answer, const std::string& text) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "image/png");
    EXPECT_TRUE(answer.body == *media::qr_png(text)) << "another code than that of " << text;
  }
  static void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.data(), json::value(text));
  }
  std::string number(const json::object& user) { return std::to_string(integer_at(user, "id")); }

  TestServer server_;
  const json::object alice_ = server_.register_user("alice01");
  const json::object bob_ = server_.register_user("bob_001");
  const json::object carol_ = server_.register_user("carol01");
  std::int64_t group_ = 0;
};

TEST_F(QrApi, MembersGetTheirGroupsCode) {
  const std::string id = std::to_string(group_);
  expect_code(code(group_, "", bob_), R"({"id":)" + id + R"(,"name":"alice01、bob_001"})");
  expect_code(code(group_, "&type=H5&http=https%3A%2F%2Fim.example%2Fh5%2F&chatType=group", bob_),
              "https://im.example/h5/#/pages/setpageInfo/setpageInfo?action=autoAddGroup&title="
              "%E7%BE%A4%E4%BB%8B%E7%BB%8D&id=" +
                  id + "&chatType=group&name=alice01、bob_001");
  expect_refused(code(group_, "", carol_), "群不存在或被封禁或者您不在该群聊中");
  expect_refused(code(99999, "", bob_), "群不存在或被封禁或者您不在该群聊中");
}

// Defect C15.
TEST_F(QrApi, PeopleHaveCodesOnEveryPlatform) {
  server_.post("/api/chat/updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", "A&B"}},
               text_at(alice_, "token"));
  server_.post("/api/chat/updateUserinfo",
               {{"fieldname", "avatar"}, {"fieldValue", "/public/a.png"}},
               text_at(alice_, "token"));
  const std::string app = R"({"id":)" + number(alice_) + R"(,"name":"A&B"})";
  const auto id = integer_at(alice_, "id");
  expect_code(code(id, "&chatType=single", bob_), app);
  expect_code(code(id, "&type=H5&http=http%3A%2F%2Flocalhost%3A8080%2F&chatType=single", alice_),
              "http://localhost:8080/#/pages/setpageInfo/setpageInfo?action=autoAddGroup&title="
              "%E5%8A%A0%E7%94%A8%E6%88%B7%5BA%26B%5D%E4%B8%BA%E5%A5%BD%E5%8F%8B&id=" +
                  number(alice_) + "&chatType=single&name=A%26B&avatar=/public/a.png");
  expect_refused(code(99999, "&chatType=single", bob_), "用户不存在或被封禁");
}

// Apps leave the kind out; the ids of carol and of the group differ.
TEST_F(QrApi, AnAppsOwnCodeNeedsNoKind) {
  ASSERT_NE(integer_at(carol_, "id"), group_);
  expect_code(code(integer_at(carol_, "id"), "", carol_),
              R"({"id":)" + number(carol_) + R"(,"name":"carol01"})");
  expect_refused(code(integer_at(carol_, "id"), "", bob_), "群不存在或被封禁或者您不在该群聊中");
}

// Defect S29.
TEST_F(QrApi, CodesLeadToWebPagesOnly) {
  for (const char* page : {"", "x", "javascript%3A%2F%2Fx%2F", "ftp%3A%2F%2Fx%2F", "https%3A%2F%2F",
                           "https%3A%2F%2Fgood%40evil.example%2F", "https%3A%2F%2Fx%2F%23",
                           "https%3A%2F%2Fx%2F%20y"}) {
    expect_refused(code(group_, std::string("&type=H5&http=") + page, bob_), "网址域名不合法");
  }
}

class QrApiWithOrigins : public QrApi {
 protected:
  QrApiWithOrigins() : QrApi(settings()) {}
  static app::Settings settings() {
    auto settings = TestServer::settings();
    settings.web_origins = {"https://im.example"};
    return settings;
  }
};

TEST_F(QrApiWithOrigins, CodesLeadToConfiguredOriginsOnly) {
  EXPECT_EQ(code(group_, "&type=H5&http=https%3A%2F%2FIM.example%2Fh5%2F", bob_).status, 200);
  for (const char* page :
       {"https%3A%2F%2Fevil.example%2F", "http%3A%2F%2Fim.example%2F",
        "https%3A%2F%2Fim.example.evil.example%2F", "https%3A%2F%2Fim.example%3A8443%2F"}) {
    expect_refused(code(group_, std::string("&type=H5&http=") + page, bob_), "网址域名不合法");
  }
}

}  // namespace
}  // namespace qn::test
