#include <gtest/gtest.h>

#include <thread>

#include "support/console_client.h"

// Complaints of chat users (chat-http-api.md §11).
namespace qn::test {
namespace {

class ComplaintApi : public ::testing::Test {
 protected:
  ComplaintApi()
      : me_(server_.register_user("alice01")),
        bob_(server_.register_user("bob_001")),
        token_(text_at(me_, "token")),
        bobs_(text_at(bob_, "token")) {}

  json::object draft() {
    return {{"target_id", bob_.at("id")}, {"target_type", "single"}, {"reason", "骚扰"}};
  }
  json::object draft(std::string_view key, json::value value) {
    auto body = draft();
    body[key] = std::move(value);
    return body;
  }
  Answer create(const json::object& body) {
    return server_.post("/api/chat/complaint/create", body, token_);
  }
  std::int64_t add(const json::object& body) { return integer_at(create(body).data(), "id"); }
  std::int64_t add() { return add(draft()); }
  static std::string path(std::string_view what, std::int64_t id) {
    return "/api/chat/complaint/" + std::string(what) + "/" + std::to_string(id);
  }
  Answer detail(std::int64_t id) { return server_.get(path("detail", id), token_); }
  Answer update(std::int64_t id, const json::object& body) {
    return server_.post(path("update", id), body, token_);
  }
  json::value list() { return server_.get("/api/chat/complaint/list", token_).data(); }
  static void expect_fail(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.msg(), json::value(text));
    EXPECT_EQ(answer.data(), json::object());
  }
  static void expect_done(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.msg(), json::value(text));
  }

  TestServer server_;
  const json::object me_;
  const json::object bob_;
  const std::string token_;
  const std::string bobs_;
};

TEST_F(ComplaintApi, AComplaintLivesItsLife) {
  const auto made = create(draft());
  expect_done(made, "投诉提交成功");
  const auto id = integer_at(made.data(), "id");
  expect_done(update(id, {{"content", "更多"}, {"images", json::array{"/b.png"}}}), "更新成功");
  const auto seen = detail(id);
  expect_done(seen, "获取成功");
  EXPECT_EQ(text_at(seen.data(), "content"), "更多");
  EXPECT_EQ(seen.data().at("images"), json::array{"/b.png"});
  expect_done(server_.post(path("delete", id), json::object(), token_), "删除成功");
  expect_fail(detail(id), "投诉记录不存在");
  expect_fail(server_.post(path("delete", id), json::object(), token_), "投诉记录不存在");
  EXPECT_EQ(list(), json::array());
}

TEST_F(ComplaintApi, TheListIsNewestFirstWithTheReferencesKeys) {
  const auto first = add();
  const auto second = add();
  const auto items = list().as_array();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(integer_at(items[0], "id"), second);
  EXPECT_EQ(integer_at(items[1], "id"), first);
  std::string keys;
  for (const auto& field : items[0].as_object()) keys += std::string(field.key()) + ' ';
  EXPECT_EQ(keys,
            "images id target_id target_type target_name reason content status admin_reply "
            "create_time update_time user ");
  EXPECT_EQ(text_at(items[0].at("user"), "username"), "alice01");
  EXPECT_EQ(text_at(items[0], "create_time"), "2025-10-09T08:53:20.000Z");
}

TEST_F(ComplaintApi, WhatMustBeThereIsRequired) {
  for (const char* name : {"target_id", "target_type", "reason"}) {
    expect_fail(create(draft(name, "")), "缺少必要参数");
    auto body = draft();
    body.erase(name);
    expect_fail(create(body), "缺少必要参数");
  }
}

