#include <gtest/gtest.h>

#include "support/test_server.h"

namespace qn::test {
namespace {

class ProfileApi : public ::testing::Test {
 protected:
  ProfileApi() : me_(server_.register_user("alice01")), token_(text_at(me_, "token")) {}

  Answer update(std::string_view field, const json::value& value) {
    return server_.post("/api/chat/updateUserinfo", {{"fieldname", field}, {"fieldValue", value}},
                        token_);
  }
  Answer search(std::string_view keyword) {
    return server_.post("/api/chat/searchUser", {{"keyword", keyword}}, token_);
  }
  Answer profile() { return server_.get("/api/userinfo/" + text_at(me_, "uuid")); }
  void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.data(), json::value(text));
  }

  TestServer server_;
  const json::object me_;
  const std::string token_;
};

TEST_F(ProfileApi, FieldsChangeWithTheirTexts) {
  EXPECT_EQ(update("nickname", "爱丽丝").data(), "修改昵称成功");
  EXPECT_EQ(update("avatar", "/public/a.png").data(), "头像更新成功");
  EXPECT_EQ(update("invite_confirm", 1).data(), "设置成功");
  EXPECT_EQ(update("role", "admin").data(), "");
  expect_refused(update("username", "other"), "账号不可修改");
  expect_refused(update("nickname", json::string(31, 'a')), "昵称长度不能超过30个字符");
  expect_refused(update("avatar", json::string("/public/" + std::string(1000, 'a'))),
                 "头像地址过长不能超过1000个字符");
  expect_refused(update("invite_confirm", 2), "添加我为好友设置值错误");

  const auto data = profile().data();
  EXPECT_EQ(text_at(data, "nickname"), "爱丽丝");
  EXPECT_EQ(text_at(data, "avatar"), "/public/a.png");
  EXPECT_EQ(text_at(data, "role"), "user");
}

// Defect D-16: a chat user's avatar went into the operators' pages unescaped.
TEST_F(ProfileApi, AvatarsAreWebAddressesOrUploads) {
  for (const char* bad : {"javascript:alert(1)", "data:text/html,x", "a.png", "//evil.example/a",
                          "/public/a.png\" onerror=\"x", "https://a/<b>"}) {
    expect_refused(update("avatar", bad), "头像地址不合法");
  }
  EXPECT_EQ(update("avatar", "https://cdn.example.com/头像.png").status, 200);
}

// Defect S33: anybody could call themselves the system.
TEST_F(ProfileApi, SystemNamesAreReserved) {
  expect_refused(update("nickname", "系统 消息"), "该昵称为系统保留名称，请换一个");
}

TEST_F(ProfileApi, SearchFindsOthersByPartOfTheName) {
  server_.register_user("bob_001");
  server_.register_user("BOBBY_2");
  server_.register_user("100%bob");
  EXPECT_EQ(search("bob").data().as_array().size(), 3u);
  EXPECT_EQ(search("alice").data(), json::array());  // not oneself
  const auto hit = search("bob_0").data().as_array().at(0).as_object();
  EXPECT_EQ(hit.size(), 6u);
  EXPECT_EQ(text_at(hit, "username"), "bob_001");
  // Defect S19: % and _ were wildcards.
  EXPECT_EQ(search("%").data().as_array().size(), 1u);
  EXPECT_EQ(search("b%b").data(), json::array());
}

TEST_F(ProfileApi, SearchIsCappedAndLimited) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(search("zzz").status, 200);
  expect_refused(search("zzz"), "请求过于频繁，请1分钟后再试");
}

TEST_F(ProfileApi, PublicProfileHidesAllSettingsButTheChatset) {
  const json::value document = {{"chatset", {{"user", {{"sendCount", 2}}}}}, {"private", "x"}};
  EXPECT_EQ(server_.post("/api/chat/userset", {{"userset", document}}, token_).data(), "ok");
  EXPECT_EQ(text_at(profile().data(), "userset"), R"({"chatset":{"user":{"sendCount":2}}})");
  expect_refused(server_.get("/api/userinfo/30452405-960a-4179-a2a5-9b117443017c"), "用户不存在");
}

// Defect S28: a document that is no JSON made every sender's request fail.
TEST_F(ProfileApi, OnlyJsonObjectsBecomeSettings) {
  for (const char* bad : {"hello", "12", "null", "[1]"}) {
    expect_refused(server_.post("/api/chat/userset", {{"userset", bad}}, token_),
                   "用户设置格式错误");
  }
  expect_refused(
      server_.post("/api/chat/userset", {{"userset", {{"a", std::string(20'000, 'x')}}}}, token_),
      "用户设置格式错误");
}

TEST_F(ProfileApi, ContactSettingsOfSelfOthersAndNobody) {
  const auto bob = server_.register_user("bob_001");
  const auto of = [&](std::int64_t id) {
    return server_.post("/api/chat/getUserSetInfo", {{"userid", id}}, token_);
  };
  const auto data = of(integer_at(bob, "id")).data();
  EXPECT_EQ(data, (json::object{{"id", bob.at("id")},
                                {"userset", ""},
                                {"invite_confirm", 0},
                                {"uuid", bob.at("uuid")},
                                {"isgoodfriend", false},
                                {"isgoodfriend_status", true}}));
  EXPECT_EQ(of(integer_at(me_, "id")).status, 200);
  expect_refused(of(99999), "用户不存在或者为游客，无法加为好友");
}

}  // namespace
}  // namespace qn::test
