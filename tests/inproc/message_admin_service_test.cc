#include <gmock/gmock.h>

#include "chat/message_admin.h"
#include "store/message_log.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using Content = chat::MessageAdmin::Content;
using testing::ElementsAre;
using testing::IsEmpty;

class MessageAdminTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  UserId add(const std::string& name) { return world_.add_user(name).user.id; }
  void say(UserId from, const std::string& text) {
    append(model::ConversationKey::single(from, UserId(500)), from, text);
  }
  void append(model::ConversationKey to, UserId from, const std::string& text) {
    std::vector<store::Addressed> all;
    all.push_back({to,
                   {.uuid = "u",
                    .sender = from,
                    .hidden_from = from,
                    .type = "text",
                    .body = text,
                    .text = text,
                    .created_at = world_.clock.now()}});
    ASSERT_TRUE(world_.run(log_->append(std::move(all), soon())).has_value());
  }
  chat::MessageAdmin::Found find(chat::MessageAdmin::Query query,
                                 Content content = Content::kShown) {
    auto found = world_.run(admin_.list(world_.root(), std::move(query), content, soon()));
    EXPECT_TRUE(found.has_value());
    return found ? *found : chat::MessageAdmin::Found();
  }
  std::vector<std::string> texts(chat::MessageAdmin::Query query) {
    std::vector<std::string> out;
    for (const auto& line : find(std::move(query)).page.messages) out.push_back(line.body);
    return out;
  }

  ChatWorld world_;
  std::unique_ptr<store::MessageLog> log_ = store::make_message_log(*world_.db);
  std::unique_ptr<store::MessageAdminStore> rows_ = store::make_message_admin_store(*world_.db);
  std::unique_ptr<store::GroupAdminStore> groups_ = store::make_group_admin_store(*world_.db);
  chat::MessageAdmin admin_{{*rows_, *world_.user_admin_rows, *groups_, *world_.audit_rows},
                            world_.clock};
};

TEST_F(MessageAdminTest, AWholeNameIsMeantBeforeAPartOfOne) {
  const auto anna = add("anna");
  const auto annabel = add("annabel");
  say(anna, "one");
  say(annabel, "two");
  EXPECT_THAT(texts({.user = "Anna"}), ElementsAre("one"));
  EXPECT_THAT(texts({.user = "ann"}), ElementsAre("two", "one"));
  EXPECT_THAT(texts({.user = "bel"}), ElementsAre("two"));
  EXPECT_THAT(texts({.user = "nobody"}), IsEmpty());
}

TEST_F(MessageAdminTest, AnIdIsMeantEvenWhenTheAccountIsGone) {
  say(UserId(321), "from the past");
  const auto digits = add("3210");
  say(digits, "from a number");
  EXPECT_THAT(texts({.user = "321"}), ElementsAre("from the past"));
  EXPECT_THAT(texts({.user = "3210"}), ElementsAre("from a number"));
  append(model::ConversationKey::group(GroupId(77)), digits, "in a group that is gone");
  EXPECT_THAT(texts({.group = "77"}), ElementsAre("in a group that is gone"));
  EXPECT_THAT(texts({.group = "78"}), IsEmpty());
}

TEST_F(MessageAdminTest, ANameOfManyIsSaidToBe) {
  for (int i = 0; i < 11; ++i) add("someone_" + std::to_string(i));
  EXPECT_TRUE(find({.user = "someone"}).is_ambiguous);
  EXPECT_FALSE(find({.user = "someone_3"}).is_ambiguous);
  EXPECT_FALSE(find({.user = "someone_1"}).is_ambiguous) << "a whole name, not someone_10";
}

TEST_F(MessageAdminTest, WhatIsSeenIsOnRecordAndNothingElse) {
  say(add("anna"), "secret");
  EXPECT_EQ(find({.user = "anna"}, Content::kHidden).page.messages.at(0).body, "");
  EXPECT_THAT(world_.audit({.action = "message."}), IsEmpty());
  find({.user = "anna", .from = world_.clock.now(), .text = "sec"});
  const auto entries = world_.audit({.action = "message."});
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].action, "message.search");
  EXPECT_EQ(entries[0].manager, world_.root().manager.id);
  EXPECT_NE(entries[0].after.find(R"("user":"anna")"), std::string::npos);
  EXPECT_NE(entries[0].after.find(R"("text":"sec")"), std::string::npos);
}

TEST_F(MessageAdminTest, ALookAtNothingIsNotOnRecord) {
  say(add("anna"), "secret");
  EXPECT_TRUE(find({.text = "secret"}).is_too_wide);
  const auto none = world_.run(admin_.find(world_.root(), 999, Content::kShown, soon()));
  ASSERT_TRUE(none.has_value());
  EXPECT_FALSE(none->has_value());
  EXPECT_THAT(world_.audit({.action = "message."}), IsEmpty());
}

// Nobody reads what could not be put on record first.
TEST_F(MessageAdminTest, WithoutARecordNothingIsRead) {
  say(add("anna"), "secret");
  const auto now = Deadline::after(std::chrono::seconds(-1));
  const auto found = world_.run(admin_.list(world_.root(), {}, Content::kShown, now));
  EXPECT_FALSE(found.has_value());
  EXPECT_THAT(world_.audit({.action = "message."}), IsEmpty());
}

}  // namespace
}  // namespace qn::test
