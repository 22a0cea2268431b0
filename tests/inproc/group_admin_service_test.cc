#include <gmock/gmock.h>

#include "chat/group_admin.h"
#include "store/group_admin_store.h"
#include "support/group_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GroupAdminTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  const chat::Operator& root() { return world_.people.root(); }
  template <class T>
  T done(Task<Result<T>> task) {
    const auto result = world_.run(std::move(task));
    EXPECT_TRUE(result);
    return result ? *result : T();
  }

  GroupWorld world_;
  std::unique_ptr<store::GroupAdminStore> rows_ = store::make_group_admin_store(*world_.people.db);
  chat::GroupAdmin admin_{*rows_, &wire::write_message, world_.people.random, world_.people.clock,
                          std::chrono::minutes(480)};
  const chat::Caller owner_ = world_.add("owner_01", "群主");
  const chat::Caller bob_ = world_.add("bob_0001");
  const GroupId group_ = world_.create(owner_, {bob_});
};

TEST_F(GroupAdminTest, ANoticeIsToldLikeTheOwners) {
  EXPECT_TRUE(done(admin_.set_remark(root(), group_, "请遵守规则", soon())));
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "group");
  EXPECT_THAT(told.to, ElementsAre(owner_.user, bob_.user));
  EXPECT_EQ(told.said(), "[公告] \n\n 请遵守规则");
  EXPECT_EQ(told.number("from_id"), owner_.user.value);
  EXPECT_EQ(told.text("from_name"), "群主");
  EXPECT_FALSE(done(admin_.set_remark(root(), GroupId(99), "x", soon())));
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(GroupAdminTest, TheEndIsToldToMembersAndToWhoIsShutOut) {
  const auto carol = world_.add("carol_01");
  world_.befriend(owner_, carol);
  const chat::Invitation invitation{
      .group = group_, .user = carol.user, .inviter = owner_.user.value};
  EXPECT_EQ(world_.text_of(world_.groups.invite(owner_, invitation, soon())), "ok");
  world_.set_member_status(group_, carol, 0);
  world_.log.take();
  world_.people.clock.set(time_from_millis(1'759'540'200'000));
  EXPECT_TRUE(done(admin_.dissolve(root(), group_, soon())));
  const auto told = world_.log.take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[0].to, ElementsAre(owner_.user, bob_.user));
  EXPECT_EQ(told[0].said(), "群主于 2025-10-04 09:10:00 解散了该群");
  EXPECT_EQ(told[1].kind, "notice");
  EXPECT_THAT(told[1].to, ElementsAre(carol.user));
  EXPECT_FALSE(done(admin_.dissolve(root(), group_, soon())));
}

TEST_F(GroupAdminTest, AMemberIsMutedAndUnmuted) {
  const Time until = world_.people.clock.now() + std::chrono::hours(1);
  EXPECT_TRUE(done(admin_.mute_member(root(), group_, bob_.user, until, soon())));
  EXPECT_EQ(world_.people.audit().at(0).action, "group.mute");
  EXPECT_EQ(world_.people.audit().at(0).manager_name, root().manager.username);
  EXPECT_TRUE(done(admin_.mute_member(root(), group_, bob_.user, std::nullopt, soon())));
  EXPECT_EQ(world_.people.audit().at(0).action, "group.unmute");
  EXPECT_FALSE(done(admin_.mute_member(root(), group_, UserId(99), until, soon())));
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

}  // namespace
}  // namespace qn::test
