#include <gmock/gmock.h>

#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using model::UserStatus;
using testing::ElementsAre;
using testing::SizeIs;

class UserAdminTest : public ::testing::Test {
 protected:
  std::string refusal(const std::string& token) {
    const auto caller = world_.authenticate(token);
    return caller.has_value() ? "" : caller.error().text;
  }
  template <class T>
  static std::string text_of(const Result<T>& result) {
    return result.has_value() ? "ok" : result.error().text;
  }
  Result<chat::LoginResult> login(const std::string& name, const std::string& password = "123456") {
    return world_.run(world_.accounts->login(name, password, {"127.0.0.1", "test"}, soon()));
  }
  Result<int> set_status(std::vector<UserId> ids, UserStatus status) {
    return world_.run(world_.user_admin->set_status(world_.root(), std::move(ids), status, soon()));
  }
  Result<int> remove(std::vector<UserId> ids) {
    return world_.run(world_.user_admin->remove(world_.root(), std::move(ids), soon()));
  }
  Result<void> create(const std::string& name, const std::string& avatar = "") {
    return world_.run(world_.user_admin->create(world_.root(), name, "123456", avatar, soon()));
  }
  Result<void> update(UserId id, chat::UserAdmin::Edit edit) {
    return world_.run(world_.user_admin->update(world_.root(), id, std::move(edit), soon()));
  }
  model::User find(UserId id) {
    const auto user = world_.run(world_.user_admin->find(id, soon()));
    return user.has_value() && *user ? **user : model::User();
  }
  store::UserAdminStore::Page list(chat::UserAdmin::ListQuery query = {}) {
    auto page = world_.run(world_.user_admin->list(std::move(query), soon()));
    EXPECT_TRUE(page.has_value());
    return *page;
  }
  static Deadline soon() { return ChatWorld::soon(); }

  ChatWorld world_;
};

// Defects S13, D-27: a ban left tokens working, and status 2 kept its access.
TEST_F(UserAdminTest, EveryStatusButNormalEndsSessionsAtOnce) {
  for (const auto status : {UserStatus::kDisabled, UserStatus::kLocked}) {
    const auto user = world_.add_user("banned_" + std::to_string(static_cast<int>(status)));
    ASSERT_EQ(refusal(user.token), "");  // the session is in the cache now
    EXPECT_EQ(*set_status({user.user.id}, status), 1);
    EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
    EXPECT_EQ(login(user.user.username).error().text, chat::texts::kNoAccount);

    EXPECT_EQ(*set_status({user.user.id}, UserStatus::kNormal), 1);
    EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
    EXPECT_TRUE(login(user.user.username).has_value());
  }
}

TEST_F(UserAdminTest, ManyAreDisabledAtOnceAndUnknownIdsAreLeftOut) {
  const auto alice = world_.add_user("alice_01");
  const auto bob = world_.add_user("bob_0001");
  const auto carol = world_.add_user("carol_01");
  for (const auto* user : {&alice, &bob, &carol}) ASSERT_EQ(refusal(user->token), "");
  EXPECT_EQ(*set_status({alice.user.id, bob.user.id, UserId(4711)}, UserStatus::kDisabled), 2);
  EXPECT_EQ(refusal(alice.token), chat::texts::kBadToken);
  EXPECT_EQ(refusal(bob.token), chat::texts::kBadToken);
  EXPECT_EQ(refusal(carol.token), "");
  EXPECT_THAT(world_.audit({.action = "user.disable"}), SizeIs(2));
  EXPECT_EQ(*set_status({alice.user.id}, UserStatus::kDisabled), 1) << "was so already";
  EXPECT_EQ(*set_status({UserId(4711)}, UserStatus::kDisabled), 0);
  EXPECT_THAT(world_.audit({.action = "user.disable"}), SizeIs(2));
}

TEST_F(UserAdminTest, AtMostAThousandAtOnce) {
  const std::vector<UserId> ids(1'001, UserId(1));
  EXPECT_EQ(text_of(set_status(ids, UserStatus::kNormal)), "一次最多操作1000个用户");
  EXPECT_EQ(text_of(remove(ids)), "一次最多操作1000个用户");
}

// Defect D-28: deletion cascaded and could not be undone.
TEST_F(UserAdminTest, DeletingEndsSessionsAndFreesTheName) {
  const auto user = world_.add_user("todelete1");
  ASSERT_EQ(refusal(user.token), "");
  EXPECT_EQ(*remove({user.user.id}), 1);
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
  EXPECT_EQ(login("todelete1").error().text, chat::texts::kNoAccount);

  const auto again = world_.add_user("todelete1");
  EXPECT_NE(again.user.id, user.user.id);
  EXPECT_EQ(*remove({user.user.id}), 0);
  EXPECT_EQ(refusal(again.token), "");
}

TEST_F(UserAdminTest, ACreatedUserCanLogIn) {
  ASSERT_TRUE(create("newuser1").has_value());
  ASSERT_TRUE(create("newuser2", "/public/uploads/a.jpg").has_value());
  const auto first = login("newuser1");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->user.avatar, ChatWorld::kAvatar);
  EXPECT_EQ(first->user.register_ip, ChatWorld::kOperatorAddress) << "the operator's";
  EXPECT_EQ(first->user.role, model::Role::kUser);
  EXPECT_EQ(login("newuser2")->user.avatar, "/public/uploads/a.jpg");

  const auto entry = world_.audit({.action = "user.create"}).at(1);
  EXPECT_EQ(entry.manager_name, "root");
  EXPECT_EQ(entry.address, ChatWorld::kOperatorAddress);
  EXPECT_EQ(entry.target_name, "newuser1");
}

