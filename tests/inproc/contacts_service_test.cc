#include <gmock/gmock.h>

#include "chat/contacts.h"
#include "chat/friend_requests.h"
#include "chat/texts.h"
#include "support/chat_world.h"
#include "support/recording_events.h"

namespace qn::test {
namespace {

using chat::Event;
using model::ApplyStatus;
using testing::ElementsAre;
using testing::IsEmpty;

class Contacts : public ::testing::Test {
 protected:
  Contacts() : alice_(add("alice_01", "李华")), bob_(add("bob_0001", "老王")) {}

  chat::Caller add(const std::string& name, const std::string& nickname = "") {
    const auto login = world_.add_user(name);
    if (!nickname.empty()) {
      EXPECT_TRUE(world_.run(world_.users->set_nickname(login.user.id, nickname, now(), soon())));
    }
    return *world_.authenticate(login.token);
  }
  std::string apply(const chat::Caller& from, const chat::Caller& to) {
    return text_of(world_.run(requests_.apply(from, to.user, "hi", soon())));
  }
  std::string add_at_once(const chat::Caller& from, const chat::Caller& to) {
    return text_of(world_.run(requests_.add_at_once(from, to.user, "", soon())));
  }
  std::string answer(const chat::Caller& me, ApplyId id, ApplyStatus status,
                     const std::string& remark = "") {
    return text_of(world_.run(requests_.handle(me, id, {status, remark}, soon())));
  }
  // The newest request to somebody.
  ApplyId newest(const chat::Caller& of) {
    return world_.run(requests_.list(of, {}, soon()))->entries.at(0).apply.id;
  }
  std::string remark(const chat::Caller& of, const chat::Caller& about) {
    const auto found = world_.run(contacts_.get(of, about.user, soon()));
    return found.has_value() ? found->remark : found.error().text;
  }
  std::size_t friends_of(const chat::Caller& who) {
    return world_.run(contacts_.list(who, {1, 100}, soon()))->size();
  }
  template <class T>
  static std::string text_of(const Result<T>& result) {
    return result.has_value() ? "ok" : result.error().text;
  }
  Time now() const { return world_.clock.now(); }
  static Deadline soon() { return ChatWorld::soon(); }

  ChatWorld world_;
  RecordingEvents events_;
  std::unique_ptr<store::ApplyStore> apply_rows_ = store::make_apply_store(*world_.db);
  chat::ContactService contacts_{*world_.friend_rows, world_.clock};
  chat::FriendRequestService requests_{
      {*apply_rows_, *world_.users}, events_, world_.random, world_.clock, {.max_friends = 2}};
  const chat::Caller alice_;
  const chat::Caller bob_;
};

TEST_F(Contacts, ARequestIsAnnouncedToItsAddressee) {
  EXPECT_EQ(apply(alice_, bob_), "ok");
  const auto events = events_.take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].code, "E4");
  EXPECT_THAT(events[0].to, ElementsAre(bob_.user));
  const auto& m = events[0].message;
  const std::string key = "redirect-applyFriend-" + std::to_string(alice_.user.value);
  EXPECT_EQ(m.id.size(), 36u);
  EXPECT_EQ(std::get<std::string>(m.from), key);
  EXPECT_EQ(m.msgid_key, key);
  EXPECT_EQ(m.from_name, "好友申请提醒");
  EXPECT_EQ(m.from_avatar, "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/group.png");
  EXPECT_EQ(m.to_id, bob_.user.value);
  EXPECT_EQ(m.to_name, "老王");
  EXPECT_EQ(m.to_avatar, ChatWorld::kAvatar);
  EXPECT_EQ(m.chat_type, model::ChatType::kSingle);
  EXPECT_EQ(m.type, "text");
  EXPECT_EQ(m.text, "用户[李华]申请添加您为好友，请尽快处理");
  ASSERT_TRUE(m.redirect);
  EXPECT_EQ(m.redirect->url, "/pages/applyMyfriend/applyMyfriend");
  EXPECT_EQ(m.redirect->type, "navigateTo");
  EXPECT_FALSE(m.group);
  EXPECT_EQ(m.create_time, now());
}

