#include <gtest/gtest.h>

#include "support/console_client.h"

// Muting of a user, and of a member in one group.
namespace qn::test {
namespace {

using namespace std::chrono_literals;

class ConsoleMutes : public ::testing::Test {
 protected:
  ConsoleMutes() {
    client_.set_up();
    alice_ = server_.register_user("alice");
    bob_ = server_.register_user("bobby");
  }
  static std::string id_of(const json::object& user) {
    return std::to_string(integer_at(user, "id"));
  }
  std::string page(std::string_view name) {
    return "/admin/chatuser/" + std::string(name) + "/" + id_of(alice_);
  }
  bool user_shows(std::string_view text) { return shows(client_.get(page("show")), text); }
  // A group of alice and bobby, owned by alice; its id.
  std::string create_group() {
    const std::string token = text_at(alice_, "token");
    server_.post("/api/chat/autoAddFriendAndAgree", {{"friend_id", integer_at(bob_, "id")}}, token);
    const auto list = server_.get("/api/chat/goodfriendlist/1", token).data();
    const json::value body{
        {"userIds", {list.at("rows").at("newList").at(0).at("list").at(0).at("id")}}};
    EXPECT_EQ(server_.post("/api/chat/group/create", body, token).data(), "ok");
    const auto groups = server_.get("/api/chat/grouplist/1", token).data();
    return std::to_string(integer_at(groups.at(0), "id"));
  }

  TestServer server_;
  ConsoleClient client_{server_};
  json::object alice_, bob_;
};

TEST_F(ConsoleMutes, AUserIsMutedForAWhile) {
  EXPECT_TRUE(user_shows("未禁言"));
  EXPECT_TRUE(user_shows(page("mute")));
  const auto form = client_.get(page("mute"));
  for (const char* text : {"禁言用户 alice", "10 分钟", "1 小时", "1 天", "7 天", "永久"}) {
    EXPECT_TRUE(shows(form, text)) << text;
  }
  EXPECT_EQ(client_.post(page("mute"), {{"span", "1h"}}).data(), "已禁言");
  EXPECT_FALSE(user_shows("未禁言"));
  EXPECT_TRUE(user_shows(page("unmute")));
  EXPECT_FALSE(user_shows(page("mute")));
  EXPECT_TRUE(shows(client_.get("/admin/audit?action=user.mute"), "禁言用户"));
  server_.clock().advance(1h);
  EXPECT_TRUE(user_shows("未禁言"));
}

TEST_F(ConsoleMutes, AUserIsMutedForEverUntilThatIsLifted) {
  EXPECT_EQ(client_.submit(page("mute"), "span=forever").status, 303);
  EXPECT_TRUE(user_shows("永久禁言"));
  EXPECT_TRUE(shows(client_.get(page("unmute")), "确定要解除 alice 的禁言吗？"));
  EXPECT_EQ(client_.submit(page("unmute"), "").status, 303);
  EXPECT_TRUE(user_shows("未禁言"));
  EXPECT_TRUE(shows(client_.get("/admin/audit?action=user.unmute"), "alice"));
}

TEST_F(ConsoleMutes, AMemberIsMutedInOneGroup) {
  const auto group = create_group();
  const std::string whom = group + "/" + id_of(bob_);
  const auto members = [&] { return client_.get("/admin/chatgroup/members/" + group); };
  EXPECT_TRUE(shows(members(), "/admin/chatgroup/mute/" + whom));
  EXPECT_TRUE(shows(client_.get("/admin/chatgroup/mute/" + whom), "禁言群成员 bobby"));
  EXPECT_EQ(client_.post("/admin/chatgroup/mute/" + whom, {{"span", "7d"}}).data(), "已禁言");
  EXPECT_TRUE(shows(members(), "/admin/chatgroup/unmute/" + whom));
  EXPECT_TRUE(user_shows("未禁言"));
  EXPECT_TRUE(shows(client_.get("/admin/audit?action=group.mute"), "禁言群成员"));
  EXPECT_TRUE(shows(client_.get("/admin/chatgroup/unmute/" + whom), "bobby"));
  EXPECT_EQ(client_.post("/admin/chatgroup/unmute/" + whom, json::object()).data(), "已解除禁言");
  EXPECT_FALSE(shows(members(), "/admin/chatgroup/unmute/" + whom));
}

TEST_F(ConsoleMutes, WhatIsNotThereIsRefused) {
  EXPECT_EQ(client_.post(page("mute"), {{"span", "2h"}}).status, 422);
  EXPECT_EQ(client_.post(page("mute"), json::object()).status, 422);
  EXPECT_EQ(client_.post("/admin/chatuser/mute/999", {{"span", "1h"}}).status, 404);
  EXPECT_EQ(client_.get("/admin/chatuser/mute/999").status, 404);
  EXPECT_EQ(client_.post("/admin/chatuser/unmute/999", json::object()).status, 404);
  EXPECT_EQ(client_.get("/admin/chatgroup/mute/1/999").status, 404);
  EXPECT_EQ(client_.post("/admin/chatgroup/mute/999/1", {{"span", "1h"}}).status, 404);
  EXPECT_EQ(client_.post("/admin/chatgroup/unmute/999/x", json::object()).status, 404);
}

}  // namespace
}  // namespace qn::test
