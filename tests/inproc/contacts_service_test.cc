#include <gmock/gmock.h>

#include "chat/contacts.h"
#include "chat/friend_requests.h"
#include "chat/texts.h"
#include "support/chat_world.h"
#include "support/log_reader.h"
#include "wire/message_json.h"

namespace qn::test {
namespace {

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
  LogReader log_{*world_.db};
  std::unique_ptr<store::ApplyStore> apply_rows_ = store::make_apply_store(*world_.db);
  chat::ContactService contacts_{*world_.friend_rows, world_.clock};
  chat::FriendRequestService requests_{{*apply_rows_, *world_.users},
                                       &wire::write_message,
                                       world_.random,
                                       world_.clock,
                                       {.max_friends = 2}};
  const chat::Caller alice_;
  const chat::Caller bob_;
};

TEST_F(Contacts, ARequestIsAnnouncedToItsAddressee) {
  EXPECT_EQ(apply(alice_, bob_), "ok");
  const auto told = log_.take();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, "notice");
  EXPECT_THAT(told[0].to, ElementsAre(bob_.user));
  const auto& m = told[0];
  const std::string key = "redirect-applyFriend-" + std::to_string(alice_.user.value);
  EXPECT_EQ(m.text("id").size(), 36u);
  EXPECT_EQ(m.text("from_id"), key);
  EXPECT_EQ(m.text("msgidKey"), key);
  EXPECT_EQ(m.text("from_name"), "好友申请提醒");
  EXPECT_EQ(m.text("from_avatar"),
            "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/group.png");
  EXPECT_EQ(m.number("to_id"), bob_.user.value);
  EXPECT_EQ(m.text("to_name"), "老王");
  EXPECT_EQ(m.text("to_avatar"), ChatWorld::kAvatar);
  EXPECT_EQ(m.text("chatType"), "single");
  EXPECT_EQ(m.text("type"), "text");
  EXPECT_EQ(m.said(), "用户[李华]申请添加您为好友，请尽快处理");
  const auto& redirect = m.object.at("redirect").as_object();
  EXPECT_EQ(redirect.at("url").as_string(), "/pages/applyMyfriend/applyMyfriend");
  EXPECT_EQ(redirect.at("type").as_string(), "navigateTo");
  EXPECT_FALSE(m.object.contains("group"));
  EXPECT_EQ(m.number("create_time"), to_millis(now()));
}

TEST_F(Contacts, AgreementIsToldToBothWithTheSameIdAndTime) {
  ASSERT_EQ(apply(alice_, bob_), "ok");
  log_.take();
  EXPECT_EQ(answer(bob_, newest(bob_), ApplyStatus::kAgree, "小李"), "ok");
  const auto told = log_.take();
  ASSERT_EQ(told.size(), 2u);
  const auto& first = told[0];
  const auto& second = told[1];
  EXPECT_THAT(first.to, ElementsAre(alice_.user)) << "the other one first";
  EXPECT_THAT(second.to, ElementsAre(bob_.user));
  EXPECT_EQ(first.kind + second.kind, "noticenotice");
  EXPECT_EQ(first.text("id"), second.text("id"));
  EXPECT_EQ(first.number("create_time"), to_millis(now()));
  EXPECT_EQ(second.number("create_time"), to_millis(now()));
  for (const auto* m : {&first, &second}) {
    EXPECT_EQ(m->text("type"), "systemNotice");
    EXPECT_EQ(m->text("chatType"), "single");
    EXPECT_EQ(m->said(), "我们已经是好友了，可以开始聊天了");
    for (const auto* key : {"redirect", "group", "msgidKey"}) {
      EXPECT_FALSE(m->object.contains(key)) << key;
    }
    EXPECT_EQ(m->text("from_avatar"), ChatWorld::kAvatar);
  }
  EXPECT_EQ(first.number("from_id"), bob_.user.value);
  EXPECT_EQ(first.text("from_name"), "老王");
  EXPECT_EQ(first.number("to_id"), alice_.user.value);
  EXPECT_EQ(first.text("to_name"), "小李") << "as bob calls her";
  EXPECT_EQ(second.number("from_id"), alice_.user.value);
  EXPECT_EQ(second.text("from_name"), "小李");
  EXPECT_EQ(second.number("to_id"), bob_.user.value);
  EXPECT_EQ(second.text("to_name"), "老王");

  EXPECT_EQ(remark(bob_, alice_), "小李");
  EXPECT_EQ(remark(alice_, bob_), "老王") << "his nickname becomes her remark";
}

TEST_F(Contacts, AddingAtOnceTellsBothToo) {
  EXPECT_EQ(add_at_once(alice_, bob_), "ok");
  const auto told = log_.take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[0].to, ElementsAre(bob_.user));
  EXPECT_EQ(told[0].text("from_name"), "李华");
  EXPECT_EQ(told[0].text("to_name"), "老王");
  EXPECT_EQ(remark(alice_, bob_), "");
  EXPECT_EQ(remark(bob_, alice_), "李华");
}

TEST_F(Contacts, RefusingAndIgnoringTellNobodyAndMayBeAskedAgain) {
  for (const auto status : {ApplyStatus::kRefuse, ApplyStatus::kIgnore}) {
    ASSERT_EQ(apply(alice_, bob_), "ok");
    log_.take();
    EXPECT_EQ(answer(bob_, newest(bob_), status), "ok");
    EXPECT_EQ(answer(bob_, newest(bob_), status), chat::texts::kApplyGone);
    EXPECT_THAT(log_.take(), IsEmpty());
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
  EXPECT_EQ(log_.take().size(), 1u);
}

// Two who want each other at the same time are friends once, and hear it once.
TEST_F(Contacts, MutualRequestsEndAsOneFriendship) {
  ASSERT_EQ(apply(alice_, bob_), "ok");
  ASSERT_EQ(apply(bob_, alice_), "ok");
  const ApplyId hers = newest(bob_);
  const ApplyId his = newest(alice_);
  log_.take();
  EXPECT_EQ(answer(bob_, hers, ApplyStatus::kAgree, "小李"), "ok");
  EXPECT_EQ(answer(alice_, his, ApplyStatus::kAgree, "ignored"), "ok");
  EXPECT_EQ(log_.take().size(), 2u);
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
  log_.take();
  EXPECT_EQ(add_at_once(alice_, dave), chat::texts::kTryLater);
  EXPECT_EQ(add_at_once(dave, alice_), chat::texts::kTryLater);
  ASSERT_EQ(apply(dave, alice_), "ok");
  log_.take();
  EXPECT_EQ(answer(alice_, newest(alice_), ApplyStatus::kAgree), chat::texts::kTryLater);
  EXPECT_THAT(log_.take(), IsEmpty());
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