TEST_F(Contacts, AgreementIsToldToBothWithTheSameIdAndTime) {
  ASSERT_EQ(apply(alice_, bob_), "ok");
  events_.take();
  EXPECT_EQ(answer(bob_, newest(bob_), ApplyStatus::kAgree, "小李"), "ok");
  const auto events = events_.take();
  ASSERT_EQ(events.size(), 2u);
  const auto& first = events[0].message;
  const auto& second = events[1].message;
  EXPECT_THAT(events[0].to, ElementsAre(alice_.user)) << "the other one first";
  EXPECT_THAT(events[1].to, ElementsAre(bob_.user));
  EXPECT_EQ(events[0].code + events[1].code, "E5E5");
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(first.create_time, now());
  EXPECT_EQ(second.create_time, now());
  for (const auto* m : {&first, &second}) {
    EXPECT_EQ(m->type, "systemNotice");
    EXPECT_EQ(m->chat_type, model::ChatType::kSingle);
    EXPECT_EQ(m->text, "我们已经是好友了，可以开始聊天了");
    EXPECT_FALSE(m->redirect || m->group);
    EXPECT_EQ(m->msgid_key, "");
    EXPECT_EQ(m->from_avatar, ChatWorld::kAvatar);
  }
  EXPECT_EQ(std::get<UserId>(first.from), bob_.user);
  EXPECT_EQ(first.from_name, "老王");
  EXPECT_EQ(first.to_id, alice_.user.value);
  EXPECT_EQ(first.to_name, "小李") << "as bob calls her";
  EXPECT_EQ(std::get<UserId>(second.from), alice_.user);
  EXPECT_EQ(second.from_name, "小李");
  EXPECT_EQ(second.to_id, bob_.user.value);
  EXPECT_EQ(second.to_name, "老王");

  EXPECT_EQ(remark(bob_, alice_), "小李");
  EXPECT_EQ(remark(alice_, bob_), "老王") << "his nickname becomes her remark";
}

TEST_F(Contacts, AddingAtOnceTellsBothToo) {
  EXPECT_EQ(add_at_once(alice_, bob_), "ok");
  const auto events = events_.take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_THAT(events[0].to, ElementsAre(bob_.user));
  EXPECT_EQ(events[0].message.from_name, "李华");
  EXPECT_EQ(events[0].message.to_name, "老王");
  EXPECT_EQ(remark(alice_, bob_), "");
  EXPECT_EQ(remark(bob_, alice_), "李华");
}

TEST_F(Contacts, RefusingAndIgnoringTellNobodyAndMayBeAskedAgain) {
  for (const auto status : {ApplyStatus::kRefuse, ApplyStatus::kIgnore}) {
    ASSERT_EQ(apply(alice_, bob_), "ok");
    events_.take();
    EXPECT_EQ(answer(bob_, newest(bob_), status), "ok");
    EXPECT_EQ(answer(bob_, newest(bob_), status), chat::texts::kApplyGone);
    EXPECT_THAT(events_.take(), IsEmpty());
  }
  EXPECT_EQ(friends_of(bob_), 0u);
}

TEST_F(Contacts, OnlyTheAddresseeAnswers) {
  ASSERT_EQ(apply(alice_, bob_), "ok");
  const ApplyId id = newest(bob_);
  const auto carol = add("carol_01");
  for (const auto status : {ApplyStatus::kAgree, ApplyStatus::kRefuse, ApplyStatus::kPending}) {
    EXPECT_EQ(answer(alice_, id, status), chat::texts::kApplyGone);
    EXPECT_EQ(answer(carol, id, status), chat::texts::kApplyGone);
  }
  EXPECT_EQ(answer(bob_, id, ApplyStatus::kPending), "ok") << "accepted, and does nothing";
  EXPECT_EQ(answer(bob_, id, ApplyStatus::kAgree), "ok");
  EXPECT_EQ(answer(bob_, id, ApplyStatus::kPending), chat::texts::kApplyGone);
}

