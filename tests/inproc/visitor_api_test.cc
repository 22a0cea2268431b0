#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

#include "support/test_server.h"

namespace qn::test {
namespace {

constexpr const char* kDevice = "3f2a9c10-7b44-5d1e-9a6b-0c8d2e4f6a71";

class VisitorApi : public ::testing::Test {
 protected:
  Answer enter(std::string_view device = kDevice) {
    return server_.post_signed("/api/visitorRegister",
                               {{"deviceId", device}, {"uniplatform", "web"}});
  }
  Answer upgrade(std::string_view name, std::string_view device = kDevice) {
    return server_.post_signed("/api/visitorregChat",
                               {{"username", name}, {"password", "123456"}, {"deviceId", device}});
  }
  void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.data(), json::value(text));
  }

  TestServer server_;
};

TEST_F(VisitorApi, ADeviceIsOneVisitorHoweverOftenItEnters) {
  const auto first = enter();
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(text_at(first.data(), "username"), "VIS3f2a9c10");
  EXPECT_EQ(text_at(first.data(), "role"), "visitor");
  const auto second = enter();
  EXPECT_EQ(integer_at(second.data(), "id"), integer_at(first.data(), "id"));
}

// Defect S6: the second device with the same first eight characters got a 500.
TEST_F(VisitorApi, DevicesThatBeginAlikeAreDifferentVisitors) {
  const auto first = enter();
  const auto second = enter("3f2a9c10-ffff-5d1e-9a6b-0c8d2e4f6a71");
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_NE(integer_at(second.data(), "id"), integer_at(first.data(), "id"));
  const std::string name = text_at(second.data(), "username");
  EXPECT_TRUE(name.starts_with("VIS3f2a9c10")) << name;
  EXPECT_LE(name.size(), 20u);
}

TEST_F(VisitorApi, ManyFirstVisitsAtOnceMakeOneVisitor) {
  std::vector<std::thread> clients;
  std::mutex mu;
  std::set<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back([&] {
      const auto answer = enter();
      std::lock_guard lock(mu);
      ids.insert(integer_at(answer.data(), "id"));
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_FALSE(ids.contains(-1));
}

TEST_F(VisitorApi, RegisteringKeepsTheIdAndEndsTheVisitorsToken) {
  const auto visitor = enter();
  const auto account = upgrade("vreg_0001");
  ASSERT_EQ(account.status, 200) << account.body;
  EXPECT_EQ(integer_at(account.data(), "id"), integer_at(visitor.data(), "id"));
  EXPECT_EQ(text_at(account.data(), "role"), "user");
  expect_refused(server_.get("/api/chat/whoami", text_at(visitor.data(), "token")),
                 "Token 令牌不合法！");
}

// Defects S4, S5: the device alone opened, and could take over, the account.
TEST_F(VisitorApi, TheDeviceOfAnAccountGetsAVisitorOfItsOwn) {
  enter();
  const auto account = upgrade("vreg_0001");
  const auto visitor = enter();
  ASSERT_EQ(visitor.status, 200) << visitor.body;
  EXPECT_NE(integer_at(visitor.data(), "id"), integer_at(account.data(), "id"));
  EXPECT_EQ(text_at(visitor.data(), "role"), "visitor");

  const auto second = upgrade("vreg_0002");
  EXPECT_NE(integer_at(second.data(), "id"), integer_at(account.data(), "id"));
  EXPECT_EQ(
      server_.post("/api/loginChat", {{"username", "vreg_0001"}, {"password", "123456"}}).status,
      200);
}

TEST_F(VisitorApi, WithoutAVisitorRowRegisteringMakesAnAccountWithoutDevice) {
  const auto account = upgrade("vreg_0001");
  ASSERT_EQ(account.status, 200);
  EXPECT_EQ(text_at(account.data(), "devicefingeruuid"), "");
  expect_refused(upgrade("VREG_0001"), "该账号已存在，请换一个账号注册");
}

TEST_F(VisitorApi, FiveCallsAnHourPerDeviceOverAllThreeRoutes) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(enter().status, 200);
  EXPECT_EQ(upgrade("vreg_0001").status, 200);
  server_.clock().advance(std::chrono::minutes(59));
  EXPECT_EQ(enter().status, 200);
  expect_refused(enter(), "请求过于频繁，请1个小时后再试");
  // Defect S9: every attempt prolonged the block.
  server_.clock().advance(std::chrono::minutes(2));
  EXPECT_EQ(enter().status, 200);
}

TEST_F(VisitorApi, SignatureClockAndDeviceAreChecked) {
  const std::int64_t now = to_millis(server_.clock().now());
  const auto at = [&](std::int64_t timestamp) {
    return server_.post_signed("/api/visitorRegister",
                               {{"deviceId", kDevice}, {"timestamp", timestamp}});
  };
  expect_refused(at(now - 300'500), "请求已过期");
  expect_refused(at(now + 300'500), "请求已过期");
  EXPECT_EQ(at(now - 299'000).status, 200);
  expect_refused(at(now - 299'000), "请求已过期");  // a replay, defect S7
  expect_refused(enter("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), "无效标识");

  const json::value body = {{"deviceId", kDevice}, {"timestamp", now}};
  expect_refused(server_.post("/api/visitorRegister", body), "非法访问");
  expect_refused(http(server_.port(), "POST", "/api/visitorRegister", json::serialize(body),
                      {{"Content-Type", "application/json"}, {"X-Security-Sign", "x"}}),
                 "非法签名");
}

TEST_F(VisitorApi, VisitorsReachOnlyTheirRoutes) {
  const std::string token = text_at(enter().data(), "token");
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 200);
  for (const char* path :
       {"/api/chat/logout", "/api/chat/searchUser", "/api/chat/setPassword", "/api/chat/nothing"}) {
    expect_refused(server_.post(path, json::object(), token), "您没有权限访问，请先注册或登录");
  }
}

// Defect S10: visitors had six-digit passwords and guessable names.
TEST_F(VisitorApi, VisitorsCannotLogInWithAPassword) {
  enter();
  for (const char* password : {"123456", "000000", "!!!!!!"}) {
    expect_refused(
        server_.post("/api/loginChat", {{"username", "VIS3f2a9c10"}, {"password", password}}),
        "账户或密码错误");
  }
}

}  // namespace
}  // namespace qn::test
