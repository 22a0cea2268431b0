#include <gmock/gmock.h>

#include "chat/profiles.h"
#include "support/message_world.h"

namespace qn::test {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace json = boost::json;

class InboxTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }

  std::string refusal(const std::string& token) {
    const auto welcome = world_.run(world_.inbox.enter(token, soon()));
    return welcome ? "ok" : welcome.error().text;
  }
  chat::Inbox::Welcome enter(const std::string& token) {
    auto welcome = world_.run(world_.inbox.enter(token, soon()));
    EXPECT_TRUE(welcome) << welcome.error().text;
    return welcome ? std::move(*welcome) : chat::Inbox::Welcome();
  }
  void change(const chat::Caller& user, const std::string& field, const std::string& value) {
    EXPECT_EQ(world_.text_of(profiles_.update_field(user, field, value, soon())), "ok");
  }

  MessageWorld world_;
  chat::ProfileService profiles_{
      *world_.people.users, *world_.friend_rows, world_.limits,
      *world_.people.cache, world_.people.clock, {.default_avatar = "", .reserved_names = {}}};
  const chat::LoginResult alice_ = world_.people.add_user("alice_01");
  const chat::Caller caller_ = *world_.people.authenticate(alice_.token);
};

TEST_F(InboxTest, WhoeverHoldsAGoodTokenIsWelcome) {
  const auto welcome = enter(alice_.token);
  EXPECT_EQ(welcome.caller.user, alice_.user.id);
  EXPECT_EQ(welcome.caller.session, caller_.session);
  EXPECT_EQ(welcome.arrival.person.username, "alice_01");
  EXPECT_FALSE(welcome.arrival.has_backlog);
  ASSERT_THAT(welcome.guides, SizeIs(7));
  const auto first = json::parse(welcome.guides[0]).as_object();
  EXPECT_EQ(first.at("from_id").as_string(),
            "redirect-setPassword-" + std::to_string(alice_.user.id.value));
  EXPECT_EQ(first.at("group"), json::object());
  EXPECT_THAT(welcome.avatar_notice, IsEmpty());
}

TEST_F(InboxTest, RefusalsHaveTheTextsOfSockets) {
  EXPECT_EQ(refusal(""), "缺少 token 参数");
  EXPECT_EQ(refusal("abc"), "Token 不合法");
  EXPECT_EQ(refusal(alice_.token + "x"), "Token 不合法");
  world_.execute("UPDATE \"user\" SET status = 0");
  ASSERT_TRUE(world_.run(world_.people.cache->clear("session:")));
  EXPECT_EQ(refusal(alice_.token), "你已被管理员禁用");
}

TEST_F(InboxTest, EndedSessionsAreInvalidAndOldOnesExpired) {
  world_.people.clock.advance(std::chrono::days(31));
  EXPECT_EQ(refusal(alice_.token), "token 已过期");
  const auto again = world_.people.run(
      world_.people.sessions->start(alice_.user.id, model::Role::kUser, {}, soon()));
  ASSERT_TRUE(again);
  EXPECT_EQ(refusal(alice_.token), "Token 不合法");
  EXPECT_EQ(refusal(*again), "ok");
}

TEST_F(InboxTest, TokensOfPingsAreChecked) {
  EXPECT_EQ(*world_.run(world_.inbox.is_valid(alice_.token, soon())), true);
  EXPECT_EQ(*world_.run(world_.inbox.is_valid("abc", soon())), false);
}

TEST_F(InboxTest, BeingConnectedKeepsTheSessionAlive) {
  for (int day = 0; day < 40; ++day) {
    world_.people.clock.advance(std::chrono::days(1));
    ASSERT_EQ(*world_.run(world_.inbox.keep_alive(caller_, soon())), true) << day;
  }
  EXPECT_EQ(refusal(alice_.token), "ok");
  ASSERT_TRUE(world_.run(world_.people.sessions->end(caller_, soon())));
  EXPECT_EQ(*world_.run(world_.inbox.keep_alive(caller_, soon())), false);
}

TEST_F(InboxTest, ANewPictureIsPointedOutOnce) {
  change(caller_, "avatar", "https://example.org/new.png");
  const auto notice = json::parse(enter(alice_.token).avatar_notice).as_object();
  EXPECT_EQ(notice.at("from_avatar"), "https://example.org/new.png");
  EXPECT_EQ(notice.at("redirect").at("doaction"), "avatar");
  EXPECT_THAT(enter(alice_.token).avatar_notice, IsEmpty());
}

TEST_F(InboxTest, OtherChangesAndOldOnesAreNot) {
  change(caller_, "avatar", "https://example.org/new.png");
  change(caller_, "nickname", "新昵称");
  EXPECT_THAT(enter(alice_.token).avatar_notice, IsEmpty());
  change(caller_, "avatar", "https://example.org/newer.png");
  world_.people.clock.advance(std::chrono::seconds(61));
  EXPECT_THAT(enter(alice_.token).avatar_notice, IsEmpty());
}

TEST_F(InboxTest, VisitorsAreNotToldOfPictures) {
  change(caller_, "avatar", "https://example.org/new.png");
  const auto token = world_.people.run(
      world_.people.sessions->start(alice_.user.id, model::Role::kVisitor, {}, soon()));
  const auto welcome = enter(*token);
  EXPECT_THAT(welcome.avatar_notice, IsEmpty());
  EXPECT_THAT(welcome.guides, SizeIs(2));
}

TEST_F(InboxTest, WhatWasMissedIsThereUntilItHasArrived) {
  const auto bob = world_.add("bob_0001");
  const auto sent = world_.sent(bob, MessageWorld::to(caller_));
  EXPECT_TRUE(enter(alice_.token).arrival.has_backlog);
  auto backlog = world_.run(world_.inbox.missed(caller_.user, 10, soon()));
  ASSERT_TRUE(backlog);
  ASSERT_THAT(backlog->messages, SizeIs(1));
  const auto& missed = backlog->messages[0];
  const auto bodies = world_.run(world_.inbox.read({missed.position}, soon()));
  ASSERT_TRUE(bodies);
  EXPECT_EQ(json::parse(bodies->at(0)), sent);
  ASSERT_TRUE(world_.run(world_.inbox.note_delivered(
      {{missed.conversation, caller_.user, missed.seq, missed.seq, true}}, soon())));
  EXPECT_FALSE(enter(alice_.token).arrival.has_backlog);
}

}  // namespace
}  // namespace qn::test