// Defect S24: no length, type or target was checked.
TEST_F(ComplaintApi, BadComplaintsAreRefusedWithTheReason) {
  expect_fail(create(draft("target_type", "foo")), "投诉对象类型不正确");
  expect_fail(create(draft("target_id", "abc")), "投诉对象不存在");
  expect_fail(create(draft("target_id", 99999)), "投诉对象不存在");
  expect_fail(create(draft("target_type", "group")), "投诉对象不存在");
  expect_fail(create(draft("reason", json::string(501, 'a'))), "投诉原因不能超过500个字符");
  expect_fail(create(draft("content", json::string(5001, 'a'))), "投诉内容不能超过5000个字符");
  expect_fail(create(draft("target_name", json::string(256, 'a'))),
              "投诉对象名称不能超过255个字符");
  expect_fail(create(draft("images", json::array{json::object{{"url", "/a"}}})),
              "投诉图片格式不正确");
  expect_fail(create(draft("images", json::array(10, "/a.png"))), "投诉图片不能超过9张");
  expect_fail(create(draft("images", json::array{json::string(1001, 'a')})), "投诉图片地址过长");
  expect_fail(create(draft("complaint_chatinfo", "words")), "投诉聊天记录格式不正确");
  expect_fail(create(draft("complaint_chatinfo", json::array{json::string(300'000, 'a')})),
              "投诉聊天记录过长");
  EXPECT_EQ(list(), json::array());
}

// Defect C34: images sent as text came back as text.
TEST_F(ComplaintApi, ImagesAreAlwaysAnArray) {
  for (const json::value& sent :
       {json::value(json::array{"/x.png"}), json::value(R"(["/x.png"])"), json::value("/x.png")}) {
    EXPECT_EQ(detail(add(draft("images", sent))).data().at("images"), json::array{"/x.png"});
  }
  for (const json::value& none : {json::value(nullptr), json::value(""), json::value("[]")}) {
    EXPECT_EQ(detail(add(draft("images", none))).data().at("images"), json::array());
  }
}

TEST_F(ComplaintApi, AnEmptyUpdateChangesNothing) {
  const auto id = add(draft("images", json::array{"/x.png"}));
  expect_done(update(id, {}), "更新成功");
  expect_done(update(id, {{"content", ""}, {"images", nullptr}}), "更新成功");
  EXPECT_EQ(detail(id).data().at("images"), json::array{"/x.png"});
  expect_done(update(id, {{"images", json::array()}}), "更新成功");
  EXPECT_EQ(detail(id).data().at("images"), json::array());
  expect_fail(update(id, {{"content", json::string(5001, 'a')}}), "投诉内容不能超过5000个字符");
  expect_fail(update(id, {{"images", 5}}), "投诉图片格式不正确");
}

TEST_F(ComplaintApi, ComplaintsAreTheirAuthorsAlone) {
  const auto id = add();
  expect_fail(server_.get(path("detail", id), bobs_), "投诉记录不存在");
  expect_fail(server_.post(path("update", id), {{"content", "x"}}, bobs_), "投诉记录不存在");
  expect_fail(server_.post(path("delete", id), json::object(), bobs_), "投诉记录不存在");
  EXPECT_EQ(server_.get("/api/chat/complaint/list", bobs_).data(), json::array());
  expect_fail(server_.get("/api/chat/complaint/detail/abc", token_), "投诉记录不存在");
}

TEST_F(ComplaintApi, OnceInHandItCannotBeChanged) {
  const auto id = add();
  ConsoleClient console(server_);
  console.set_up();
  console.post("/admin/chat/complaint/status/" + std::to_string(id),
               {{"status", 1}, {"admin_reply", "正在核实"}});
  expect_fail(update(id, {{"content", "x"}}), "该投诉已开始处理，无法修改");
  EXPECT_EQ(integer_at(detail(id).data(), "status"), 1);
  EXPECT_EQ(text_at(detail(id).data(), "admin_reply"), "正在核实");
}

TEST_F(ComplaintApi, CreatingIsLimited) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(create(draft()).status, 200);
  expect_fail(create(draft()), "请求过于频繁，请1个小时后再试");
}

TEST_F(ComplaintApi, ComplaintsMadeAtTheSameTimeAreAllThere) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { create(draft()); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(list().as_array().size(), 8u);
}

TEST_F(ComplaintApi, VisitorsAreRefused) {
  const auto visitor = server_
                           .post_signed("/api/visitorRegister",
                                        {{"deviceId", "30452405-960a-4179-a2a5-9b117443017c"}})
                           .data();
  const auto refused =
      server_.post("/api/chat/complaint/create", draft(), text_at(visitor, "token"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.msg(), "fail");
}

}  // namespace
}  // namespace qn::test
