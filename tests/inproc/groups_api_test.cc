#include <gtest/gtest.h>

#include <set>

#include "support/test_server.h"

namespace qn::test {
namespace {

std::set<std::string> keys(const json::value& object) {
  std::set<std::string> names;
  for (const auto& [key, value] : object.as_object()) names.emplace(key);
  return names;
}

class GroupsApi : public ::testing::Test {
 protected:
  GroupsApi() {
    befriend(alice_, bob_);
    EXPECT_EQ(post("group/create", {{"userIds", json::array{friend_row(alice_)}}}, alice_), "ok");
    group_ = integer_at(list(alice_).at(0), "id");
  }

  // What the client shows: the data of the answer.
  std::string post(const std::string& route, const json::value& body, const json::object& user) {
    return shown(server_.post("/api/chat/" + route, body, text_at(user, "token")));
  }
  Answer get(const std::string& route, const json::object& user) {
    return server_.get("/api/chat/" + route, text_at(user, "token"));
  }
  static std::string shown(const Answer& answer) {
    const auto data = answer.data();
    return data.is_string() ? std::string(data.get_string()) : answer.body;
  }
  json::array list(const json::object& user) { return get("grouplist/1", user).data().as_array(); }
  json::value info(const json::object& user) {
    return get("groupinfo/" + std::to_string(group_), user).data();
  }
  void befriend(const json::object& a, const json::object& b) {
    EXPECT_EQ(post("autoAddFriendAndAgree", {{"friend_id", b.at("id")}}, a), "ok");
  }
  // Of the first friend.
  std::int64_t friend_row(const json::object& user) {
    const auto data = get("goodfriendlist/1", user).data();
    return integer_at(data.at("rows").at("newList").at(0).at("list").at(0), "id");
  }
  std::string join(const json::object& user) {
    return post("groupInviteUser",
                {{"group_id", group_}, {"user_id", user.at("id")}, {"inviteuser_id", -1}}, user);
  }

