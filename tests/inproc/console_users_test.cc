#include <gtest/gtest.h>

#include "support/console_client.h"

// The chat user pages (admin-pages.md §1, §2).
namespace qn::test {
namespace {

class ConsoleUsers : public ::testing::Test {
 protected:
  ConsoleUsers() { client_.set_up(); }

  Answer save(std::string_view name, std::string_view password = "123456") {
    return client_.post("/admin/chatuser/save",
                        {{"username", name}, {"password", password}, {"avatar", ""}});
  }
  std::int64_t create(std::string_view name) {
    EXPECT_EQ(save(name).data(), "创建成功");
    return ++last_id_;
  }
  Answer toggle(std::int64_t id, int value) {
    return client_.post(
        "/admin/commonUpdateById",
        {{"id", id}, {"keyname", "status"}, {"keyvalue", value}, {"model", "User"}});
  }
  Answer chat_login(std::string_view name, std::string_view password = "123456") {
    return server_.post("/api/loginChat", {{"username", name}, {"password", password}});
  }
  std::string id_path(std::string_view page, std::int64_t id) {
    return "/admin/chatuser/" + std::string(page) + "/" + std::to_string(id);
  }

  TestServer server_;
  ConsoleClient client_{server_};
  std::int64_t last_id_ = 0;
};

TEST_F(ConsoleUsers, TheListShowsWhatTheContractSays) {
  const auto alice = create("alice");
  server_.post("/api/chat/updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", "爱丽丝"}},
               text_at(chat_login("alice").data(), "token"));
  for (const char* path : {"/admin/chatuser", "/admin/chatuser/index"}) {
    const auto page = client_.get(path);
    EXPECT_EQ(page.status, 200);
    for (const char* text :
         {"网站后台- 即时通讯用户列表", "新增即时通讯用户", "即时通讯用户账号", "可用状态", "操作",
          "启用", "禁用", "修改", "删除", "alice", "昵称：爱丽丝", "退出登录", "后台管理中心"}) {
      EXPECT_TRUE(shows(page, text)) << text;
    }
    EXPECT_TRUE(shows(page, id_path("edit", alice)));
    EXPECT_TRUE(shows(page, "btn-group-" + std::to_string(alice)));
    EXPECT_TRUE(shows(page, "id:" + std::to_string(alice)));
  }
}

TEST_F(ConsoleUsers, AUserWhoIsCreatedCanLogIn) {
  create("alice");
  EXPECT_EQ(chat_login("alice").status, 200);
  EXPECT_TRUE(shows(client_.get("/admin/chatuser"), "alice"));
  EXPECT_EQ(save("ALICE").data(), "即时通讯用户账号已存在");
  EXPECT_EQ(save("ALICE").status, 400);
}

// Defect D-14: operators could create users who can never log in.
TEST_F(ConsoleUsers, TheLengthsAreThoseOfTheApi) {
  EXPECT_EQ(save("").data(), "即时通讯用户账号不能为空");
  EXPECT_EQ(save("abc").data(), "即时通讯用户账号 的长度 必须 在 4 和 20 之间");
  EXPECT_EQ(save(std::string(21, 'x')).status, 422);
  EXPECT_EQ(save("alice", "12345").data(), "即时通讯用户密码 的长度 必须 在 6 和 20 之间");
  EXPECT_EQ(save("alice", "").data(), "即时通讯用户密码不能为空");
}

TEST_F(ConsoleUsers, ARefusedFormComesBackFilledIn) {
  const auto page = client_.submit("/admin/chatuser/save", "username=abc&password=123456");
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(shows(page, "即时通讯用户账号 的长度 必须 在 4 和 20 之间"));
  EXPECT_TRUE(shows(page, "value=\"abc\"") || page.body.find("value=\"abc\"") != std::string::npos);
  EXPECT_EQ(page.body.find("123456"), std::string::npos);
  const auto done = client_.submit("/admin/chatuser/save", "username=abcd&password=123456");
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(done.header("location"), "/admin/chatuser");
  EXPECT_TRUE(shows(client_.get("/admin/chatuser"), "新建成功"));
}

