#include <gtest/gtest.h>

#include "support/console_client.h"

// The operators' half of complaints (admin-notes.md §9).
namespace qn::test {
namespace {

class ConsoleComplaints : public ::testing::Test {
 protected:
  ConsoleComplaints()
      : me_(server_.register_user("alice01")), bob_(server_.register_user("bob_001")) {
    client_.set_up();
  }

  std::int64_t add(json::object more = {}) {
    json::object body{{"target_id", bob_.at("id")},
                      {"target_type", "single"},
                      {"target_name", "bobby"},
                      {"reason", "骚扰"}};
    for (const auto& field : more) body[field.key()] = field.value();
    const auto made = server_.post("/api/chat/complaint/create", body, text_at(me_, "token"));
    EXPECT_EQ(made.status, 200) << made.body;
    return integer_at(made.data(), "id");
  }
  static std::string page(std::string_view name, std::int64_t id) {
    return "/admin/complaint/" + std::string(name) + "/" + std::to_string(id);
  }
  static std::string status_route(std::int64_t id) {
    return "/admin/chat/complaint/status/" + std::to_string(id);
  }
  void save_manager(std::string_view name, std::string_view auth) {
    client_.post("/admin/manager/save",
                 {{"username", name}, {"password", "123456"}, {"avatar", ""}, {"auth", auth}});
  }
  static void expect_fail(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.msg(), json::value(text));
    EXPECT_EQ(answer.data(), json::object());
  }

  TestServer server_;
  ConsoleClient client_{server_};
  ConsoleClient other_{server_};
  const json::object me_;
  const json::object bob_;
};

TEST_F(ConsoleComplaints, TheListShowsWhoComplainsAboutWhom) {
  const auto id = add({{"content", "每天都发广告"}});
  const auto list = client_.get("/admin/complaint/index");
  EXPECT_EQ(list.status, 200);
  for (const std::string& text :
       {std::string("投诉处理"), std::string("投诉人"), std::string("alice01"),
        std::string("bobby"), std::string("骚扰"), std::string("每天都发广告"),
        std::string("待处理"), page("show", id), page("edit", id),
        "/admin/chatuser/show/" + std::to_string(integer_at(bob_, "id"))}) {
    EXPECT_TRUE(shows(list, text)) << text;
  }
}

TEST_F(ConsoleComplaints, TheListIsFilteredAndSearched) {
  const auto spam = add({{"reason", "reason-one"}});
  add({{"reason", "reason-two"}});
  client_.post(status_route(spam), {{"status", 2}});
  const auto has = [&](std::string_view query, std::string_view text) {
    return shows(client_.get("/admin/complaint?" + std::string(query)), text);
  };
  EXPECT_TRUE(has("status=2", "reason-one"));
  EXPECT_FALSE(has("status=2", "reason-two"));
  EXPECT_FALSE(has("status=0", "reason-one"));
  EXPECT_TRUE(has("type=single", "reason-two"));
  EXPECT_FALSE(has("type=group", "reason-two"));
  EXPECT_TRUE(has("keyword=two", "reason-two"));
  EXPECT_FALSE(has("keyword=two", "reason-one"));
  EXPECT_TRUE(has("keyword=alice", "reason-one"));
  EXPECT_TRUE(has("status=9&type=x", "reason-two"));
  EXPECT_TRUE(has("keyword=nothing", "没有符合条件的投诉"));
}

TEST_F(ConsoleComplaints, EvidenceIsShownSafely) {
  const auto id =
      add({{"content", "<script>alert(1)</script>"},
           {"images", json::array{"/public/uploads/Diy/a.png", "https://evil.example/pixel.png",
                                  "javascript:alert(2)", "/public/../admin/logout"}},
           {"complaint_chatinfo",
            json::array{json::object{{"from_name", "<b>bob</b>"},
                                     {"from_id", 7},
                                     {"type", "text"},
                                     {"create_time", 1'760'000'000'000},
                                     {"data", R"({"data":"<img src=x>","dataType":false})"}}}}});
  const auto shown = client_.get(page("show", id));
  EXPECT_EQ(shown.status, 200);
  const auto has = [&](std::string_view html) {
    return shown.body.find(html) != std::string::npos;
  };
  EXPECT_TRUE(has("src=\"/public/uploads/Diy/a.png.avatar.webp\""));
  EXPECT_TRUE(has("href=\"/public/uploads/Diy/a.png\""));
  EXPECT_TRUE(has("href=\"https://evil.example/pixel.png\""));
  EXPECT_FALSE(has("src=\"https://evil.example"));
  EXPECT_FALSE(has("=\"javascript:"));
  EXPECT_FALSE(has("=\"/public/../"));
  EXPECT_FALSE(has("<script>alert"));
  EXPECT_FALSE(has("<img src=x>"));
  EXPECT_FALSE(has("<b>bob"));
  for (const char* text : {"<b>bob</b> (id:7)", "<img src=x>", "javascript:alert(2)",
                           "引用的聊天记录", "2025-10-09"}) {
    EXPECT_TRUE(shows(shown, text)) << text;
  }
}

TEST_F(ConsoleComplaints, AFormSetsStatusAndReply) {
  const auto id = add();
  const auto form = client_.get(page("edit", id));
  for (const char* text : {"处理投诉", "处理状态", "待处理", "已关闭", "回复内容"}) {
    EXPECT_TRUE(shows(form, text)) << text;
  }
  EXPECT_EQ(client_.post(page("update", id), {{"status", "2"}, {"admin_reply", "已警告"}}).data(),
            "修改成功");
  EXPECT_TRUE(shows(client_.get(page("show", id)), "已警告"));
  const auto plain = client_.submit(page("update", id), "status=3&admin_reply=");
  EXPECT_EQ(plain.status, 303);
  const auto shown = client_.get(page("show", id));
  EXPECT_TRUE(shows(shown, "已警告"));
  EXPECT_TRUE(shows(shown, "已关闭"));
  const auto log = client_.get("/admin/audit?action=complaint.update");
  EXPECT_TRUE(shows(log, "处理投诉"));
  EXPECT_TRUE(shows(log, "已警告"));
}

TEST_F(ConsoleComplaints, BadFormsAreRefused) {
  const auto id = add();
  EXPECT_EQ(client_.post(page("update", id), {{"status", ""}}).data(), "处理状态不能为空");
  EXPECT_EQ(client_.post(page("update", id), {{"status", "4"}}).data(), "更新状态失败");
  const std::string long_reply(2001, 'a');
  EXPECT_EQ(client_.post(page("update", id), {{"status", "1"}, {"admin_reply", long_reply}}).status,
            422);
  EXPECT_EQ(client_.get(page("show", 999)).status, 404);
  EXPECT_EQ(client_.get(page("edit", 999)).status, 404);
}

TEST_F(ConsoleComplaints, TheReferencesRoutesAnswerInTheirEnvelope) {
  const auto id = add();
  add();
  const auto all = client_.get("/admin/chat/complaint/listAll");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.msg(), "获取成功");
  EXPECT_EQ(integer_at(all.data(), "total"), 2);
  EXPECT_EQ(integer_at(all.data(), "page"), 1);
  EXPECT_EQ(integer_at(all.data(), "pageSize"), 20);
  EXPECT_EQ(all.data().at("list").as_array().size(), 2u);
  const auto second = client_.get("/admin/chat/complaint/listAll?page=2&pageSize=1").data();
  EXPECT_EQ(integer_at(second.at("list").as_array().at(0), "id"), id);
  EXPECT_EQ(client_.get("/admin/chat/complaint/listAll?page=x&pageSize=-1").status, 200);

