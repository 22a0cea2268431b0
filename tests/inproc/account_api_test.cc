#include <gtest/gtest.h>
#include <sqlite3.h>

#include <thread>

#include "support/test_server.h"

namespace qn::test {
namespace {

json::value credentials(std::string_view name, std::string_view password = "123456") {
  return {{"username", name}, {"password", password}};
}

class AccountApi : public ::testing::Test {
 protected:
  void expect_refused(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.msg(), "fail");
    EXPECT_EQ(answer.data(), json::value(text));
  }

  TestServer server_;
};

TEST_F(AccountApi, RegisterLoginUseAndLogOut) {
  const auto registered = server_.register_user("lihua01");
  const std::string token = text_at(registered, "token");
  ASSERT_EQ(server_.get("/api/chat/whoami", token).status, 200);

  const auto login = server_.post("/api/loginChat", credentials("lihua01"));
  ASSERT_EQ(login.status, 200);
  const std::string fresh = text_at(login.data(), "token");
  const auto whoami = server_.get("/api/chat/whoami", fresh);
  EXPECT_EQ(integer_at(whoami.data(), "id"), integer_at(registered, "id"));
  EXPECT_EQ(text_at(whoami.data(), "role"), "user");

  EXPECT_EQ(server_.post("/api/chat/logout", json::object(), fresh).data(), true);
  expect_refused(server_.get("/api/chat/whoami", fresh), "Token 令牌不合法！");
}

TEST_F(AccountApi, LoginAnswersTheWholeRowInTheReferencesOrder) {
  server_.register_user("lihua01");
  const auto data = server_.post("/api/loginChat", credentials("lihua01")).data().as_object();
  std::string keys;
  for (const auto& item : data) keys += std::string(item.key()) + ' ';
  EXPECT_EQ(keys,
            "create_time id uuid username nickname avatar devicefingeruuid uniplatform devicemodel "
            "deviceos devicebrand userset invite_confirm mobile email status last_login "
            "last_login_ip register_time register_ip is_deleted wechat_openid qq_openid weibo_uid "
            "role is_email_verified is_mobile_verified order update_time token ");
  // The clock stands at 2025-10-09T08:53:20Z.
  EXPECT_EQ(text_at(data, "create_time"), "2025-10-09 16:53:20");
  EXPECT_EQ(text_at(data, "last_login"), "2025-10-09T08:53:20.000Z");
}

TEST_F(AccountApi, TokenIsTakenFromHeaderQueryOrBody) {
  const std::string token = text_at(server_.register_user("lihua01"), "token");
  EXPECT_EQ(server_.get("/api/chat/whoami?token=" + token).status, 200);
  EXPECT_EQ(server_.post("/api/chat/searchUser", {{"token", token}, {"keyword", "x"}}).status, 200);
  expect_refused(server_.get("/api/chat/whoami"), "您没有权限访问即时通讯接口");
  expect_refused(server_.get("/api/chat/whoami", "abc"), "Token 令牌不合法！");
}

TEST_F(AccountApi, ANewLoginReplacesTheTokenBefore) {
  const std::string first = text_at(server_.register_user("lihua01"), "token");
  const auto second = server_.post("/api/loginChat", credentials("lihua01")).data();
  expect_refused(server_.get("/api/chat/whoami", first), "Token 令牌不合法！");
  EXPECT_EQ(server_.get("/api/chat/whoami", text_at(second, "token")).status, 200);
}

TEST_F(AccountApi, SessionsSurviveARestart) {
  const std::string token = text_at(server_.register_user("lihua01"), "token");
  server_.restart();
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 200);
}

// Defect S2: tokens never expired.
TEST_F(AccountApi, AnUnusedSessionExpiresAndAUsedOneSlides) {
  const std::string used = text_at(server_.register_user("used_01"), "token");
  const std::string unused = text_at(server_.register_user("unused_01"), "token");
  for (int day = 0; day < 40; day += 10) {
    server_.clock().advance(std::chrono::days(10));
    EXPECT_EQ(server_.get("/api/chat/whoami", used).status, 200);
  }
  expect_refused(server_.get("/api/chat/whoami", unused), "Token 令牌不合法！");
}

TEST_F(AccountApi, AHardLimitEndsEvenAUsedSession) {
  const std::string token = text_at(server_.register_user("used_01"), "token");
  for (int day = 0; day < 360; day += 20) {
    server_.clock().advance(std::chrono::days(20));
    ASSERT_EQ(server_.get("/api/chat/whoami", token).status, 200) << day;
  }
  server_.clock().advance(std::chrono::days(20));
  expect_refused(server_.get("/api/chat/whoami", token), "Token 令牌不合法！");
}