TEST_F(ConsoleUsers, AnEditChangesWhatWasSent) {
  const auto id = create("alice");
  const auto form = client_.get(id_path("edit", id));
  EXPECT_TRUE(shows(form, "修改即时通讯用户"));
  EXPECT_TRUE(shows(form, id_path("update", id)));
  EXPECT_EQ(form.body.find("argon2"), std::string::npos);

  const auto edit = [&](json::object body) { return client_.post(id_path("update", id), body); };
  EXPECT_EQ(edit({{"username", "alice"}, {"password", ""}, {"avatar", ""}}).data(), "修改成功");
  EXPECT_EQ(chat_login("alice").status, 200);
  EXPECT_EQ(
      edit({{"username", "alice2"}, {"password", "654321"}, {"avatar", "/public/n.png"}}).data(),
      "修改成功");
  EXPECT_EQ(chat_login("alice").status, 400);
  EXPECT_EQ(chat_login("alice2", "654321").status, 200);
  create("bobby");
  EXPECT_EQ(edit({{"username", "bobby"}}).data(),
            "该即时通讯用户账号已经存在，不能修改成该即时通讯用户账号");
  EXPECT_EQ(edit({{"username", ""}}).data(), "即时通讯用户账号不能为空");
  EXPECT_EQ(edit({{"username", "abc"}}).data(), "即时通讯用户账号 的长度 必须 在 4 和 20 之间");
  EXPECT_EQ(edit({{"username", "alice2"}, {"avatar", "javascript:alert(1)"}}).data(),
            "头像地址不合法");
}

TEST_F(ConsoleUsers, MissingAndBadIdsAreErrors) {
  for (const char* id : {"99999", "0", "abc", "1abc", "1.5", "-1", "99999999999999999999"}) {
    const std::string path(id);
    EXPECT_EQ(client_.get("/admin/chatuser/edit/" + path).status, 404) << id;
    EXPECT_TRUE(shows(client_.get("/admin/chatuser/edit/" + path), "该即时通讯用户不存在")) << id;
    EXPECT_EQ(client_.get("/admin/chatuser/show/" + path).status, 404) << id;
    EXPECT_EQ(client_.get("/admin/chatuser/delete/" + path).status, 404) << id;
    const auto update = client_.post("/admin/chatuser/update/" + path, {{"username", "zzzz"}});
    EXPECT_GE(update.status, 400) << id;
    EXPECT_LE(update.status, 422) << id;
  }
  // Defect D-23: a script took the error page for success.
  EXPECT_EQ(client_.post("/admin/chatuser/update/99999", {{"username", "zzzz"}}).data(),
            "该即时通讯用户记录不存在");
}

TEST_F(ConsoleUsers, DisablingEndsTheSessionAtOnce) {
  const auto id = create("alice");
  const std::string token = text_at(chat_login("alice").data(), "token");
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 200);
  EXPECT_EQ(toggle(id, 0).data(), "修改成功");
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 400);
  EXPECT_EQ(chat_login("alice").data(), "账号不存在或者被禁用");
  EXPECT_EQ(toggle(id, 1).data(), "修改成功");
  EXPECT_EQ(chat_login("alice").status, 200);
}

// Defect D-01: any column of any table could be set.
TEST_F(ConsoleUsers, OnlyTheStatusCanBeToggled) {
  const auto id = create("alice");
  const auto change = [&](std::int64_t row, std::string_view key, json::value value,
                          std::string_view model) {
    return client_.post("/admin/commonUpdateById",
                        {{"id", row}, {"keyname", key}, {"keyvalue", value}, {"model", model}});
  };
  EXPECT_EQ(change(id, "nickname", "x", "User").data(), "数据不存在");
  EXPECT_EQ(change(id, "status", 2, "User").data(), "数据不存在");
  EXPECT_EQ(change(1, "super", 0, "Manager").data(), "数据不存在");
  EXPECT_EQ(change(id, "status", 1, "Nope").data(), "数据不存在");
  EXPECT_EQ(change(99999, "status", 1, "User").data(), "数据不存在");
  EXPECT_EQ(change(id, "status", "1", "User").data(), "修改成功");
  EXPECT_EQ(client_.post("/admin/commonUpdateById", json::object()).data(), "分类id不能为空");
}

