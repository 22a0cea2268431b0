#include <gmock/gmock.h>

#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ManagerServiceTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  template <class T>
  static std::string text_of(const Result<T>& result) {
    return result.has_value() ? "ok" : result.error().text;
  }
  static chat::NewAdmin admin(const std::string& name, const std::string& password = "123456") {
    chat::NewAdmin admin;
    admin.username = name;
    admin.password = password;
    return admin;
  }
  std::string create(const chat::Operator& op, const chat::NewAdmin& admin) {
    return text_of(world_.run(world_.managers->create(op, admin, soon())));
  }
  std::string update(const chat::Operator& op, ManagerId id, chat::ManagerService::Edit edit) {
    return text_of(world_.run(world_.managers->update(op, id, std::move(edit), soon())));
  }
  std::string set_enabled(const chat::Operator& op, ManagerId id, bool enabled) {
    return text_of(world_.run(world_.managers->set_enabled(op, id, enabled, soon())));
  }
  std::string remove(const chat::Operator& op, ManagerId id) {
    return text_of(world_.run(world_.managers->remove(op, id, soon())));
  }
  std::string set_up(const std::string& token, const chat::NewAdmin& admin) {
    return text_of(
        world_.run(world_.managers->set_up(token, admin, {"192.0.2.5", "browser"}, soon())));
  }
  std::string log_in(const std::string& name, const std::string& password = "123456") {
    return text_of(world_.run(world_.console->login(name, password, {"192.0.2.1", ""}, soon())));
  }
  std::optional<model::Manager> row(ManagerId id) {
    const auto found = world_.run(world_.manager_rows->find(id, soon()));
    EXPECT_TRUE(found.has_value());
    return *found;
  }
  ManagerId id_of(const std::string& name) {
    const auto found = world_.run(world_.manager_rows->find_credentials(name, soon()));
    return found.has_value() && *found ? (*found)->manager.id : ManagerId();
  }

  ChatWorld world_;
};

TEST_F(ManagerServiceTest, TheSetUpLinkMakesOneSuperManager) {
  const std::string token(ChatWorld::kSetupToken);
  EXPECT_TRUE(*world_.run(world_.managers->is_empty(soon())));
  EXPECT_TRUE(*world_.run(world_.managers->may_set_up(token, soon())));
  EXPECT_FALSE(*world_.run(world_.managers->may_set_up("another", soon())));
  EXPECT_FALSE(*world_.run(world_.managers->may_set_up("", soon())));
  EXPECT_EQ(set_up("another", admin("root")), chat::texts::kSetupLinkUsed);
  EXPECT_EQ(set_up(token, admin("root", "short")), "密码须为 6 到 64 个字符");
  EXPECT_EQ(set_up(token, admin(" root")), "账号须为 1 到 30 个字符，首尾不能有空格");
  EXPECT_EQ(set_up(token, admin("root")), "ok");
  EXPECT_EQ(set_up(token, admin("second")), chat::texts::kSetupLinkUsed);
  EXPECT_FALSE(*world_.run(world_.managers->may_set_up(token, soon())));
  EXPECT_FALSE(*world_.run(world_.managers->is_empty(soon())));
  EXPECT_TRUE(row(id_of("root"))->super);
  EXPECT_EQ(log_in("root"), "ok");
  const auto entry = world_.audit({.action = "manager.create"}).at(0);
  EXPECT_FALSE(entry.manager);
  EXPECT_EQ(entry.manager_name, "/admin/setup");
  EXPECT_EQ(entry.address, "192.0.2.5");
}

// Defect D-10: the first-run page counted, then inserted.
TEST_F(ManagerServiceTest, TheSetUpLinkIsNothingWhenThereIsAManager) {
  world_.add_operator("lisi", false);
  EXPECT_EQ(set_up(std::string(ChatWorld::kSetupToken), admin("root")),
            chat::texts::kSetupLinkUsed);
}

TEST_F(ManagerServiceTest, ASuperManagerCreatesOrdinaryOnes) {
  chat::NewAdmin ordinary = admin("ordinary");
  ordinary.menu_ids = {1, 2, 28, 29};
  EXPECT_EQ(create(world_.root(), ordinary), "ok");
  const auto made = row(id_of("ordinary"));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->super);  // defect D-08
  EXPECT_TRUE(made->enabled);
  EXPECT_THAT(made->menu_ids, ElementsAre(1, 2, 28, 29));
  EXPECT_EQ(log_in("ordinary"), "ok");
  EXPECT_EQ(world_.audit({.action = "manager.create"}).at(0).manager_name, "root");
}

