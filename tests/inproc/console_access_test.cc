#include <gtest/gtest.h>

#include "base/bytes.h"
#include "support/console_client.h"

// Who gets into the console, and how far (admin-pages.md §3).
namespace qn::test {
namespace {

class ConsoleAccess : public ::testing::Test {
 protected:
  std::string link_token() {
    const std::string url = server_.server().setup_url();
    return url.substr(url.find("token=") + 6);
  }
  Answer first_run(const std::string& name, const std::string& password,
                   const std::string& repeated, const std::string& token) {
    return client_.submit("/admin/setup", "token=" + token + "&username=" + form_value(name) +
                                              "&password=" + password + "&repeated=" + repeated);
  }
  // An ordinary manager with these menu ids, logged in as `other`.
  void log_in_ordinary(ConsoleClient& other, std::string_view ids) {
    const auto made = client_.post(
        "/admin/manager/save", {{"username", "ordinary"}, {"password", "123456"}, {"auth", ids}});
    ASSERT_EQ(made.data(), "创建成功");
    ASSERT_EQ(other.login("ordinary", "123456").status, 200);
  }

  TestServer server_;
  ConsoleClient client_{server_};
};

TEST_F(ConsoleAccess, TheLinkMakesTheFirstAdministratorOnce) {
  const std::string token = link_token();
  const auto page = client_.get("/admin/setup?token=" + token);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(shows(page, "创建超级管理员"));
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.body.find("style="), std::string::npos);

