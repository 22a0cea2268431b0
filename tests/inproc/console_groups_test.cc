#include <gtest/gtest.h>

#include "support/console_client.h"

// What operators see of the groups and do to them.
namespace qn::test {
namespace {

class ConsoleGroups : public ::testing::Test {
 protected:
  ConsoleGroups() {
    client_.set_up();
    alice_ = server_.register_user("alice");
    bob_ = server_.register_user("bobby");
  }
  std::string token(const json::object& user) { return text_at(user, "token"); }

  // A group of alice and bobby, owned by alice; its id.
  std::int64_t create_group() {
    server_.post("/api/chat/autoAddFriendAndAgree", {{"friend_id", integer_at(bob_, "id")}},
                 token(alice_));
    const auto list = server_.get("/api/chat/goodfriendlist/1", token(alice_)).data();
    const auto& row = list.at("rows").at("newList").at(0).at("list").at(0);
    const json::value body{{"userIds", {row.at("id")}}};
    EXPECT_EQ(server_.post("/api/chat/group/create", body, token(alice_)).data(), "ok");
    const auto groups = server_.get("/api/chat/grouplist/1", token(alice_)).data();
    return integer_at(groups.at(0), "id");
  }
  std::string path(std::string_view page, std::int64_t id) {
    return "/admin/chatgroup/" + std::string(page) + "/" + std::to_string(id);
  }
  std::size_t groups_of(const json::object& user) {
    return server_.get("/api/chat/grouplist/1", token(user)).data().as_array().size();
  }

  TestServer server_;
  ConsoleClient client_{server_};
  json::object alice_, bob_;
};

TEST_F(ConsoleGroups, TheListAndTheDetailShowTheGroup) {
  const auto id = create_group();
  const auto list = client_.get("/admin/chatgroup/index");
  for (const char* text : {"群组列表", "alice、bobby", "成员数", "可用状态", "解散"}) {
    EXPECT_TRUE(shows(list, text)) << text;
  }
  EXPECT_TRUE(shows(client_.get("/admin/chatgroup/index?keyword=bobby"), "alice、bobby"));
  EXPECT_TRUE(shows(client_.get("/admin/chatgroup/index?keyword=nobody"), "没有符合条件的群组"));
  const auto detail = client_.get(path("show", id));
  for (const char* text : {"群组详情", "群主", "alice", "任何人可加入"}) {
    EXPECT_TRUE(shows(detail, text)) << text;
  }
  const auto members = client_.get(path("members", id));
  for (const char* text : {"群成员", "alice", "bobby", "群主", "成员"}) {
    EXPECT_TRUE(shows(members, text)) << text;
  }
}

TEST_F(ConsoleGroups, ADisabledGroupIsHiddenFromItsMembers) {
  const auto id = create_group();
  const auto toggle = [&](int value) {
    return client_.post(
        "/admin/commonUpdateById",
        {{"id", id}, {"keyname", "status"}, {"keyvalue", value}, {"model", "Group"}});
  };
  EXPECT_EQ(toggle(0).data(), "修改成功");
  EXPECT_EQ(groups_of(bob_), 0u);
  EXPECT_EQ(toggle(1).data(), "修改成功");
  EXPECT_EQ(groups_of(bob_), 1u);
}

TEST_F(ConsoleGroups, ANoticeIsSet) {
  const auto id = create_group();
  EXPECT_EQ(client_.post(path("remark", id), {{"remark", ""}}).data(), "群公告不能为空");
  EXPECT_EQ(client_.post(path("remark", id), {{"remark", "周末爬山"}}).data(), "修改成功");
  EXPECT_TRUE(shows(client_.get(path("show", id)), "周末爬山"));
  EXPECT_TRUE(shows(client_.get(path("remark", id)), "周末爬山"));
}

TEST_F(ConsoleGroups, ADissolvedGroupIsGone) {
  const auto id = create_group();
  EXPECT_TRUE(shows(client_.get(path("dissolve", id)), "确定要解散群 alice、bobby 吗？"));
  EXPECT_EQ(groups_of(bob_), 1u);
  EXPECT_EQ(client_.submit(path("dissolve", id), "").header("location"), "/admin/chatgroup/index");
  EXPECT_EQ(groups_of(bob_), 0u);
  EXPECT_EQ(client_.get(path("show", id)).status, 404);
  EXPECT_TRUE(shows(client_.get("/admin/audit/index"), "解散群组"));
}

TEST_F(ConsoleGroups, MissingGroupsAreErrors) {
  for (const char* page : {"show", "members", "remark", "dissolve"}) {
    EXPECT_EQ(client_.get(path(page, 99999)).status, 404) << page;
  }
  EXPECT_EQ(client_.post(path("dissolve", 99999), json::object()).status, 404);
}

TEST_F(ConsoleGroups, TheRightToUsersIsNotOneToGroups) {
  client_.post("/admin/manager/save",
               {{"username", "ordinary"}, {"password", "123456"}, {"auth", "29"}});
  ConsoleClient other(server_);
  ASSERT_EQ(other.login("ordinary", "123456").status, 200);
  EXPECT_EQ(other.get("/admin/chatgroup/index").status, 403);
  const auto id = create_group();
  const auto toggle =
      other.post("/admin/commonUpdateById",
                 {{"id", id}, {"keyname", "status"}, {"keyvalue", 0}, {"model", "Group"}});
  EXPECT_EQ(toggle.data(), "数据不存在");
}

}  // namespace
}  // namespace qn::test
