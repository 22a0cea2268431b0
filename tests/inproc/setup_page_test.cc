#include <gtest/gtest.h>

#include "support/test_server.h"

namespace qn::test {
namespace {

class SetupPage : public ::testing::Test {
 protected:
  // The path of the one-time link.
  std::string link() {
    const std::string url = server_.server().setup_url();
    return url.substr(server_.server().url().size());
  }
  std::string token() { return link().substr(link().find('=') + 1); }
  Answer submit(const std::string& username, const std::string& password,
                const std::string& repeated, const std::string& token) {
    return http(server_.port(), "POST", "/admin/setup",
                "token=" + token + "&username=" + username + "&password=" + password +
                    "&repeated=" + repeated,
                {{"Content-Type", "application/x-www-form-urlencoded"}});
  }

  TestServer server_;
};

TEST_F(SetupPage, CreatesTheFirstAdministratorOnce) {
  const auto page = server_.get(link());
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("初始化管理后台"), std::string::npos);
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.body.find("style="), std::string::npos);

  const std::string used = token();
  const auto made = submit("ops", "a+long+password", "a+long+password", used);
  EXPECT_EQ(made.status, 200);
  EXPECT_NE(made.body.find("创建成功"), std::string::npos);

  EXPECT_EQ(submit("second", "a+long+password", "a+long+password", used).status, 422);
  EXPECT_EQ(server_.get("/admin/setup?token=" + used).status, 404);
  server_.restart();
  EXPECT_EQ(server_.server().setup_url(), "");
  EXPECT_EQ(server_.get("/admin/setup?token=" + used).status, 404);
}

// Defect D-10: the first-run page was open to everybody.
TEST_F(SetupPage, OpensWithTheTokenOnly) {
  EXPECT_EQ(server_.get("/admin/setup").status, 404);
  EXPECT_EQ(server_.get("/admin/setup?token=").status, 404);
  EXPECT_EQ(server_.get("/admin/setup?token=" + std::string(48, '0')).status, 404);
  EXPECT_EQ(submit("ops", "123456", "123456", "wrong").status, 422);
}

TEST_F(SetupPage, BadInputIsExplainedAndLosesNothing) {
  const auto differ = submit("%3Cb%3E%22ops", "123456", "1234567", token());
  EXPECT_EQ(differ.status, 422);
  EXPECT_NE(differ.body.find("两次输入的密码不一致"), std::string::npos);
  EXPECT_NE(differ.body.find("value=\"&lt;b&gt;&quot;ops\""), std::string::npos);
  EXPECT_EQ(differ.body.find("<b>"), std::string::npos);
  EXPECT_NE(submit("ops", "12345", "12345", token()).body.find("密码须为 6 到 64 个字符"),
            std::string::npos);
  EXPECT_NE(submit("", "123456", "123456", token()).body.find("账号须为 1 到 30 个字符"),
            std::string::npos);
  EXPECT_EQ(submit("ops", "123456", "123456", token()).status, 200);
}

TEST_F(SetupPage, EverythingElseLeadsToTheDoor) {
  for (const char* path : {"/", "/admin", "/admin/chatuser", "/something"}) {
    const auto answer = server_.get(path);
    EXPECT_EQ(answer.status, 302) << path;
    EXPECT_EQ(answer.header("location"), "/admin/login") << path;
  }
  EXPECT_EQ(server_.get("/admin/login").status, 200);
}

}  // namespace
}  // namespace qn::test