// Defect D-25: also in another spelling, and when two ask at once.
TEST_F(UserAdminTest, ATakenNameIsRefused) {
  world_.add_user("alice_01");
  EXPECT_EQ(text_of(create("alice_01")), "即时通讯用户账号已存在");
  EXPECT_EQ(text_of(create("ALICE_01")), "即时通讯用户账号已存在");
  EXPECT_THAT(world_.audit({.action = "user.create"}), SizeIs(0));
}

// Defect D-16.
TEST_F(UserAdminTest, AnAvatarIsAWebAddressOrOneOfOurFiles) {
  const auto user = world_.add_user("alice_01");
  for (const std::string avatar :
       {"javascript:alert(1)", "data:text/html,x", "//evil.example/x.png", "x.png", "/etc/passwd",
        "https://example.org/\"onload=x", "/public/a b.png"}) {
    EXPECT_EQ(text_of(create("newuser1", avatar)), "头像地址不合法") << avatar;
    EXPECT_EQ(text_of(update(user.user.id, {"alice_01", "", avatar})), "头像地址不合法") << avatar;
  }
  const std::string longest = "/public/" + std::string(992, 'a');
  EXPECT_EQ(text_of(create("newuser1", longest + "a")), "头像地址过长不能超过1000个字符");
  EXPECT_EQ(text_of(create("newuser1", longest)), "ok");
}

TEST_F(UserAdminTest, AnEditSetsWhatIsGiven) {
  const auto user = world_.add_user("alice_01");
  ASSERT_TRUE(update(user.user.id, {"alice_02", "", ""}).has_value());
  EXPECT_EQ(find(user.user.id).username, "alice_02");
  EXPECT_EQ(find(user.user.id).avatar, ChatWorld::kAvatar);
  EXPECT_EQ(refusal(user.token), "") << "a new name ends nothing";
  EXPECT_TRUE(login("alice_02").has_value());
  ASSERT_TRUE(update(user.user.id, {"Alice_02", "", "/public/n.png"}).has_value());
  EXPECT_EQ(find(user.user.id).username, "Alice_02") << "the same name in another spelling";
  EXPECT_EQ(find(user.user.id).avatar, "/public/n.png");
}

// Defect D-27.
TEST_F(UserAdminTest, ANewPasswordEndsAllSessions) {
  const auto user = world_.add_user("alice_01");
  ASSERT_EQ(refusal(user.token), "");
  ASSERT_TRUE(update(user.user.id, {"alice_01", "654321", ""}).has_value());
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
  EXPECT_EQ(login("alice_01").error().text, chat::texts::kWrongPassword);
  EXPECT_TRUE(login("alice_01", "654321").has_value());
  const auto entry = world_.audit({.action = "user.password"}).at(0);
  EXPECT_EQ(entry.after, R"({"password":"***"})");
}

TEST_F(UserAdminTest, AnEditIsRefusedWithTheTextsOfTheContract) {
  const auto alice = world_.add_user("alice_01");
  const auto bob = world_.add_user("bob_0001");
  EXPECT_EQ(text_of(update(UserId(4711), {"xxxx", "", ""})), "该即时通讯用户记录不存在");
  EXPECT_EQ(text_of(update(bob.user.id, {"ALICE_01", "", ""})),
            "该即时通讯用户账号已经存在，不能修改成该即时通讯用户账号");
  ASSERT_TRUE(remove({alice.user.id}).has_value());
  EXPECT_EQ(text_of(update(alice.user.id, {"xxxx", "", ""})), "该即时通讯用户记录不存在");
  EXPECT_EQ(text_of(update(bob.user.id, {"alice_01", "", ""})), "ok") << "the name is free again";
}

TEST_F(UserAdminTest, ARowWithAnOldAvatarStaysEditable) {
  const auto user = world_.add_user("alice_01");
  ASSERT_TRUE(
      world_.run(world_.users->set_avatar(user.user.id, "old form.png", world_.clock.now(), soon()))
          .has_value());
  EXPECT_EQ(text_of(update(user.user.id, {"alice_02", "", "old form.png"})), "ok");
  EXPECT_EQ(find(user.user.id).avatar, "old form.png");
}