// Defect C14: check-then-insert ended in a 500.
TEST_F(AccountApi, OfManyEqualRegistrationsOneWins) {
  std::atomic<int> won{0};
  std::atomic<int> taken{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      const auto answer = server_.post("/api/regChat", credentials("same_name"));
      won += answer.status == 200;
      taken += answer.data() == "该账号已存在，请换一个账号注册";
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(taken, 7);
}

TEST_F(AccountApi, NamesAreComparedWithoutCase) {
  server_.register_user("lihua01");
  expect_refused(server_.post("/api/regChat", credentials("LiHua01")),
                 "该账号已存在，请换一个账号注册");
  EXPECT_EQ(server_.post("/api/loginChat", credentials("LIHUA01")).status, 200);
}

TEST_F(AccountApi, WrongPasswordAndUnknownNameHaveTheirTexts) {
  server_.register_user("lihua01");
  expect_refused(server_.post("/api/loginChat", credentials("lihua01", "654321")),
                 "账户或密码错误");
  expect_refused(server_.post("/api/loginChat", credentials("nobody01")), "账号不存在或者被禁用");
}

// Defect S8: nothing limited password guessing.
TEST_F(AccountApi, GuessingOneAccountIsLimitedAndSuccessForgets) {
  server_.register_user("lihua01");
  for (int i = 0; i < 9; ++i) {
    expect_refused(
        server_.post("/api/loginChat", credentials("lihua01", "wrong-" + std::to_string(i))),
        "账户或密码错误");
  }
  ASSERT_EQ(server_.post("/api/loginChat", credentials("lihua01")).status, 200);
  for (int i = 0; i < 10; ++i) {
    server_.post("/api/loginChat", credentials("lihua01", "wrong-" + std::to_string(i)));
  }
  expect_refused(server_.post("/api/loginChat", credentials("lihua01")),
                 "请求过于频繁，请5分钟后再试");
  server_.clock().advance(std::chrono::minutes(6));
  EXPECT_EQ(server_.post("/api/loginChat", credentials("lihua01")).status, 200);
}

TEST_F(AccountApi, ChangingThePasswordKeepsThisSession) {
  const std::string token = text_at(server_.register_user("lihua01"), "token");
  const json::value change = {
      {"oldpassword", "123456"}, {"newpassword", "abcdef"}, {"checknewpassword", "abcdef"}};
  EXPECT_EQ(server_.post("/api/chat/setPassword", change, token).data(), "修改密码成功");
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 200);
  expect_refused(server_.post("/api/loginChat", credentials("lihua01")), "账户或密码错误");
  EXPECT_EQ(server_.post("/api/loginChat", credentials("lihua01", "abcdef")).status, 200);
}

// Defect S3: an imported account has the reference's unsalted SHA-256.
TEST_F(AccountApi, ALegacyHashLogsInOnceAndIsReplaced) {
  server_.register_user("legacy01");
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((server_.data_dir() / "qingniao.db").c_str(), &db), SQLITE_OK);
  sqlite3_busy_timeout(db, 5000);
  const char* import =
      "UPDATE \"user\" SET password = "
      "'8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92'";
  ASSERT_EQ(sqlite3_exec(db, import, nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(server_.post("/api/loginChat", credentials("legacy01")).status, 200);

  std::string stored;
  sqlite3_exec(
      db, "SELECT password FROM \"user\"",
      [](void* out, int, char** values, char**) {
        *static_cast<std::string*>(out) = values[0];
        return 0;
      },
      &stored, nullptr);
  sqlite3_close(db);
  EXPECT_TRUE(stored.starts_with("$argon2id$")) << stored;
  EXPECT_EQ(server_.post("/api/loginChat", credentials("legacy01")).status, 200);
}

TEST_F(AccountApi, BodiesMayBeJsonFormOrMultipart) {
  EXPECT_EQ(http(server_.port(), "POST", "/api/regChat", "username=form_user&password=123456",
                 {{"Content-Type", "application/x-www-form-urlencoded"}})
                .status,
            200);
  const std::string multipart =
      "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nmulti_user\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n123456\r\n--b--\r\n";
  EXPECT_EQ(http(server_.port(), "POST", "/api/regChat", multipart,
                 {{"Content-Type", "multipart/form-data; boundary=b"}})
                .status,
            200);
  EXPECT_EQ(
      http(server_.port(), "POST", "/api/regChat", "{bad", {{"Content-Type", "application/json"}})
          .status,
      400);
}

TEST_F(AccountApi, ReservedNamesAreTaken) {
  expect_refused(server_.post("/api/regChat", credentials("系统消息")),
                 "该账号已存在，请换一个账号注册");
}

TEST_F(AccountApi, UnknownPathsAnswer404InTheEnvelope) {
  for (const char* path : {"/api", "/api/nothing", "/api/regChat", "/public/none.png"}) {
    const auto answer = server_.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, R"({"msg":"fail","data":"404 错误"})") << path;
  }
}

TEST_F(AccountApi, BodiesOverTheLimitAnswer413InTheEnvelope) {
  const std::string big = "{\"username\":\"" + std::string(1'100'000, 'a') + "\"}";
  const auto answer =
      http(server_.port(), "POST", "/api/regChat", big, {{"Content-Type", "application/json"}});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.msg(), "fail");
}

TEST_F(AccountApi, CorsAnswersPreflightsAndNamesAnyOrigin) {
  const auto preflight = http(server_.port(), "OPTIONS", "/api/chat/whoami", {},
                              {{"Origin", "http://h5.example.com"},
                               {"Access-Control-Request-Method", "GET"},
                               {"Access-Control-Request-Headers", "token,content-type"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-origin"), "*");
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "GET,PUT,POST,DELETE,PATCH");
  EXPECT_EQ(preflight.header("access-control-allow-headers"), "token,content-type");
  const auto plain = http(server_.port(), "OPTIONS", "/api/chat/whoami");
  EXPECT_EQ(plain.header("access-control-allow-origin"), "");
}

}  // namespace
}  // namespace qn::test