  const auto done = client_.post(status_route(id), {{"status", 1}, {"admin_reply", "ok"}});
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(done.msg(), "更新成功");
  EXPECT_EQ(done.data(), json::object());
  EXPECT_EQ(client_.post(status_route(id), {{"status", 1}}).msg(), "更新成功");
  expect_fail(client_.post(status_route(id), {{"status", 4}}), "更新状态失败");
  expect_fail(client_.post(status_route(999), {{"status", 1}}), "更新状态失败");
  expect_fail(
      client_.post(status_route(id), {{"status", 1}, {"admin_reply", std::string(2001, 'a')}}),
      "回复内容不能超过2000个字符");
}

// Defect D-44: the routes asked for a role that nobody has.
TEST_F(ConsoleComplaints, OnlyManagersWithTheRightHandleComplaints) {
  const auto id = add();
  save_manager("without", "29");
  ASSERT_EQ(other_.login("without", "123456").status, 200);
  expect_fail(other_.get("/admin/chat/complaint/listAll"), "无权限查看");
  expect_fail(other_.post(status_route(id), {{"status", 1}}), "无权限操作");
  EXPECT_EQ(other_.get("/admin/complaint/index").status, 403);
  EXPECT_EQ(other_.get(page("show", id)).status, 403);

  save_manager("with", "102");
  ASSERT_EQ(other_.login("with", "123456").status, 200);
  EXPECT_EQ(other_.post(status_route(id), {{"status", 1}}).msg(), "更新成功");
  const auto list = other_.get("/admin/complaint/index");
  EXPECT_EQ(list.status, 200);
  EXPECT_FALSE(shows(list, "/admin/chatuser/show/"));  // would be refused

  other_.forget_cookies();
  EXPECT_EQ(
      other_
          .send("POST", status_route(id), R"({"status":1})", {{"Content-Type", "application/json"}})
          .status,
      401);
  // A page of somebody else's that posts with the manager's cookie.
  EXPECT_EQ(client_
                .send("POST", status_route(id), "status=3",
                      {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Sec-Fetch-Site", "cross-site"}})
                .status,
            400);
}

}  // namespace
}  // namespace qn::test