TEST_F(ConsoleUsers, ADeleteIsAskedForAndFreesTheName) {
  const auto id = create("alice");
  const auto question = client_.get(id_path("delete", id));
  EXPECT_EQ(question.status, 200);
  EXPECT_TRUE(shows(question, "确定要删除用户 alice 吗？"));
  EXPECT_EQ(chat_login("alice").status, 200);

  const auto done = client_.submit(id_path("delete", id), "");
  EXPECT_EQ(done.header("location"), "/admin/chatuser");
  const auto list = client_.get("/admin/chatuser");
  EXPECT_TRUE(shows(list, "删除成功"));
  EXPECT_FALSE(shows(list, "alice"));
  EXPECT_EQ(chat_login("alice").status, 400);
  create("alice");
  // What is gone already was deleted all the same.
  EXPECT_EQ(client_.post(id_path("delete", id), json::object()).data(), "删除成功");
}

TEST_F(ConsoleUsers, SearchFindsNameNicknameAndId) {
  const auto alice = create("alice");
  create("bobby");
  server_.post("/api/chat/updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", "小爱同学"}},
               text_at(chat_login("alice").data(), "token"));
  for (const std::string& keyword :
       {std::string("LIC"), form_value("爱同"), std::to_string(alice)}) {
    const auto page = client_.get("/admin/chatuser?keyword=" + keyword);
    EXPECT_TRUE(shows(page, "alice")) << keyword;
    EXPECT_FALSE(shows(page, "bobby")) << keyword;
  }
  for (const char* keyword : {"%25", "_", "%5C", "%27%20OR%201=1", "nobody"}) {
    EXPECT_TRUE(
        shows(client_.get("/admin/chatuser?keyword=" + std::string(keyword)), "没有符合条件的用户"))
        << keyword;
  }
}

TEST_F(ConsoleUsers, FiltersAndPagesWorkTogether) {
  for (int i = 0; i < 25; ++i) create("page_0" + std::to_string(i / 10) + std::to_string(i % 10));
  toggle(3, 0);
  const auto second = client_.get("/admin/chatuser?page=2&role=user");
  EXPECT_TRUE(shows(second, "page_014"));
  EXPECT_FALSE(shows(second, "page_015"));
  EXPECT_TRUE(shows(second, "?page=3&limit=10&role=user"));
  const auto disabled = client_.get("/admin/chatuser?status=0");
  EXPECT_TRUE(shows(disabled, "page_002"));
  EXPECT_FALSE(shows(disabled, "page_003"));
  EXPECT_TRUE(shows(client_.get("/admin/chatuser?role=visitor"), "没有符合条件的用户"));
  EXPECT_TRUE(shows(client_.get("/admin/chatuser?limit=100"), "page_000"));
  EXPECT_TRUE(shows(client_.get("/admin/chatuser?sort=created"), "page_000"));
}

// Defect D-33: such numbers were an error or never came back.
TEST_F(ConsoleUsers, AnyPageNumberIsAnswered) {
  create("alice");
  for (const char* query : {"page=0", "page=-1", "page=abc", "limit=0", "limit=-1", "limit=1e9",
                            "page=99999999999", "limit=1000000000", "page=1&limit="}) {
    EXPECT_EQ(client_.get("/admin/chatuser?" + std::string(query)).status, 200) << query;
  }
}

TEST_F(ConsoleUsers, SeveralAtOnce) {
  const auto a = create("alice");
  const auto b = create("bobby");
  const json::array ids{a, b, 99999};
  EXPECT_EQ(client_.post("/admin/chatuser/bulk", {{"ids", ids}, {"action", "disable"}}).data(),
            "修改成功");
  EXPECT_EQ(chat_login("alice").status, 400);
  EXPECT_EQ(chat_login("bobby").status, 400);
  const std::string form = "ids[]=" + std::to_string(a) + "&ids[]=" + std::to_string(b);
  EXPECT_EQ(client_.submit("/admin/chatuser/bulk", form + "&action=enable").status, 303);
  EXPECT_TRUE(shows(client_.get("/admin/chatuser"), "已启用 2 个用户"));
  EXPECT_EQ(chat_login("alice").status, 200);

  const auto question = client_.submit("/admin/chatuser/bulk", form + "&action=delete");
  EXPECT_TRUE(shows(question, "确定要删除选中的 2 个用户吗？"));
  EXPECT_EQ(chat_login("alice").status, 200);
  EXPECT_EQ(client_.submit("/admin/chatuser/bulk", form + "&action=delete&confirmed=1").status,
            303);
  EXPECT_EQ(chat_login("alice").status, 400);

  EXPECT_EQ(client_.post("/admin/chatuser/bulk", {{"action", "enable"}}).data(), "请先选择用户");
  EXPECT_EQ(client_.post("/admin/chatuser/bulk", {{"ids", "1,x"}, {"action", "enable"}}).status,
            422);
  EXPECT_EQ(client_.post("/admin/chatuser/bulk", {{"ids", "1"}, {"action", "drop"}}).status, 422);
}

