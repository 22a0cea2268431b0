#include <gtest/gtest.h>

#include "base/metrics.h"
#include "store/message_log.h"
#include "store/sqlite/sqlite_database.h"
#include "support/await.h"
#include "support/console_client.h"
#include "wire/message_json.h"

// What operators see of people's messages.
namespace qn::test {
namespace {

using namespace std::chrono_literals;

class ConsoleMessages : public ::testing::Test {
 protected:
  ConsoleMessages()
      : alice_(server_.register_user("alice")),
        bob_(server_.register_user("bobby")),
        carol_(server_.register_user("carol")) {
    client_.set_up();
    auto settings = TestServer::settings();
    settings.data_dir = server_.data_dir();
    db_ = *store::open_sqlite(app::sqlite_options(settings), metrics_);
    log_ = store::make_message_log(*db_);
  }

  static UserId id_of(const json::object& user) { return UserId(integer_at(user, "id")); }
  // A message as people's clients send it, into the log of the running server.
  void say(const json::object& from, const json::object& to, const std::string& text,
           const std::string& type = "text") {
    server_.clock().advance(1s);
    const json::value payload{{"data", text}, {"dataType", false}, {"otherData", nullptr}};
    const model::Message message{.id = "0b6e4a55-0000-4000-8000-00000000000a",
                                 .from = id_of(from),
                                 .from_name = text_at(from, "username"),
                                 .from_avatar = "",
                                 .to_id = id_of(to).value,
                                 .to_name = text_at(to, "username"),
                                 .to_avatar = "",
                                 .type = type,
                                 .payload = json::serialize(payload),
                                 .create_time = server_.clock().now()};
    store::NewMessage row{.uuid = message.id,
                          .sender = id_of(from),
                          .hidden_from = id_of(from),
                          .type = type,
                          .body = wire::write_message(message),
                          .text = type == "text" ? text : "",
                          .created_at = message.create_time};
    std::vector<store::Addressed> all;
    all.push_back({model::ConversationKey::single(id_of(from), id_of(to)), std::move(row)});
    EXPECT_TRUE(await_here(log_->append(std::move(all), Deadline::after(20s))).has_value());
  }
  // The first link of the kind on the page.
  static std::string link(const Answer& page, std::string_view prefix) {
    const auto at = page.body.find("href=\"" + std::string(prefix));
    if (at == std::string::npos) return {};
    const auto start = at + 6;
    return page.body.substr(start, page.body.find('"', start) - start);
  }
  Answer list(std::string_view query = "") {
    return client_.get("/admin/message/index?" + std::string(query));
  }
  bool found(std::string_view query, std::string_view text) { return shows(list(query), text); }
  Answer audit(std::string_view action) {
    return client_.get("/admin/audit?action=" + std::string(action));
  }
  // A manager with these rights, logged in as `other_`.
  void log_in_other(std::string_view rights) {
    client_.post("/admin/manager/save",
                 {{"username", "other"}, {"password", "123456"}, {"auth", rights}});
    ASSERT_EQ(other_.login("other", "123456").status, 200);
  }

