#include <gtest/gtest.h>

#include "support/test_server.h"

namespace qn::test {
namespace {

class MessageApi : public ::testing::Test {
 protected:
  Answer send(const json::object& fields, const json::object& user) {
    json::object body{{"sendto_id", bob_.at("id")},
                      {"chatType", "single"},
                      {"type", "text"},
                      {"data", {{"data", "hi"}, {"dataType", false}, {"otherData", nullptr}}}};
    for (const auto& field : fields) body[field.key()] = field.value();
    return server_.post("/api/chat/socket/sendmessage", body, text_at(user, "token"));
  }
  Answer recall(const json::object& body, const json::object& user) {
    return server_.post("/api/chat/revokeMessage", body, text_at(user, "token"));
  }
  static void expect_fail(const Answer& answer, int status, std::string_view text) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.msg(), "fail");
    EXPECT_EQ(text_at(answer.json(), "data"), text);
  }

  TestServer server_;
  const json::object alice_ = server_.register_user("alice01");
  const json::object bob_ = server_.register_user("bob_001");
};

TEST_F(MessageApi, SendingAnswersTheMessageObject) {
  const auto answer = send({{"options", {{"x", 1}}}}, alice_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.body.starts_with(R"({"msg":"ok","data":{"id":")")) << answer.body;
  const json::object message = answer.data().as_object();
  EXPECT_EQ(message.at("data"), R"({"data":"hi","dataType":false,"otherData":null})");
  EXPECT_EQ(message.at("options"), (json::object{{"x", 1}}));
  EXPECT_EQ(message.at("to_id"), bob_.at("id"));
  EXPECT_EQ(message.at("create_time"), to_millis(server_.clock().now()));
}

TEST_F(MessageApi, IdsMayBeTextsAndUnknownFieldsAreIgnored) {
  const auto answer =
      send({{"sendto_id", std::to_string(bob_.at("id").as_int64())}, {"from_id", 99}}, alice_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.data().at("to_id"), bob_.at("id"));
  EXPECT_EQ(answer.data().at("from_id"), alice_.at("id"));
}

TEST_F(MessageApi, WhatIsMissingIsNamed) {
  expect_fail(send({{"sendto_id", ""}}, alice_), 422, "接收人/群的id值不能为空");
  expect_fail(send({{"chatType", "room"}}, alice_), 422,
              "接收类型 的值 `room` 必须在 [`single`、`group`] 中");
  expect_fail(send({{"type", ""}}, alice_), 422, "消息类型不能为空");
  expect_fail(send({{"data", ""}}, alice_), 422, "消息内容不能为空");
  expect_fail(send({{"client_msg_id", std::string(65, 'x')}}, alice_), 422,
              "客户端消息编号 的长度 必须 在 1 和 64 之间");
  expect_fail(send({{"type", "systemNotice"}}, alice_), 400, "不支持该类型的消息");
  expect_fail(send({{"sendto_id", 99'999}}, alice_), 400, "对方不存在或者被禁用，不能发消息");
}

TEST_F(MessageApi, RetriesGetTheSameAnswer) {
  const auto first = send({{"client_msg_id", "c-1"}}, alice_);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(send({{"client_msg_id", "c-1"}}, alice_).body, first.body);
  expect_fail(send({{"client_msg_id", "c-2"}}, alice_), 400,
              "在成为好友之前，对方只允许向他发一条消息");
}

// The client posts the object it has, with a time of its own clock (defect C17).
TEST_F(MessageApi, RecallTakesTheClientsWholeObject) {
  json::object message = send({}, alice_).data().as_object();
  message["create_time"] = 1;
  message["to_name"] = "";
  message["to_avatar"] = std::string(2'000, 'x');
  const auto answer = recall(message, alice_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.data().at("id"), message.at("id"));
  EXPECT_EQ(answer.data().at("actionType"), "revoke");
  EXPECT_EQ(answer.data().at("to_name"), "bob_001");
  EXPECT_EQ(recall(message, alice_).body, answer.body);
  expect_fail(recall(message, bob_), 400, "消息不存在或者不是您发送的，不能撤回");
}

TEST_F(MessageApi, RecallNamesWhatIsMissing) {
  expect_fail(recall(json::object(), alice_), 422, "接收者id或者群id不能为空");
  expect_fail(recall({{"to_id", 1}, {"chatType", "single"}}, alice_), 422, "消息uuid不能为空");
  expect_fail(recall({{"to_id", 1}, {"id", "x"}, {"chatType", ""}}, alice_), 422,
              "聊天类型不能为空");
}

TEST_F(MessageApi, VisitorsMayDoAllThree) {
  const json::object visitor =
      server_
          .post_signed("/api/visitorRegister",
                       {{"deviceId", "30452405-960a-4179-a2a5-9b117443017c"}})
          .data()
          .as_object();
  const auto sent = send({}, visitor);
  ASSERT_EQ(sent.status, 200) << sent.body;
  EXPECT_EQ(recall(sent.data().as_object(), visitor).status, 200);
  const auto missed =
      server_.post("/api/chat/chatGetmessageOffLine", json::object(), text_at(visitor, "token"));
  EXPECT_EQ(missed.body, R"({"msg":"ok","data":"ok"})");
  expect_fail(server_.post("/api/chat/chatGetmessageOffLine", json::object(), "x"), 400,
              "Token 令牌不合法！");
}

}  // namespace
}  // namespace qn::test