TEST_F(ManagerServiceTest, CreatingIsRefusedWithATextForEachReason) {
  const auto lisi = world_.add_operator("lisi", false);
  EXPECT_EQ(create(lisi, admin("new")), "您无权操作此项功能");
  EXPECT_EQ(create(world_.root(), admin("LiSi")), "该管理员账号已存在");
  EXPECT_EQ(create(world_.root(), admin("new", "12345")), "密码须为 6 到 64 个字符");
  EXPECT_EQ(create(world_.root(), admin(std::string(31, 'x'))),
            "账号须为 1 到 30 个字符，首尾不能有空格");
  EXPECT_EQ(create(world_.root(), admin("a\nb")), "账号须为 1 到 30 个字符，首尾不能有空格");
  chat::NewAdmin bad = admin("new");
  bad.avatar = "javascript:x";
  EXPECT_EQ(create(world_.root(), bad), "头像地址不合法");
  EXPECT_FALSE(id_of("new"));
}

TEST_F(ManagerServiceTest, HostileNamesAreJustNames) {
  std::string marks = "z";
  for (int i = 0; i < 1'000; ++i) marks += "\u0315";
  EXPECT_EQ(create(world_.root(), admin(marks)), "账号须为 1 到 30 个字符，首尾不能有空格");
  for (const char* name :
       {"%", "_", "\\", "';--", "<b>", "\u202eabc", "\U0001F468\u200d\U0001F469"}) {
    EXPECT_EQ(create(world_.root(), admin(name)), "ok") << name;
    EXPECT_EQ(log_in(name), "ok") << name;
  }
}

TEST_F(ManagerServiceTest, AnOrdinaryManagerSeesOnlyItself) {
  const auto lisi = world_.add_operator("lisi", false);
  const auto& root = world_.root();
  const auto all = world_.run(world_.managers->list(root, 10, 0, soon()));
  EXPECT_EQ(all->total, 2);
  EXPECT_THAT(all->managers, SizeIs(2));
  const auto own = world_.run(world_.managers->list(lisi, 10, 0, soon()));
  EXPECT_EQ(own->total, 1);
  EXPECT_EQ(own->managers.at(0).username, "lisi");
  EXPECT_TRUE(*world_.run(world_.managers->find(lisi, lisi.manager.id, soon())));
  EXPECT_EQ(text_of(world_.run(world_.managers->find(lisi, root.manager.id, soon()))),
            "您无权操作此项功能");
  EXPECT_TRUE(*world_.run(world_.managers->find(root, lisi.manager.id, soon())));
  EXPECT_FALSE(*world_.run(world_.managers->find(root, ManagerId(4711), soon())));
}

// Defect D-09: it could give itself any menu.
TEST_F(ManagerServiceTest, AnOrdinaryManagerEditsItselfButNotItsRights) {
  const auto lisi = world_.add_operator("lisi", false);
  EXPECT_EQ(update(lisi, lisi.manager.id, {"lisi2", "", "/public/a.png", std::vector<int>{1, 29}}),
            "ok");
  const auto after = row(lisi.manager.id);
  EXPECT_EQ(after->username, "lisi2");
  EXPECT_EQ(after->avatar, "/public/a.png");
  EXPECT_THAT(after->menu_ids, IsEmpty());
  EXPECT_EQ(update(lisi, world_.root().manager.id, {"root", "", "", {}}), "您无权操作此项功能");
  EXPECT_EQ(update(lisi, ManagerId(4711), {"x", "", "", {}}), "您无权操作此项功能");
}

TEST_F(ManagerServiceTest, ASuperManagerEditsAll) {
  const auto lisi = world_.add_operator("lisi", false);
  const ManagerId id = lisi.manager.id;
  const auto& root = world_.root();
  EXPECT_EQ(update(root, id, {"lisi", "", "", std::vector<int>{28, 29}}), "ok");
  EXPECT_THAT(row(id)->menu_ids, ElementsAre(28, 29));
  EXPECT_EQ(update(root, id, {"LISI", "", "", {}}), "ok") << "another spelling of its name";
  EXPECT_THAT(row(id)->menu_ids, ElementsAre(28, 29)) << "not given: stays";
  EXPECT_EQ(update(root, id, {"Root", "", "", {}}), "该管理员账号已经存在，不能修改成该管理员账号");
  EXPECT_EQ(update(root, ManagerId(4711), {"x", "", "", {}}), "该管理员记录不存在");
  EXPECT_EQ(update(root, id, {"", "", "", {}}), "账号须为 1 到 30 个字符，首尾不能有空格");
  EXPECT_EQ(update(root, id, {"lisi", "12345", "", {}}), "密码须为 6 到 64 个字符");
  EXPECT_EQ(update(root, id, {"lisi", "", "x.png", {}}), "头像地址不合法");
}

TEST_F(ManagerServiceTest, ANewPasswordEndsTheOtherSessionsOfThatManager) {
  const auto lisi = world_.add_operator("lisi", false);
  const auto cookie =
      world_.run(world_.console->login("lisi", "123456", {"192.0.2.1", ""}, soon()));
  const auto is_in = [&] {
    return world_.run(world_.console->authenticate(*cookie, {}, soon()))->has_value();
  };
  ASSERT_TRUE(is_in());
  EXPECT_EQ(update(lisi, lisi.manager.id, {"lisi", "654321", "", {}}), "ok");
  EXPECT_FALSE(is_in());
  const auto own =
      world_.run(world_.manager_rows->find_session(lisi.session, world_.clock.now(), soon()));
  EXPECT_TRUE(own->has_value()) << "the one that changed it stays";
  EXPECT_EQ(log_in("lisi"), "密码错误");
  EXPECT_EQ(update(world_.root(), lisi.manager.id, {"lisi", "abcdef", "", {}}), "ok");
  const auto after =
      world_.run(world_.manager_rows->find_session(lisi.session, world_.clock.now(), soon()));
  EXPECT_FALSE(after->has_value()) << "somebody else changed it";
  EXPECT_EQ(log_in("lisi", "abcdef"), "ok");
}

TEST_F(ManagerServiceTest, OnlyASuperManagerDisables) {
  const auto lisi = world_.add_operator("lisi", false);
  const auto& root = world_.root();
  EXPECT_EQ(set_enabled(lisi, lisi.manager.id, false), "您无权操作此项功能");
  EXPECT_EQ(set_enabled(root, lisi.manager.id, false), "ok");
  EXPECT_EQ(log_in("lisi"), "管理员不存在或者被禁用");
  EXPECT_EQ(set_enabled(root, lisi.manager.id, false), "ok") << "again";
  EXPECT_EQ(set_enabled(root, lisi.manager.id, true), "ok");
  EXPECT_EQ(log_in("lisi"), "ok");
  EXPECT_EQ(set_enabled(root, ManagerId(4711), true), "数据不存在");
}

TEST_F(ManagerServiceTest, AnOrdinaryManagerRemovesOnlyItself) {
  const auto lisi = world_.add_operator("lisi", false);
  const auto zhang = world_.add_operator("zhang", false);
  EXPECT_EQ(remove(lisi, zhang.manager.id), "您无权操作此项功能");
  EXPECT_EQ(remove(lisi, lisi.manager.id), "ok");
  EXPECT_EQ(remove(world_.root(), zhang.manager.id), "ok");
  EXPECT_EQ(remove(world_.root(), zhang.manager.id), "该管理员不存在");
  EXPECT_EQ(log_in("lisi"), "管理员不存在或者被禁用");
}

TEST_F(ManagerServiceTest, TheLastSuperManagerStays) {
  const auto& root = world_.root();
  EXPECT_EQ(remove(root, root.manager.id), "至少要保留一位启用的超级管理员");
  EXPECT_EQ(set_enabled(root, root.manager.id, false), "至少要保留一位启用的超级管理员");
  const auto second = world_.add_operator("second", true);
  EXPECT_EQ(remove(second, root.manager.id), "ok");
  EXPECT_EQ(remove(second, second.manager.id), "至少要保留一位启用的超级管理员");
}

}  // namespace
}  // namespace qn::test