  TestServer server_;
  ConsoleClient client_{server_};
  ConsoleClient other_{server_};
  json::object alice_, bob_, carol_;
  Metrics metrics_;
  std::unique_ptr<store::Database> db_;
  std::unique_ptr<store::MessageLog> log_;
};

TEST_F(ConsoleMessages, TheListShowsWhoSaysWhatToWhom) {
  EXPECT_TRUE(found("", "没有符合条件的消息"));
  say(alice_, bob_, "<b>hello</b>");
  say(bob_, alice_, "/public/uploads/a.png", "image");
  say(bob_, carol_, "javascript:alert(1)", "video");
  const auto page = list();
  EXPECT_EQ(page.status, 200);
  for (const char* text : {"消息管理", "alice", "bobby", "carol", "<b>hello</b>", "文本", "图片",
                           "视频", "href=\"", "会记入操作日志"}) {
    EXPECT_TRUE(shows(page, text) || page.body.find(text) != std::string::npos) << text;
  }
  EXPECT_EQ(page.body.find("<b>hello"), std::string::npos);
  EXPECT_NE(page.body.find("href=\"/public/uploads/a.png\""), std::string::npos);
  EXPECT_EQ(page.body.find("href=\"javascript:"), std::string::npos);
  EXPECT_TRUE(shows(page, "javascript:alert(1)"));
}

TEST_F(ConsoleMessages, TheListIsSearched) {
  say(alice_, bob_, "apples");
  say(bob_, carol_, "pears");
  EXPECT_TRUE(found("user=alice", "apples"));
  EXPECT_FALSE(found("user=alice", "pears"));
  EXPECT_TRUE(found("user=OBB", "pears"));
  EXPECT_FALSE(found("user=" + std::to_string(id_of(bob_).value), "apples"));
  EXPECT_FALSE(found("user=nobody", "apples"));
  EXPECT_FALSE(found("group=climbers", "apples"));
  EXPECT_FALSE(found("group=77", "apples"));
  EXPECT_FALSE(found("type=image", "apples"));
  EXPECT_TRUE(found("type=text", "apples"));
  EXPECT_FALSE(found("from=2099-01-01T00:00", "apples"));
  EXPECT_TRUE(found("until=2099-01-01T00:00", "apples"));
  EXPECT_TRUE(found("from=not-a-time&before=x&conversation=y", "apples"));
}

TEST_F(ConsoleMessages, ATextAloneIsLookedForNowhere) {
  say(alice_, bob_, "apples");
  EXPECT_TRUE(found("text=apples", "请同时填写"));
  EXPECT_FALSE(found("text=apples", "/admin/message/show/"));
  EXPECT_TRUE(found("text=apples&user=alice", "/admin/message/show/"));
  EXPECT_TRUE(found("text=apples&from=2020-01-01", "/admin/message/show/"));
  EXPECT_FALSE(found("text=pears&user=alice", "/admin/message/show/"));
}

TEST_F(ConsoleMessages, OlderMessagesAreOnTheNextPages) {
  for (int i = 0; i < 5; ++i) say(alice_, bob_, "number " + std::to_string(i));
  const auto first = list("limit=2&user=alice");
  EXPECT_TRUE(shows(first, "number 4"));
  EXPECT_FALSE(shows(first, "number 2"));
  std::string older = link(first, "/admin/message/index?limit=2&amp;user=alice&amp;before=");
  ASSERT_NE(older, "");
  for (auto at = older.find("&amp;"); at != std::string::npos; at = older.find("&amp;")) {
    older.erase(at + 1, 4);
  }
  const auto second = client_.get(older);
  EXPECT_FALSE(shows(second, "number 3"));
  EXPECT_TRUE(shows(second, "number 2"));
  EXPECT_TRUE(shows(second, "number 1"));
  EXPECT_TRUE(shows(second, "最新"));
  EXPECT_FALSE(shows(first, "最新"));
}

TEST_F(ConsoleMessages, OneMessageIsShownAmongItsNeighbours) {
  say(alice_, bob_, "before");
  say(alice_, bob_, std::string(5'000, 'x') + "the end");
  say(bob_, alice_, "behind");
  say(carol_, alice_, "elsewhere");
  const std::string page = link(list("user=alice"), "/admin/message/show/");
  ASSERT_NE(page, "");
  EXPECT_FALSE(found("user=alice", "the end"));
  const auto shown = client_.get(page);
  EXPECT_EQ(shown.status, 200);
  for (const char* text : {"消息详情", "before", "the end", "behind", "本条", "前后的消息"}) {
    EXPECT_TRUE(shows(shown, text)) << text;
  }
  EXPECT_FALSE(shows(shown, "elsewhere"));
  const auto conversation = client_.get(link(shown, "/admin/message/index?conversation="));
  EXPECT_TRUE(shows(conversation, "behind"));
  EXPECT_FALSE(shows(conversation, "elsewhere"));
  EXPECT_EQ(client_.get("/admin/message/show/999").status, 404);
  EXPECT_EQ(client_.get("/admin/message/show/x").status, 404);
}

TEST_F(ConsoleMessages, WhoLooksAtContentIsOnRecord) {
  say(alice_, bob_, "apples");
  const std::string page = link(list("user=alice&text=apples"), "/admin/message/show/");
  const auto searches = audit("message.search");
  for (const char* text : {"浏览消息内容", "root", "apples", "alice"}) {
    EXPECT_TRUE(shows(searches, text)) << text;
  }
  EXPECT_FALSE(shows(audit("message.read"), "0b6e4a55-0000-4000-8000-00000000000a"));
  client_.get(page);
  EXPECT_TRUE(shows(audit("message.read"), "0b6e4a55-0000-4000-8000-00000000000a"));
}

TEST_F(ConsoleMessages, WithoutTheRightTheContentIsHidden) {
  say(alice_, bob_, "apples");
  log_in_other("104");
  const auto page = other_.get("/admin/message/index");
  EXPECT_EQ(page.status, 200);
  for (const char* text : {"alice", "bobby", "内容已隐藏", "您没有查看消息内容的权限"}) {
    EXPECT_TRUE(shows(page, text)) << text;
  }
  EXPECT_FALSE(shows(page, "apples"));
  EXPECT_FALSE(shows(page, "/admin/chatuser/show/"));  // would be refused
  EXPECT_EQ(page.body.find("name=\"text\""), std::string::npos);
  const auto shown = other_.get(link(page, "/admin/message/show/"));
  EXPECT_TRUE(shows(shown, "内容已隐藏"));
  EXPECT_FALSE(shows(shown, "apples"));
  // What cannot be seen cannot be guessed by searching either.
  EXPECT_TRUE(shows(other_.get("/admin/message?user=alice&text=pears"), "/admin/message/show/"));
  EXPECT_FALSE(shows(audit("message.search"), "other"));
  EXPECT_FALSE(shows(audit("message.read"), "other"));
}

TEST_F(ConsoleMessages, TheRightsAreGivenOneByOne) {
  say(alice_, bob_, "apples");
  log_in_other("104,106");
  EXPECT_TRUE(shows(other_.get("/admin/message/index"), "apples"));
  const auto form = client_.get("/admin/manager/create");
  EXPECT_TRUE(shows(form, "查看消息内容"));
  EXPECT_FALSE(shows(client_.get("/admin"), "查看消息内容"));
  client_.post("/admin/manager/save",
               {{"username", "third"}, {"password", "123456"}, {"auth", "29"}});
  ConsoleClient third(server_);
  ASSERT_EQ(third.login("third", "123456").status, 200);
  EXPECT_EQ(third.get("/admin/message/index").status, 403);
  EXPECT_EQ(third.get("/admin/message/show/1").status, 403);
  client_.post("/admin/manager/save",
               {{"username", "fourth"}, {"password", "123456"}, {"auth", "106"}});
  ASSERT_EQ(third.login("fourth", "123456").status, 200);
  EXPECT_EQ(third.get("/admin/message/index").status, 403);
}

}  // namespace
}  // namespace qn::test
