#include <gtest/gtest.h>

#include "support/console_client.h"

// Managers, their rights and the audit log (admin-pages.md §3.5).
namespace qn::test {
namespace {

class ConsoleManagers : public ::testing::Test {
 protected:
  ConsoleManagers() { client_.set_up(); }

  Answer save(std::string_view name, std::string_view auth = "") {
    return client_.post(
        "/admin/manager/save",
        {{"username", name}, {"password", "123456"}, {"avatar", ""}, {"auth", auth}});
  }
  Answer update(ConsoleClient& who, int id, json::object body) {
    return who.post("/admin/manager/update/" + std::to_string(id), body);
  }
  Answer toggle(int id, int value) {
    return client_.post(
        "/admin/commonUpdateById",
        {{"id", id}, {"keyname", "status"}, {"keyvalue", value}, {"model", "Manager"}});
  }

  TestServer server_;
  ConsoleClient client_{server_};
  ConsoleClient other_{server_};
};

TEST_F(ConsoleManagers, TheListShowsWhatTheContractSays) {
  save("ordinary", "2,29");
  const auto page = client_.get("/admin/manager/index");
  for (const char* text :
       {"管理员列表", "新增管理员", "管理员账号", "超级管理员", "普通管理员", "可用状态", "权限",
        "拥有所有的权限", "主面板、即时通讯用户", "ordinary", "/admin/manager/edit/2"}) {
    EXPECT_TRUE(shows(page, text)) << text;
  }
}

TEST_F(ConsoleManagers, FormsShowTheMenuAsATree) {
  const auto page = client_.get("/admin/manager/create");
  for (const char* text : {"创建管理员", "管理员账号", "管理员密码", "管理员头像", "权限分配",
                           "请输入管理员账号...", "即时通讯用户", "操作日志"}) {
    EXPECT_TRUE(shows(page, text)) << text;
  }
  save("ordinary", "29");
  EXPECT_TRUE(shows(client_.get("/admin/manager/edit/2"), "修改管理员"));
  EXPECT_EQ(client_.get("/admin/manager/edit/999").status, 404);
  EXPECT_TRUE(shows(client_.get("/admin/manager/edit/999"), "该管理员不存在"));
}

// Defect D-08: every manager the form made was a super one.
TEST_F(ConsoleManagers, ANewManagerIsAnOrdinaryOne) {
  EXPECT_EQ(save("ordinary", "29").data(), "创建成功");
  ASSERT_EQ(other_.login("ordinary", "123456").status, 200);
  EXPECT_EQ(other_.get("/admin/manager/index").status, 403);
}

TEST_F(ConsoleManagers, BadInputIsRefusedWithTheContractsTexts) {
  save("ordinary");
  EXPECT_EQ(save("Ordinary").data(), "该管理员账号已存在");
  EXPECT_EQ(client_.post("/admin/manager/save", {{"username", "x"}}).data(), "管理员密码不能为空");
  EXPECT_EQ(save("").data(), "管理员账号不能为空");
  EXPECT_EQ(save(std::string(31, 'x')).status, 422);
  EXPECT_EQ(update(client_, 2, {{"username", "root"}}).data(),
            "该管理员账号已经存在，不能修改成该管理员账号");
  EXPECT_EQ(update(client_, 999, {{"username", "zz"}}).data(), "该管理员记录不存在");
  EXPECT_EQ(toggle(999, 0).data(), "数据不存在");
}

TEST_F(ConsoleManagers, AnEditSetsNamePasswordAndRights) {
  save("ordinary", "29");
  EXPECT_EQ(update(client_, 2, {{"username", "renamed"}, {"password", ""}, {"auth", "2"}}).data(),
            "修改成功");
  ASSERT_EQ(other_.login("renamed", "123456").status, 200);
  EXPECT_EQ(other_.get("/admin").status, 200);
  EXPECT_EQ(other_.get("/admin/chatuser").status, 403);
  EXPECT_EQ(update(client_, 2, {{"username", "renamed"}, {"password", "654321"}}).data(),
            "修改成功");
  EXPECT_EQ(other_.get("/admin").status, 302);  // a new password ends the logins
  EXPECT_EQ(other_.login("renamed", "123456").data(), "密码错误");
  EXPECT_EQ(other_.login("renamed", "654321").status, 200);
}

// Defect D-09: an ordinary manager could give itself any right.
TEST_F(ConsoleManagers, AnOrdinaryManagerChangesOnlyItselfAndNoRights) {
  save("ordinary", "3");
  ASSERT_EQ(other_.login("ordinary", "123456").status, 200);
  const auto list = other_.get("/admin/manager/index");
  EXPECT_TRUE(shows(list, "ordinary"));
  EXPECT_FALSE(shows(list, "/admin/manager/edit/1"));
  EXPECT_EQ(update(other_, 2, {{"username", "ordinary"}, {"auth", "1,2,3,28,29"}}).data(),
            "修改成功");
  EXPECT_EQ(other_.get("/admin/chatuser").status, 403);
  EXPECT_EQ(update(other_, 1, {{"username", "taken"}}).data(), "您无权操作此项功能");
  EXPECT_EQ(other_.post("/admin/manager/save", {{"username", "x"}, {"password", "123456"}}).data(),
            "您无权操作此项功能");
  EXPECT_EQ(other_.get("/admin/manager/create").status, 403);
  EXPECT_EQ(other_.get("/admin/manager/edit/1").status, 403);
  EXPECT_EQ(other_.get("/admin/manager/delete/1").status, 403);
  EXPECT_EQ(other_.post("/admin/manager/delete/1", json::object()).data(), "您无权操作此项功能");
  const auto enable =
      other_.post("/admin/commonUpdateById",
                  {{"id", 2}, {"keyname", "status"}, {"keyvalue", 1}, {"model", "Manager"}});
  EXPECT_EQ(enable.data(), "数据不存在");
}

// Deleting the last super manager opened the first-run page to everybody.
TEST_F(ConsoleManagers, TheLastSuperManagerStays) {
  save("ordinary", "29");
  EXPECT_EQ(toggle(1, 0).status, 400);
  EXPECT_EQ(client_.post("/admin/manager/delete/1", json::object()).status, 400);
  EXPECT_EQ(client_.get("/admin").status, 200);
}

TEST_F(ConsoleManagers, ADeletedManagerIsOut) {
  save("ordinary", "29");
  ASSERT_EQ(other_.login("ordinary", "123456").status, 200);
  EXPECT_TRUE(shows(client_.get("/admin/manager/delete/2"), "确定要删除管理员 ordinary 吗？"));
  EXPECT_EQ(client_.submit("/admin/manager/delete/2", "").header("location"),
            "/admin/manager/index");
  EXPECT_TRUE(shows(client_.get("/admin/manager/index"), "管理员删除成功"));
  EXPECT_EQ(other_.get("/admin/chatuser").status, 302);
  EXPECT_EQ(save("ordinary").data(), "创建成功");
}

TEST_F(ConsoleManagers, EverybodyMayChangeTheOwnProfile) {
  save("ordinary", "29");
  ASSERT_EQ(other_.login("ordinary", "123456").status, 200);
  EXPECT_TRUE(shows(other_.get("/admin/profile"), "修改资料"));
  EXPECT_EQ(other_
                .post("/admin/profile/update",
                      {{"username", "ordinary"}, {"password", "654321"}, {"auth", "3"}})
                .data(),
            "修改成功");
  EXPECT_EQ(other_.get("/admin/chatuser").status, 200);  // this login stays
  EXPECT_EQ(other_.get("/admin/manager/index").status, 403);
}

TEST_F(ConsoleManagers, WhatOperatorsDoIsOnRecord) {
  client_.post("/admin/chatuser/save", {{"username", "alice"}, {"password", "123456"}});
  client_.post("/admin/chatuser/update/1", {{"username", "alicia"}, {"password", "654321"}});
  client_.submit("/admin/chatuser/delete/1", "");
  other_.login("root", "wrong1");
  const auto page = client_.get("/admin/audit/index?limit=100");
  for (const char* text : {"操作日志", "创建用户", "修改用户", "删除用户", "登录失败", "管理员登录",
                           "alice", "alicia", "***", "127.0.0.1", "root"}) {
    EXPECT_TRUE(shows(page, text)) << text;
  }
  for (const char* secret : {"654321", "wrong1", "argon2"}) EXPECT_FALSE(shows(page, secret));
  const auto deletes = client_.get("/admin/audit/index?action=user.delete");
  EXPECT_TRUE(shows(deletes, "alicia"));
  EXPECT_FALSE(shows(deletes, "127.0.0.1 wrong"));
  EXPECT_TRUE(shows(client_.get("/admin/audit/index?keyword=nosuchthing"), "暂无数据"));
}

}  // namespace
}  // namespace qn::test