TEST_F(Contacts, RequestsThatCannotBe) {
  EXPECT_EQ(apply(alice_, alice_), chat::texts::kAddSelf);
  EXPECT_EQ(add_at_once(alice_, alice_), chat::texts::kAddSelf);
  chat::Caller nobody;
  nobody.user = UserId(4711);
  EXPECT_EQ(apply(alice_, nobody), chat::texts::kNobodyToAdd);
  EXPECT_EQ(add_at_once(alice_, nobody), chat::texts::kNobodyToAdd);
  ASSERT_EQ(apply(alice_, bob_), "ok");
  EXPECT_EQ(apply(alice_, bob_), chat::texts::kAppliedBefore);
  EXPECT_EQ(add_at_once(alice_, bob_), chat::texts::kAppliedBefore);

  ASSERT_TRUE(world_.run(world_.users->set_invite_confirm(bob_.user, 1, now(), soon())));
  const auto carol = add("carol_01");
  EXPECT_EQ(add_at_once(carol, bob_), chat::texts::kNeedsReview);
  ASSERT_TRUE(world_.run(world_.user_admin->set_status(world_.root(), {bob_.user},
                                                       model::UserStatus::kDisabled, soon())));
  EXPECT_EQ(apply(carol, bob_), chat::texts::kNobodyToAdd);
  EXPECT_EQ(events_.take().size(), 1u);
}

// Two who want each other at the same time are friends once, and hear it once.
TEST_F(Contacts, MutualRequestsEndAsOneFriendship) {
  ASSERT_EQ(apply(alice_, bob_), "ok");
  ASSERT_EQ(apply(bob_, alice_), "ok");
  const ApplyId hers = newest(bob_);
  const ApplyId his = newest(alice_);
  events_.take();
  EXPECT_EQ(answer(bob_, hers, ApplyStatus::kAgree, "小李"), "ok");
  EXPECT_EQ(answer(alice_, his, ApplyStatus::kAgree, "ignored"), "ok");
  EXPECT_EQ(events_.take().size(), 2u);
  EXPECT_EQ(remark(alice_, bob_), "老王");
  EXPECT_EQ(friends_of(alice_), 1u);
  EXPECT_EQ(friends_of(bob_), 1u);
}

// Defect X11.
TEST_F(Contacts, FriendsAreCapped) {
  const auto carol = add("carol_01");
  const auto dave = add("dave_001");
  ASSERT_EQ(add_at_once(alice_, bob_), "ok");
  ASSERT_EQ(add_at_once(carol, alice_), "ok");
  events_.take();
  EXPECT_EQ(add_at_once(alice_, dave), chat::texts::kTryLater);
  EXPECT_EQ(add_at_once(dave, alice_), chat::texts::kTryLater);
  ASSERT_EQ(apply(dave, alice_), "ok");
  events_.take();
  EXPECT_EQ(answer(alice_, newest(alice_), ApplyStatus::kAgree), chat::texts::kTryLater);
  EXPECT_THAT(events_.take(), IsEmpty());
  EXPECT_EQ(friends_of(dave), 0u);

  ASSERT_TRUE(world_.run(contacts_.remove(alice_, bob_.user, soon())));
  EXPECT_EQ(answer(alice_, newest(alice_), ApplyStatus::kAgree), "ok");
}

TEST_F(Contacts, ARequestOfADeletedAccountIsGone) {
  const auto carol = add("carol_01");
  ASSERT_EQ(apply(carol, alice_), "ok");
  const ApplyId id = newest(alice_);
  ASSERT_TRUE(world_.run(world_.user_admin->remove(world_.root(), {carol.user}, soon())));
  EXPECT_EQ(answer(alice_, id, ApplyStatus::kAgree), chat::texts::kApplyGone);
  EXPECT_THAT(world_.run(requests_.list(alice_, {}, soon()))->entries, IsEmpty());
}

}  // namespace
}  // namespace qn::test
