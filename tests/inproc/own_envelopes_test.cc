#include <gtest/gtest.h>
#include <sqlite3.h>

#include "support/console_client.h"

// What Q&A, complaints and their console routes say when the server itself
// fails: a table is missing.
namespace qn::test {
namespace {

class BrokenTables : public ::testing::Test {
 protected:
  BrokenTables() : me_(server_.register_user("alice01")), token_(text_at(me_, "token")) {
    client_.set_up();
    drop("askanswer");
    drop("chat_complaint");
  }

  void drop(const std::string& table) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((server_.data_dir() / "qingniao.db").c_str(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    EXPECT_EQ(sqlite3_exec(db, ("DROP TABLE " + table).c_str(), nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(db);
  }
  void expect_coded(std::string_view route, std::string_view text) {
    const json::value id = me_.at("id");
    const auto answer = server_.post("/api/chat/askanswer/" + std::string(route),
                                     {{"id", 1},
                                      {"ask", "a"},
                                      {"answer", "b"},
                                      {"type", "single"},
                                      {"create_userId", id},
                                      {"userId", id}},
                                     token_);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.json(), (json::object{{"code", 500}, {"msg", text}})) << route;
  }
  static void expect_worded(const Answer& answer, std::string_view text) {
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.json(), (json::object{{"msg", text}, {"data", json::object()}}));
  }

  TestServer server_;
  ConsoleClient client_{server_};
  const json::object me_;
  const std::string token_;
};

TEST_F(BrokenTables, QuestionsSaySoInTheirCode) {
  expect_coded("create", "保存失败");
  expect_coded("update", "更新失败");
  expect_coded("delete", "删除失败");
  expect_coded("list", "服务器错误");
  expect_coded("detail", "服务器错误");
  expect_coded("search", "搜索失败");
}

TEST_F(BrokenTables, ComplaintsSaySoWithAStatus) {
  const json::object draft{{"target_id", 1}, {"target_type", "single"}, {"reason", "r"}};
  expect_worded(server_.post("/api/chat/complaint/create", draft, token_), "投诉提交失败");
  expect_worded(server_.get("/api/chat/complaint/list", token_), "获取失败");
  expect_worded(server_.get("/api/chat/complaint/detail/1", token_), "获取失败");
  expect_worded(server_.post("/api/chat/complaint/update/1", json::object(), token_), "更新失败");
  expect_worded(server_.post("/api/chat/complaint/delete/1", json::object(), token_), "删除失败");
}

TEST_F(BrokenTables, TheConsolesRoutesDoAsWell) {
  expect_worded(client_.get("/admin/chat/complaint/listAll"), "获取失败");
  expect_worded(client_.post("/admin/chat/complaint/status/1", {{"status", 1}}), "更新失败");
}

}  // namespace
}  // namespace qn::test