TEST_F(ConsoleUsers, TheExportHoldsTheFilteredList) {
  create("alice");
  const auto bob = create("=bobby");
  toggle(bob, 0);
  const auto all = client_.get("/admin/chatuser/export");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_NE(all.body.find("\"alice\""), std::string::npos);
  EXPECT_NE(all.body.find("\"'=bobby\""), std::string::npos);
  const auto some = client_.get("/admin/chatuser/export?status=0");
  EXPECT_EQ(some.body.find("alice"), std::string::npos);
}

TEST_F(ConsoleUsers, TheDetailPageSignsDevicesOut) {
  const auto id = create("alice");
  const auto login = chat_login("alice");
  const std::string token = text_at(login.data(), "token");
  const auto page = client_.get(id_path("show", id));
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(shows(page, "登录设备"));
  const std::string mark = id_path("signout", id) + "/";
  const auto at = page.body.find(mark);
  ASSERT_NE(at, std::string::npos);
  const std::string path = page.body.substr(at, page.body.find('"', at) - at);
  EXPECT_TRUE(shows(client_.get(path), "确定要让该设备退出登录吗？"));
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 200);
  EXPECT_EQ(client_.submit(path, "").header("location"), id_path("show", id));
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 400);
  EXPECT_EQ(client_.get(id_path("signout", id) + "/..%2f").status, 404);
}

TEST_F(ConsoleUsers, ANewPasswordIsShownOnce) {
  const auto id = create("alice");
  const std::string token = text_at(chat_login("alice").data(), "token");
  EXPECT_TRUE(shows(client_.get(id_path("resetpassword", id)), "确定要重置用户 alice 的密码吗？"));
  const auto page = client_.submit(id_path("resetpassword", id), "");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(shows(page, "新密码只显示这一次"));
  EXPECT_EQ(server_.get("/api/chat/whoami", token).status, 400);
  EXPECT_EQ(chat_login("alice").data(), "账户或密码错误");
}

TEST_F(ConsoleUsers, HostileNamesAreOnlyText) {
  std::string marks = "z";
  for (int i = 0; i < 29; ++i) marks += "\u0301";
  const std::string hostile[] = {"<script>alert(1)</script>",
                                 "{{7*7}}${7*7}",
                                 "\"><img onerror=x>",
                                 "\u202Egnp.exe",
                                 "👩‍👩‍👧‍👦🏳️‍🌈",
                                 marks,
                                 "`${alert(1)}`",
                                 "' OR '1'='1"};
  int n = 0;
  for (const auto& nickname : hostile) {
    const std::string name = "user" + std::to_string(n++);
    const auto id = create(name);
    const std::string token = text_at(chat_login(name).data(), "token");
    server_.post("/api/chat/updateUserinfo", {{"fieldname", "nickname"}, {"fieldValue", nickname}},
                 token);
    for (const auto& path : {std::string("/admin/chatuser"), id_path("show", id)}) {
      const auto page = client_.get(path);
      EXPECT_EQ(page.status, 200);
      EXPECT_EQ(page.body.find("<script>alert"), std::string::npos);
      EXPECT_EQ(page.body.find("<img onerror"), std::string::npos);
      EXPECT_EQ(page.body.find(">49<"), std::string::npos);
    }
  }
}

// A form that is sent twice must not make two users.
TEST_F(ConsoleUsers, ADoubleSubmitCreatesOneUser) {
  EXPECT_EQ(save("alice").data(), "创建成功");
  EXPECT_EQ(save("alice").data(), "即时通讯用户账号已存在");
  EXPECT_TRUE(shows(client_.get("/admin/chatuser?keyword=alice"), "alice"));
}

}  // namespace
}  // namespace qn::test
