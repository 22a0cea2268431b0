#include <gtest/gtest.h>

#include "support/console_client.h"
#include "support/fake_online.h"

// Who is connected, and how operators cut a connection.
namespace qn::test {
namespace {

class ConsoleOnline : public ::testing::Test {
 protected:
  ConsoleOnline() { client_.set_up(); }

  chat::OnlineSocket connect(std::string_view name, std::uint64_t id) {
    const auto user = server_.register_user(name);
    chat::OnlineSocket socket{.id = id,
                              .user = UserId(integer_at(user, "id")),
                              .username = std::string(name),
                              .nickname = "<i>" + std::string(name),
                              .address = "192.0.2.7",
                              .user_agent = "A browser",
                              .connected_at = server_.clock().now(),
                              .sent = 12'345};
    online_.add(socket);
    return socket;
  }
  static std::string page(const chat::OnlineSocket& socket) {
    return "/admin/online/disconnect/" + std::to_string(socket.user.value) + "/" +
           std::to_string(socket.id);
  }

  FakeOnline online_;
  TestServer server_{TestServer::settings(), &online_};
  ConsoleClient client_{server_};
};

TEST_F(ConsoleOnline, TheListShowsEachConnection) {
  EXPECT_TRUE(shows(client_.get("/admin/online/index"), "没有在线的用户"));
  const auto alice = connect("alice", 71);
  connect("bobby", 72);
  const auto list = client_.get("/admin/online/index");
  EXPECT_EQ(list.status, 200);
  for (const std::string& text :
       {std::string("alice"), std::string("bobby"), std::string("昵称：<i>alice"),
        std::string("192.0.2.7"), std::string("A browser"), std::string("12,345"),
        std::string("自动重新连接"), page(alice),
        "/admin/chatuser/show/" + std::to_string(alice.user.value)}) {
    EXPECT_TRUE(shows(list, text)) << text;
  }
  EXPECT_EQ(list.body.find("<i>alice"), std::string::npos);
  EXPECT_FALSE(shows(client_.get("/admin/online?keyword=ali"), "bobby"));
  EXPECT_TRUE(shows(client_.get("/admin/online?limit=1&page=2"), "alice"));
  EXPECT_FALSE(shows(client_.get("/admin/online?limit=1&page=2"), "bobby"));
}

TEST_F(ConsoleOnline, AConnectionIsCutAndThatIsOnRecord) {
  const auto alice = connect("alice", 71);
  EXPECT_TRUE(shows(client_.get(page(alice)), "确定要断开吗"));
  EXPECT_EQ(online_.count().sockets, 1);
  EXPECT_EQ(client_.submit(page(alice), "").status, 303);
  EXPECT_EQ(online_.count().sockets, 0);
  EXPECT_TRUE(shows(client_.get("/admin/online/index"), "连接已断开"));
  const auto log = client_.get("/admin/audit?action=user.disconnect");
  EXPECT_TRUE(shows(log, "断开用户连接"));
  EXPECT_TRUE(shows(log, "alice"));
  EXPECT_EQ(client_.post(page(alice), json::object()).data(), "该连接已经断开");
}

TEST_F(ConsoleOnline, AnAddressThatIsMadeUpCutsNothing) {
  const auto alice = connect("alice", 71);
  const auto bob = connect("bobby", 72);
  auto mixed = alice;
  mixed.id = bob.id;
  EXPECT_EQ(client_.post(page(mixed), json::object()).status, 404);
  EXPECT_EQ(client_.post("/admin/online/disconnect/x/y", json::object()).status, 404);
  EXPECT_EQ(online_.count().sockets, 2);
}

TEST_F(ConsoleOnline, OnlyManagersWithTheRightGetIn) {
  const auto alice = connect("alice", 71);
  ConsoleClient other(server_);
  client_.post("/admin/manager/save",
               {{"username", "other"}, {"password", "123456"}, {"auth", "29"}});
  ASSERT_EQ(other.login("other", "123456").status, 200);
  EXPECT_EQ(other.get("/admin/online/index").status, 403);
  EXPECT_EQ(other.post(page(alice), json::object()).status, 400);
  EXPECT_EQ(online_.count().sockets, 1);
}

TEST_F(ConsoleOnline, TheHomePageCountsThem) {
  connect("alice", 71);
  connect("bobby", 72);
  const auto home = client_.get("/admin");
  for (const char* text : {"在线人数", "今日消息", "每日消息", "/admin/online/index"}) {
    EXPECT_TRUE(shows(home, text)) << text;
  }
}

}  // namespace
}  // namespace qn::test