  EXPECT_EQ(first_run("ops", "a+long+password", "a+long+password", token).status, 303);
  EXPECT_EQ(first_run("second", "a+long+password", "a+long+password", token).status, 404);
  EXPECT_EQ(client_.get("/admin/setup?token=" + token).status, 404);
  server_.restart();
  EXPECT_EQ(server_.server().setup_url(), "");
  EXPECT_EQ(client_.login("ops", "a long password").status, 200);
}

// Defect D-10: the first-run page was open to everybody.
TEST_F(ConsoleAccess, TheFirstRunOpensWithTheTokenOnly) {
  EXPECT_EQ(client_.get("/admin/setup").status, 404);
  EXPECT_EQ(client_.get("/admin/setup?token=" + std::string(48, '0')).status, 404);
  EXPECT_EQ(first_run("ops", "123456", "123456", "wrong").status, 404);
  const auto old =
      client_.post("/admin/createSuperManager", {{"username", "ops"}, {"password", "123456"}});
  EXPECT_EQ(old.status, 400);
  EXPECT_EQ(old.data(), "非法操作，系统拒绝您的请求");
}

TEST_F(ConsoleAccess, AFirstRunThatIsRefusedKeepsWhatWasTyped) {
  const auto differ = first_run("<b>\"ops", "123456", "1234567", link_token());
  EXPECT_EQ(differ.status, 422);
  EXPECT_TRUE(shows(differ, "两次输入的密码不一致"));
  EXPECT_TRUE(shows(differ, "<b>\"ops"));
  EXPECT_EQ(differ.body.find("<b>"), std::string::npos);
  EXPECT_TRUE(shows(first_run("ops", "12345", "12345", link_token()), "密码须为 6 到 64 个字符"));
  EXPECT_EQ(first_run("ops", "123456", "123456", link_token()).status, 303);
}

TEST_F(ConsoleAccess, StrangersAreSentToTheDoor) {
  for (const char* path : {"/", "/admin", "/admin/chatuser", "/admin/nothing", "/something"}) {
    const auto answer = client_.get(path);
    EXPECT_EQ(answer.status, 302) << path;
    EXPECT_EQ(answer.header("location"), "/admin/login") << path;
  }
  EXPECT_TRUE(shows(client_.get("/admin/login"), "请先登录！"));
  EXPECT_FALSE(shows(client_.get("/admin/login"), "请先登录！"));  // defect D-40: shown twice
}

// Defect D-24: a script was redirected and took the login page for success.
TEST_F(ConsoleAccess, ScriptsOfStrangersGet401) {
  const auto answer = client_.post("/admin/chatuser/save", {{"username", "x"}});
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(json::serialize(answer.json()), R"({"msg":"fail","data":"请先登录！"})");
}

TEST_F(ConsoleAccess, TheLoginLeadsBackToThePageThatWasAskedFor) {
  client_.set_up();
  client_.get("/admin/logout");
  client_.get("/admin/chatuser?role=visitor&page=2");
  ASSERT_EQ(client_.login("root", "123456").status, 200);
  EXPECT_EQ(client_.get("/admin/start").header("location"), "/admin/chatuser?role=visitor&page=2");
  EXPECT_EQ(client_.get("/admin/start").header("location"), "/admin");
}

TEST_F(ConsoleAccess, TheReturnPathCannotLeadAway) {
  client_.set_up();
  for (const char* path :
       {"https://evil.example/", "//evil.example", "/admin/../x y", "/public/x"}) {
    const std::string cookie =
        "qn_admin=" + client_.cookie("qn_admin") + "; qn_return=" + to_base64url(path);
    const auto answer = http(server_.port(), "GET", "/admin/start", {},
                             {{"Cookie", cookie}, {"Accept", "text/html"}});
    EXPECT_EQ(answer.header("location"), "/admin") << path;
  }
  EXPECT_EQ(client_.get("/admin/preferences?lang=en&back=//evil.example").header("location"),
            "/admin");
}

TEST_F(ConsoleAccess, WrongLoginsAreRefusedWithTheContractsTexts) {
  client_.set_up();
  ConsoleClient other(server_);
  EXPECT_EQ(other.login("root", "").data(), "管理员密码不能为空");
  EXPECT_EQ(other.login("", "x").data(), "管理员账号不能为空");
  EXPECT_EQ(other.login("root", "wrong1").data(), "密码错误");
  EXPECT_EQ(other.login("nobody", "123456").data(), "管理员不存在或者被禁用");
  EXPECT_EQ(other.cookie("qn_admin"), "");
  const auto page = other.submit("/admin/loginevent", "username=ro%3Cot&password=wrong1");
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(shows(page, "管理员不存在或者被禁用"));
  EXPECT_TRUE(shows(page, "ro<ot"));
}

// Defect D-11: nothing slowed guessing down.
TEST_F(ConsoleAccess, GuessingIsThrottled) {
  client_.set_up();
  ConsoleClient other(server_);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(other.login("root", "wrong1").data(), "密码错误");
  const auto answer = other.login("root", "123456");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(text_at(answer.json(), "data").find("请求过于频繁"), std::string::npos);
}

TEST_F(ConsoleAccess, TheSessionCookieIsForBrowsersOnly) {
  client_.set_up();
  ConsoleClient other(server_);
  const auto answer = other.login("root", "123456");
  EXPECT_NE(answer.head.find("HttpOnly"), std::string::npos);
  EXPECT_NE(answer.head.find("SameSite=Lax"), std::string::npos);
  EXPECT_EQ(answer.head.find("; Secure"), std::string::npos);  // this test speaks plain HTTP
  EXPECT_EQ(answer.header("cache-control"), "no-store");
}

TEST_F(ConsoleAccess, ASessionEndsWithLogoutAndWithTime) {
  client_.set_up();
  const std::string cookie = client_.cookie("qn_admin");
  EXPECT_EQ(client_.get("/admin/logout").header("location"), "/admin/login");
  EXPECT_TRUE(shows(client_.get("/admin/login"), "退出登录成功"));
  EXPECT_EQ(http(server_.port(), "GET", "/admin", {}, {{"Cookie", "qn_admin=" + cookie}}).status,
            302);

  client_.login("root", "123456");
  server_.clock().advance(std::chrono::days(29));
  EXPECT_EQ(client_.get("/admin").status, 200);
  server_.clock().advance(std::chrono::days(29));
  EXPECT_EQ(client_.get("/admin").status, 200);  // use renews it
  server_.clock().advance(std::chrono::days(31));
  EXPECT_EQ(client_.get("/admin").status, 302);
}

TEST_F(ConsoleAccess, AForeignPageCanOnlyAskForTheLogout) {
  client_.set_up();
  const auto asked = client_.send("GET", "/admin/logout", {},
                                  {{"Accept", "text/html"}, {"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(client_.get("/admin").status, 200);
}

// Defect D-02: one image tag deleted a user.
TEST_F(ConsoleAccess, ForgedRequestsChangeNothing) {
  client_.set_up();
  const std::string form = "username=forged1&password=123456";
  const HeaderList urlencoded{{"Content-Type", "application/x-www-form-urlencoded"}};
  const auto forged = [&](HeaderList headers, const std::string& body) {
    headers.insert(headers.end(), urlencoded.begin(), urlencoded.end());
    return client_.send("POST", "/admin/chatuser/save", body, headers);
  };
  EXPECT_EQ(forged({{"Sec-Fetch-Site", "cross-site"}}, form).status, 400);
  EXPECT_EQ(forged({{"Sec-Fetch-Site", "same-origin"}}, form).status, 400);
  EXPECT_EQ(forged({{"Origin", "https://evil.example"}}, form).status, 400);
  EXPECT_EQ(forged({{"Origin", "null"}}, form).status, 400);
  EXPECT_EQ(forged({{"Referer", "https://evil.example/"}}, form).status, 400);
  EXPECT_EQ(forged({}, form + "&_csrf=" + std::string(64, '0')).status, 400);
  EXPECT_EQ(forged({{"Accept", "text/html"}, {"Origin", "null"}}, form).status, 403);
  EXPECT_FALSE(shows(client_.get("/admin/chatuser"), "forged1"));
  // Tools of the reference, which are no browser, send "undefined" or nothing.
  EXPECT_EQ(forged({}, form).data(), "创建成功");
}

TEST_F(ConsoleAccess, TheTokenOfAnotherSessionDoesNotHelp) {
  client_.set_up();
  ConsoleClient other(server_);
  other.login("root", "123456");
  const auto answer =
      client_.send("POST", "/admin/chatuser/save?_csrf=" + other.csrf(),
                   R"({"username":"forged1","password":"123456"})",
                   {{"Content-Type", "application/json"}, {"Sec-Fetch-Site", "same-origin"}});
  EXPECT_EQ(answer.status, 400);
}

TEST_F(ConsoleAccess, LoggingSomebodyInFromAForeignPageFails) {
  client_.set_up();
  ConsoleClient other(server_);
  const auto answer = other.send(
      "POST", "/admin/loginevent", "username=root&password=123456",
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", "https://evil.example"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(other.cookie("qn_admin"), "");
}

TEST_F(ConsoleAccess, AnOrdinaryManagerSeesItsPagesOnly) {
  client_.set_up();
  ConsoleClient other(server_);
  log_in_ordinary(other, "29");
  EXPECT_EQ(other.get("/admin/start").header("location"), "/admin/chatuser");
  EXPECT_EQ(other.get("/admin/chatuser/create").status, 200);
  EXPECT_EQ(other.get("/admin/profile").status, 200);
  for (const char* path : {"/admin", "/admin/manager/index", "/admin/manager/edit/2",
                           "/admin/audit/index", "/admin/chatuserXYZ"}) {
    const auto answer = other.get(path);
    EXPECT_EQ(answer.status, 403) << path;
    EXPECT_TRUE(shows(answer, "没有权限访问该内容")) << path;
  }
  const auto script = other.post("/admin/manager/save", {{"username", "x"}});
  EXPECT_EQ(script.status, 400);
  EXPECT_EQ(script.data(), "没有权限访问该内容");
}

// Defect D-13: a manager without rights could not even log out.
TEST_F(ConsoleAccess, AManagerWithoutRightsCanLogOut) {
  client_.set_up();
  ConsoleClient other(server_);
  log_in_ordinary(other, "");
  EXPECT_TRUE(shows(other.get("/admin"), "没有权限访问后台管理"));
  EXPECT_EQ(other.get("/admin/logout").header("location"), "/admin/login");
  EXPECT_EQ(other.cookie("qn_admin"), "");
}

// Defect D-07: who was disabled stayed in for thirty days.
TEST_F(ConsoleAccess, ADisabledManagerIsOutAtOnce) {
  client_.set_up();
  ConsoleClient other(server_);
  log_in_ordinary(other, "2,29");
  EXPECT_EQ(other.get("/admin").status, 200);
  const json::value toggle{{"id", 2}, {"keyname", "status"}, {"keyvalue", 0}, {"model", "Manager"}};
  EXPECT_EQ(client_.post("/admin/commonUpdateById", toggle).data(), "修改成功");
  EXPECT_EQ(other.get("/admin").status, 302);
  EXPECT_EQ(other.login("ordinary", "123456").data(), "管理员不存在或者被禁用");
}

TEST_F(ConsoleAccess, UnknownPagesSayso) {
  client_.set_up();
  const auto page = client_.get("/admin/nothing");
  EXPECT_EQ(page.status, 404);
  EXPECT_TRUE(shows(page, "页面不存在"));
  EXPECT_EQ(client_.get("/admin/chatuser/save").status, 404);
  const auto script = client_.post("/admin/nothing", json::object());
  EXPECT_EQ(script.status, 404);
  EXPECT_EQ(script.data(), "页面不存在");
}

TEST_F(ConsoleAccess, LanguageIsKeptInACookie) {
  client_.set_up();
  EXPECT_EQ(client_.get("/admin/preferences?lang=en&back=/admin/chatuser").header("location"),
            "/admin/chatuser");
  EXPECT_NE(client_.get("/admin/chatuser").body.find("<html lang=\"en\""), std::string::npos);
  client_.get("/admin/preferences?lang=zh&back=/admin");
  EXPECT_NE(client_.get("/admin").body.find("<html lang=\"zh"), std::string::npos);
}

}  // namespace
}  // namespace qn::test
