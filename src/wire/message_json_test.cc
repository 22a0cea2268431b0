#include "wire/message_json.h"

#include <gtest/gtest.h>

#include "wire/json.h"

namespace qn::wire {
namespace {

model::Message line_to_wang() {
  model::Message m;
  m.id = "9f7f3c2a-0b6e-4a55-8a0a-6b7f0e1d2c3b";
  m.from = UserId(1001);
  m.from_name = "李华";
  m.from_avatar = "https://cdn.example.com/a1.png";
  m.to_id = 1002;
  m.to_name = "老王";
  m.to_avatar = "/public/a.png";
  m.payload = R"({"data":"晚上吃什么","dataType":false,"otherData":null})";
  m.sender_uuid = "5b0c1f6e-2a3d-4c8e-9f10-7d6e5a4b3c21";
  m.create_time = time_from_millis(1759472469123);
  return m;
}

model::Message line_to_group() {
  model::Message m = line_to_wang();
  m.id = "4f1b7a90-5a7e-4e0d-9a4c-0c1f2b3d4e5f";
  m.to_id = 12;
  m.to_name = "周末爬山";
  m.to_avatar = "https://cdn.example.com/a1.png,/public/a.png";
  m.chat_type = model::ChatType::kGroup;
  m.payload = R"({"data":"八点集合","dataType":false,"otherData":null})";
  m.create_time = time_from_millis(1759472500000);
  m.group = model::Group{};
  m.group->id = GroupId(12);
  m.group->uuid = "261b6f17-0000-4000-8000-000000000000";
  m.group->owner = UserId(1001);
  m.group->name = "周末爬山";
  m.group->avatar = "/public/a.png";
  return m;
}

TEST(MessageJson, OneToOneIsTheContractsExample) {
  EXPECT_EQ(
      write_message(line_to_wang()),
      R"({"id":"9f7f3c2a-0b6e-4a55-8a0a-6b7f0e1d2c3b","from_avatar":"https://cdn.example.com/a1.png","from_name":"李华","from_id":1001,"to_id":1002,"to_name":"老王","to_avatar":"/public/a.png","chatType":"single","type":"text","data":"{\"data\":\"晚上吃什么\",\"dataType\":false,\"otherData\":null}","options":{},"create_time":1759472469123,"isremove":0,"sendUUid":"5b0c1f6e-2a3d-4c8e-9f10-7d6e5a4b3c21"})");
}

TEST(MessageJson, GroupRowComesWithoutItsMembers) {
  EXPECT_EQ(
      write_message(line_to_group()),
      R"({"id":"4f1b7a90-5a7e-4e0d-9a4c-0c1f2b3d4e5f","from_avatar":"https://cdn.example.com/a1.png","from_name":"李华","from_id":1001,"to_id":12,"to_name":"周末爬山","to_avatar":"https://cdn.example.com/a1.png,/public/a.png","chatType":"group","type":"text","data":"{\"data\":\"八点集合\",\"dataType\":false,\"otherData\":null}","options":{},"create_time":1759472500000,"isremove":0,"group":{"id":12,"uuid":"261b6f17-0000-4000-8000-000000000000","user_id":1001,"name":"周末爬山","avatar":"/public/a.png","remark":"","invite_confirm":0,"status":1},"sendUUid":"5b0c1f6e-2a3d-4c8e-9f10-7d6e5a4b3c21"})");
}

TEST(MessageJson, OptionsAreEchoedOrNull) {
  model::Message m = line_to_wang();
  m.options = R"({"path":"/public/x.png","中":"文"})";
  EXPECT_NE(write_message(m).find(R"("options":{"path":"/public/x.png","中":"文"},)"),
            std::string::npos);
  m.options = std::nullopt;
  EXPECT_NE(write_message(m).find(R"("options":null,)"), std::string::npos);
}

TEST(MessageJson, NoticeHasItsDataAsAnObject) {
  model::Message m = line_to_wang();
  m.from = "redirect-applyFriend-1003";
  m.payload.clear();
  m.text = "用户[\"小陈\"]申请添加您为好友，请尽快处理";
  m.redirect = model::Redirect{.url = "/pages/applyMyfriend/applyMyfriend"};
  m.sender_uuid.clear();
  m.msgid_key = "redirect-applyFriend-1003";
  const json::object notice = json::parse(write_message(m)).as_object();
  EXPECT_EQ(notice.at("from_id"), "redirect-applyFriend-1003");
  EXPECT_EQ(notice.at("data"),
            (json::object{{"data", m.text}, {"dataType", false}, {"otherData", nullptr}}));
  EXPECT_EQ(notice.at("redirect"),
            (json::object{{"url", "/pages/applyMyfriend/applyMyfriend"}, {"type", "navigateTo"}}));
  EXPECT_EQ(notice.at("msgidKey"), "redirect-applyFriend-1003");
  EXPECT_FALSE(notice.contains("sendUUid"));
  EXPECT_FALSE(notice.contains("group"));
  EXPECT_FALSE(notice.contains("actionType"));
}

TEST(MessageJson, RedirectCarriesDetailsAndAction) {
  model::Message m = line_to_wang();
  m.redirect = model::Redirect{
      .url = "/pages/a?b=c", .desc = R"({"addGroupTime":1759472469123})", .action = "avatar"};
  EXPECT_NE(
      write_message(m).find(
          R"("redirect":{"url":"/pages/a?b=c","type":"navigateTo","desc":{"addGroupTime":1759472469123},"doaction":"avatar"},"options":{})"),
      std::string::npos);
}

TEST(MessageJson, RecallHasAnActionAndNoGroup) {
  model::Message m = line_to_group();
  m.type = "systemNotice";
  m.payload.clear();
  m.text = "李华 撤回了一条消息";
  m.group.reset();
  m.is_recall = true;
  m.sender_uuid.clear();
  EXPECT_EQ(
      write_message(m),
      R"({"id":"4f1b7a90-5a7e-4e0d-9a4c-0c1f2b3d4e5f","from_avatar":"https://cdn.example.com/a1.png","from_name":"李华","from_id":1001,"to_id":12,"to_name":"周末爬山","to_avatar":"https://cdn.example.com/a1.png,/public/a.png","chatType":"group","type":"systemNotice","actionType":"revoke","data":{"data":"李华 撤回了一条消息","dataType":false,"otherData":null},"options":{},"create_time":1759472500000,"isremove":0,"group":null})");
}

TEST(MessageJson, GuideHasAnEmptyGroup) {
  model::Message m = line_to_wang();
  m.is_guide = true;
  m.sender_uuid.clear();
  m.msgid_key = "redirect-search-1001";
  EXPECT_TRUE(
      write_message(m).ends_with(R"("isremove":0,"group":{},"msgidKey":"redirect-search-1001"})"));
}

TEST(MessageJson, TextsAreEscaped) {
  model::Message m = line_to_wang();
  m.from_name = "a\"b\\c\nd";
  m.payload = R"({"data":"\"\\\n"})";
  const json::object message = json::parse(write_message(m)).as_object();
  EXPECT_EQ(message.at("from_name").as_string(), m.from_name);
  EXPECT_EQ(message.at("data").as_string(), m.payload);
}

}  // namespace
}  // namespace qn::wire