TEST_F(UserAdminTest, AResetPasswordIsRandomAndWorks) {
  const auto user = world_.add_user("alice_01");
  const auto reset = [&](UserId id) {
    return world_.run(world_.user_admin->reset_password(world_.root(), id, soon()));
  };
  const auto first = reset(user.user.id);
  const auto second = reset(user.user.id);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_THAT(*first, testing::MatchesRegex("[A-Za-z0-9]{12}"));
  EXPECT_NE(*first, *second);
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
  EXPECT_FALSE(login("alice_01", *first).has_value());
  EXPECT_TRUE(login("alice_01", *second).has_value());
  EXPECT_EQ(text_of(reset(UserId(4711))), "该即时通讯用户记录不存在");
  for (const auto& entry : world_.audit()) {
    EXPECT_EQ(entry.after.find(*second), std::string::npos);
  }
}

TEST_F(UserAdminTest, OneDeviceIsSignedOut) {
  const auto user = world_.add_user("alice_01");
  const auto other = world_.add_user("bob_0001");
  const auto detail = world_.run(world_.user_admin->detail(user.user.id, soon()));
  ASSERT_TRUE(detail.has_value() && *detail);
  ASSERT_THAT((*detail)->sessions, SizeIs(1));
  EXPECT_EQ((*detail)->profile.user.username, "alice_01");
  const std::string session = (*detail)->sessions[0].id;
  const auto end = [&](UserId id) {
    return *world_.run(world_.user_admin->end_session(world_.root(), id, session, soon()));
  };
  ASSERT_EQ(refusal(user.token), "");
  EXPECT_FALSE(end(other.user.id));
  EXPECT_EQ(refusal(user.token), "");
  EXPECT_TRUE(end(user.user.id));
  EXPECT_EQ(refusal(user.token), chat::texts::kBadToken);
  EXPECT_FALSE(end(user.user.id));
  EXPECT_FALSE(world_.run(world_.user_admin->detail(UserId(4711), soon()))->has_value());
}

TEST_F(UserAdminTest, AUserIsMutedAndUnmuted) {
  const auto alice = world_.add_user("alice_01").user.id;
  const Time until = world_.clock.now() + std::chrono::hours(1);
  EXPECT_TRUE(*world_.run(world_.user_admin->mute(world_.root(), alice, until, soon())));
  EXPECT_EQ(world_.audit().at(0).action, "user.mute");
  EXPECT_EQ(world_.audit().at(0).manager_name, world_.root().manager.username);
  EXPECT_TRUE(*world_.run(world_.user_admin->mute(world_.root(), alice, std::nullopt, soon())));
  EXPECT_EQ(world_.audit().at(0).action, "user.unmute");
  EXPECT_FALSE(*world_.run(world_.user_admin->mute(world_.root(), UserId(99), until, soon())));
}

TEST_F(UserAdminTest, TheListIsSearchedInAnySpelling) {
  world_.add_user("alice_01");
  const auto bob = world_.add_user("bob_0001");
  world_.add_user("carol_01");
  EXPECT_EQ(list().total, 3);
  EXPECT_EQ(list().users.at(0).username, "carol_01");
  EXPECT_EQ(list({.keyword = "BOB", .role = {}, .status = {}}).users.at(0).id, bob.user.id);
  const auto by_id = list({.keyword = std::to_string(bob.user.id.value), .role = {}, .status = {}});
  EXPECT_EQ(by_id.users.at(0).id, bob.user.id);
  EXPECT_EQ(list({.keyword = "", .role = model::Role::kVisitor, .status = {}}).total, 0);
}

TEST_F(UserAdminTest, AnExportGoesThroughAllAndIsNoted) {
  for (int i = 0; i < 3; ++i) world_.add_user("alice_0" + std::to_string(i));
  const chat::UserAdmin::ListQuery query{
      .keyword = "alice", .role = {}, .status = UserStatus::kNormal};
  const auto step = world_.run(world_.user_admin->export_step(query, {}, soon()));
  ASSERT_TRUE(step.has_value());
  ASSERT_THAT(*step, SizeIs(3));
  EXPECT_EQ(step->at(0).username, "alice_02");
  const auto next = world_.run(world_.user_admin->export_step(query, step->at(1).id, soon()));
  ASSERT_THAT(*next, SizeIs(1));
  EXPECT_EQ(next->at(0).username, "alice_00");
  ASSERT_TRUE(world_.run(world_.user_admin->note_export(world_.root(), query, soon())).has_value());
  const auto entry = world_.audit({.action = "user.export"}).at(0);
  EXPECT_EQ(entry.after, R"({"keyword":"alice","status":1})");
  EXPECT_EQ(entry.manager, world_.root().manager.id);
}

}  // namespace
}  // namespace qn::test