  TestServer server_;
  const json::object alice_ = server_.register_user("alice01");
  const json::object bob_ = server_.register_user("bob_001");
  const json::object carol_ = server_.register_user("carol01");
  std::int64_t group_ = 0;
};

TEST_F(GroupsApi, ListAndInfoHaveTheContractsKeys) {
  const std::set<std::string> row = {"create_time", "id",     "uuid",       "user_id",
                                     "name",        "avatar", "remark",     "invite_confirm",
                                     "status",      "order",  "group_users"};
  const auto listed = list(bob_).at(0);
  EXPECT_EQ(keys(listed), row);
  EXPECT_EQ(
      listed.at("group_users"),
      (json::array{
          {{"group_id", group_}, {"user_id", bob_.at("id")}, {"nickname", ""}, {"avatar", ""}}}));
  const auto mine = info(bob_);
  EXPECT_EQ(keys(mine), row);
  EXPECT_EQ(text_at(mine, "name"), "alice01、bob_001");
  ASSERT_EQ(mine.at("group_users").as_array().size(), 2u);
  const auto member = mine.at("group_users").at(0);
  EXPECT_EQ(keys(member),
            (std::set<std::string>{"create_time", "id", "group_id", "user_id", "nickname", "avatar",
                                   "status", "order", "groupId", "user"}));
  EXPECT_EQ(keys(member.at("user")),
            (std::set<std::string>{"id", "username", "avatar", "nickname", "uuid", "role"}));
}

// Defect S16.
TEST_F(GroupsApi, OutsidersSeeWhoIsInAndNoMore) {
  EXPECT_EQ(info(carol_).at("group_users"),
            (json::array{{{"user_id", alice_.at("id")}}, {{"user_id", bob_.at("id")}}}));
  EXPECT_EQ(shown(get("groupinfo/99999", carol_)), "群不存在或被封禁");
  EXPECT_EQ(get("grouplist/1", carol_).data(), json::array());
}

TEST_F(GroupsApi, AGroupLivesAndDies) {
  EXPECT_EQ(post("groupUpdateName", {{"id", group_}, {"name", "周末爬山"}}, alice_), "ok");
  EXPECT_EQ(post("groupremark", {{"id", group_}, {"remark", "八点集合"}}, alice_), "ok");
  EXPECT_EQ(post("groupnickname", {{"id", group_}, {"nickname", "阿宝"}}, bob_), "ok");
  EXPECT_EQ(post("groupAddUserSet", {{"group_id", group_}, {"addGroupSet", 1}}, alice_),
            "设置成功");
  EXPECT_EQ(join(carol_), "等待群主同意");
  EXPECT_EQ(join(carol_), "已申请加入群聊，正在等待群主同意");
  const json::object verdict = {
      {"group_id", group_}, {"user_id", carol_.at("id")}, {"type", "agree"}};
  EXPECT_EQ(post("groupAgreeOrNo", verdict, alice_), "处理成功");
  EXPECT_EQ(post("groupAgreeOrNo", verdict, alice_), "非法操作");
  const auto seen = info(carol_);
  EXPECT_EQ(text_at(seen, "name"), "周末爬山");
  EXPECT_EQ(text_at(seen, "remark"), "八点集合");
  EXPECT_EQ(text_at(seen.at("group_users").at(1), "nickname"), "阿宝");
  EXPECT_EQ(seen.at("group_users").as_array().size(), 3u);
  EXPECT_EQ(post("groupDeleteUser", {{"group_id", group_}, {"user_id", carol_.at("id")}}, alice_),
            "删除群成员成功");
  EXPECT_EQ(post("groupDeleteOrQuit", {{"id", group_}}, carol_), "你不在该群聊中，操作失败");
  EXPECT_EQ(post("groupDeleteOrQuit", {{"id", group_}}, bob_), "ok");
  EXPECT_EQ(post("groupDeleteOrQuit", {{"id", group_}}, alice_), "ok");
  EXPECT_EQ(post("groupDeleteOrQuit", {{"id", group_}}, alice_), "群不存在");
}

TEST_F(GroupsApi, MembersCannotDoWhatOwnersDo) {
  EXPECT_EQ(post("groupUpdateName", {{"id", group_}, {"name", "x"}}, bob_),
            "只有群主才能修改群名称");
  EXPECT_EQ(post("groupremark", {{"id", group_}, {"remark", "x"}}, bob_), "只有群主才能修改群公告");
  EXPECT_EQ(post("groupDeleteUser", {{"group_id", group_}, {"user_id", 1}}, bob_),
            "只有群主才能操作");
  EXPECT_EQ(post("groupDeleteUser", {{"group_id", group_}, {"user_id", alice_.at("id")}}, alice_),
            "群主不能删除自己");
  EXPECT_EQ(post("groupAddUserSet", {{"group_id", group_}, {"addGroupSet", 0}}, bob_),
            "群不存在或者被封禁或者你无权操作");
  EXPECT_EQ(post("groupAddUserSet", {{"group_id", group_}, {"addGroupSet", 11}}, alice_),
            "进群设置属性值 的数值 必须 大于等于 `0` 小于等于 `10`");
}

TEST_F(GroupsApi, IdsComeAsNumbersOrText) {
  const auto row = std::to_string(friend_row(alice_));
  EXPECT_EQ(post("group/create", {{"userIds", row + "," + row}}, alice_), "ok");
  EXPECT_EQ(post("group/create", {{"userIds", json::array{json::string(row)}}}, alice_), "ok");
  EXPECT_EQ(post("group/create", {{"userIds", json::array{-1, "x", 1.5, nullptr}}}, alice_),
            "请选择加入群聊的用户");
  EXPECT_EQ(post("group/create", json::object(), alice_), "userIds不能为空");
  EXPECT_EQ(list(alice_).size(), 3u);
}

TEST_F(GroupsApi, VisitorsReachWhatTheWhitelistNames) {
  const auto visitor = server_
                           .post_signed("/api/visitorRegister",
                                        {{"deviceId", "30452405-960a-4179-a2a5-9b117443017c"}})
                           .data()
                           .as_object();
  EXPECT_EQ(join(visitor), "加群成功");
  EXPECT_EQ(list(visitor).size(), 1u);
  EXPECT_EQ(info(visitor).at("group_users").as_array().size(), 3u);
  EXPECT_EQ(get("groupQrcode/" + std::to_string(group_), visitor).status, 200);
  EXPECT_EQ(post("groupnickname", {{"id", group_}, {"nickname", "客人"}}, visitor), "ok");
  EXPECT_EQ(post("groupDeleteOrQuit", {{"id", group_}}, visitor), "ok");
  for (const char* route : {"group/create", "groupUpdateName", "groupremark", "groupDeleteUser",
                            "groupAddUserSet", "groupAgreeOrNo"}) {
    EXPECT_EQ(post(route, json::object(), visitor), "您没有权限访问，请先注册或登录") << route;
  }
}

}  // namespace
}  // namespace qn::test
