#include <gmock/gmock.h>

#include "support/group_world.h"

namespace qn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace texts = chat::texts;

class GroupsTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  std::string rename(const chat::Caller& caller, GroupId group, const std::string& name) {
    return world_.text_of(world_.groups.rename(caller, group, name, soon()));
  }
  std::string leave(const chat::Caller& caller, GroupId group) {
    return world_.text_of(world_.groups.leave(caller, group, soon()));
  }
  std::string create(const chat::Caller& caller, std::vector<FriendRowId> rows) {
    return world_.text_of(world_.groups.create(caller, std::move(rows), soon()));
  }

  GroupWorld world_;
  const chat::Caller alice_ = world_.add("alice_01", "爱丽丝");
  const chat::Caller bob_ = world_.add("bob_0001");
  const chat::Caller carol_ = world_.add("carol_01");
};

TEST_F(GroupsTest, TheNewGroupIsToldToAllMembers) {
  const auto to_bob = world_.befriend(alice_, bob_);
  EXPECT_EQ(create(alice_, {to_bob}), "ok");
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "group");
  EXPECT_THAT(told.to, ElementsAre(alice_.user, bob_.user));
  EXPECT_EQ(told.number("from_id"), alice_.user.value);
  EXPECT_EQ(told.text("from_name"), "爱丽丝");
  EXPECT_EQ(told.text("from_avatar"), GroupWorld::kDefaultPicture);
  EXPECT_EQ(told.text("to_name"), "爱丽丝、bob_0001");
  EXPECT_EQ(told.text("to_avatar"), std::string(GroupWorld::kDefaultPicture) + "," +
                                        std::string(GroupWorld::kDefaultPicture));
  EXPECT_EQ(told.text("chatType"), "group");
  EXPECT_EQ(told.text("type"), "systemNotice");
  EXPECT_EQ(told.said(), "爱丽丝创建了一个群，大家可以开始聊天了");
  EXPECT_EQ(told.number("create_time"), to_millis(world_.people.clock.now()));
  EXPECT_EQ(told.text("id").size(), 36u);
  const auto& group = told.object.at("group").as_object();
  EXPECT_EQ(group.at("id").as_int64(), told.number("to_id"));
  EXPECT_EQ(group.at("user_id").as_int64(), alice_.user.value);
  EXPECT_FALSE(told.object.contains("redirect"));
  EXPECT_FALSE(told.object.contains("msgidKey"));
}

TEST_F(GroupsTest, OnlyOwnNormalFriendsCanBeChosen) {
  const auto bobs_row = world_.befriend(bob_, carol_);
  EXPECT_EQ(create(alice_, {}), texts::kNobodyChosen);
  EXPECT_EQ(create(alice_, {bobs_row}), texts::kNobodyChosen);  // defect S17
  const auto to_bob = world_.befriend(alice_, bob_);
  world_.disable(bob_);
  EXPECT_EQ(create(alice_, {to_bob}), texts::kNobodyLeft);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(GroupsTest, LongNamesAreCutBetweenCharacters) {
  std::string faces;
  for (int i = 0; i < 15; ++i) faces += "😀";
  const auto smiling = world_.add("dave_001", faces);
  const auto long_named = world_.add("erin_001", std::string(29, 'e'));
  ASSERT_EQ(create(alice_, {world_.befriend(alice_, smiling), world_.befriend(alice_, long_named)}),
            "ok");
  // 3 + 1 + 30 + 1 + 15 UTF-16 units.
  EXPECT_EQ(world_.only_told().text("to_name"), "爱丽丝、" + faces + "、" + std::string(15, 'e'));
}

// Defect X11.
TEST_F(GroupsTest, GroupsHaveCaps) {
  GroupWorld small({.members = 2, .groups_per_user = 1});
  const auto owner = small.add("owner_01");
  const auto one = small.add("member_1");
  const auto two = small.add("member_2");
  const auto to_one = small.befriend(owner, one);
  const auto to_two = small.befriend(owner, two);
  EXPECT_EQ(small.text_of(small.groups.create(owner, {to_one, to_two}, soon())), texts::kGroupFull);
  EXPECT_EQ(small.text_of(small.groups.create(owner, {to_one}, soon())), "ok");
  EXPECT_EQ(small.text_of(small.groups.create(owner, {to_one}, soon())), texts::kTooManyGroups);
}

TEST_F(GroupsTest, RenamingIsToldToMembersWithTheOwnersNameInTheGroup) {
  const GroupId group = world_.create(alice_, {bob_, carol_});
  EXPECT_EQ(world_.text_of(world_.groups.set_nickname(alice_, group, "群主本人", soon())), "ok");
  world_.set_member_status(group, carol_, 0);  // defect C23
  EXPECT_EQ(rename(alice_, group, "周末爬山"), "ok");
  const auto told = world_.only_told();
  EXPECT_THAT(told.to, ElementsAre(alice_.user, bob_.user));
  EXPECT_EQ(told.text("from_name"), "群主本人");
  EXPECT_EQ(told.text("to_name"), "周末爬山");
  EXPECT_EQ(told.object.at("group").at("name").as_string(), "周末爬山");
  EXPECT_EQ(told.said(), "群名称修改为：周末爬山");
}

TEST_F(GroupsTest, TheNoticeIsToldAsWritten) {
  const GroupId group = world_.create(alice_, {bob_});
  EXPECT_EQ(world_.text_of(world_.groups.set_remark(alice_, group, "八点集合", soon())), "ok");
  const auto told = world_.only_told();
  EXPECT_EQ(told.said(), "[公告] \n\n 八点集合");
  EXPECT_EQ(told.object.at("group").at("remark").as_string(), "八点集合");
}

TEST_F(GroupsTest, WhatOwnersDoIsRefusedToOthers) {
  const GroupId group = world_.create(alice_, {bob_});
  auto& groups = world_.groups;
  EXPECT_EQ(rename(bob_, group, "x"), texts::kOnlyOwnerRenames);
  EXPECT_EQ(rename(alice_, GroupId(99), "x"), texts::kOnlyOwnerRenames);
  EXPECT_EQ(world_.text_of(groups.set_remark(bob_, group, "x", soon())), texts::kOnlyOwnerRemarks);
  EXPECT_EQ(world_.text_of(groups.set_policy(bob_, group, 1, soon())), texts::kNoGroupToManage);
  EXPECT_EQ(world_.text_of(groups.remove_member(bob_, group, alice_.user, soon())),
            texts::kOnlyOwnerActs);
  EXPECT_EQ(world_.text_of(groups.judge(bob_, group, carol_.user, chat::Verdict::kAgree, soon())),
            texts::kNoGroupToManage);
  EXPECT_EQ(world_.text_of(groups.set_nickname(carol_, group, "x", soon())),
            texts::kNotMemberToRename);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

// Defect C18.
TEST_F(GroupsTest, AnOwnerWhoCannotTellTheMembersChangesNothing) {
  const GroupId group = world_.create(alice_, {bob_});
  world_.execute("DELETE FROM group_user WHERE user_id = " + std::to_string(alice_.user.value));
  EXPECT_EQ(rename(alice_, group, "新名"), texts::kCannotTell);
  EXPECT_EQ(world_.text_of(world_.groups.set_remark(alice_, group, "x", soon())),
            texts::kCannotTell);
  EXPECT_EQ(world_.place(group, bob_).group.name, "爱丽丝、bob_0001");
}

TEST_F(GroupsTest, DisabledGroupsAreClosedButCanBeLeft) {
  const GroupId group = world_.create(alice_, {bob_, carol_});
  world_.execute("UPDATE \"group\" SET status = 0");
  EXPECT_EQ(world_.text_of(world_.groups.info(bob_, group, soon())), texts::kNoGroupToRead);
  EXPECT_EQ(rename(alice_, group, "x"), texts::kOnlyOwnerRenames);
  EXPECT_EQ(world_.text_of(world_.access.group_to_post(bob_, group, soon())),
            texts::kNoGroupToPost);
  EXPECT_EQ(leave(bob_, group), "ok");
  EXPECT_EQ(leave(alice_, group), "ok");
}

TEST_F(GroupsTest, MembersPost) {
  const GroupId group = world_.create(alice_, {bob_});
  EXPECT_EQ(world_.text_of(world_.access.group_to_post(bob_, group, soon())), "ok");
  EXPECT_EQ(world_.text_of(world_.access.group_to_post(carol_, group, soon())),
            texts::kNotMemberToPost);
  world_.execute("UPDATE group_user SET status = 0 WHERE user_id = " +
                 std::to_string(bob_.user.value));
  EXPECT_EQ(world_.text_of(world_.access.group_to_post(bob_, group, soon())),
            texts::kNotMemberToPost);
  EXPECT_EQ(world_.text_of(world_.access.group_to_post(bob_, GroupId(99), soon())),
            texts::kNoGroupToPost);
}

TEST_F(GroupsTest, QuittingIsToldToTheOwnerOnly) {
  const GroupId group = world_.create(alice_, {bob_});
  world_.people.clock.set(time_from_millis(1'759'540'200'000));
  EXPECT_EQ(leave(bob_, group), "ok");
  const auto told = world_.only_told();
  EXPECT_EQ(told.kind, "notice");
  EXPECT_THAT(told.to, ElementsAre(alice_.user));
  EXPECT_EQ(told.number("from_id"), bob_.user.value);
  EXPECT_EQ(told.said(), "bob_0001于 2025-10-04 09:10:00 已退出群聊");  // defect C31
  EXPECT_EQ(told.number("to_id"), group.value);
  EXPECT_EQ(world_.place(group, alice_).group.avatar, GroupWorld::kDefaultPicture);  // defect C24
  EXPECT_EQ(leave(bob_, group), texts::kNotMemberToLeave);
  EXPECT_EQ(leave(bob_, GroupId(99)), texts::kNoGroup);
}

TEST_F(GroupsTest, DissolvingIsToldToEverybody) {
  const GroupId group = world_.create(alice_, {bob_});
  world_.people.clock.set(time_from_millis(1'759'540'200'000));
  EXPECT_EQ(leave(alice_, group), "ok");
  const auto told = world_.only_told();
  EXPECT_THAT(told.to, ElementsAre(alice_.user, bob_.user));
  EXPECT_EQ(told.said(), "群主于 2025-10-04 09:10:00 解散了该群");
  EXPECT_EQ(told.object.at("group").at("id").as_int64(), group.value);
  EXPECT_EQ(leave(alice_, group), texts::kNoGroup);
  EXPECT_EQ(world_.number("SELECT count(*) FROM group_user"), 0);
}

// Who waits is no member of the conversation and is told on his own.
TEST_F(GroupsTest, DissolvingIsToldToWhoWaits) {
  const GroupId group = world_.create(alice_, {bob_});
  EXPECT_EQ(world_.text_of(world_.groups.set_policy(alice_, group, 1, soon())), "ok");
  const chat::Invitation invitation{.group = group, .user = carol_.user, .inviter = -1};
  EXPECT_EQ(world_.text_of(world_.groups.invite(carol_, invitation, soon())), "ok");
  world_.log.take();
  EXPECT_EQ(leave(alice_, group), "ok");
  const auto told = world_.log.take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].kind, "group");
  EXPECT_THAT(told[0].to, ElementsAre(alice_.user, bob_.user));
  EXPECT_EQ(told[1].kind, "notice");
  EXPECT_THAT(told[1].to, ElementsAre(carol_.user));
  EXPECT_EQ(told[0].object, told[1].object);
}

// What is said to a group one has left, or before one came, is not for one.
TEST_F(GroupsTest, MembersGetWhatIsSaidWhileTheyAreIn) {
  const GroupId group = world_.create(alice_, {bob_, carol_});
  EXPECT_EQ(leave(bob_, group), "ok");
  world_.log.take();
  EXPECT_EQ(rename(alice_, group, "二人"), "ok");
  EXPECT_THAT(world_.only_told().to, ElementsAre(alice_.user, carol_.user));
}

TEST_F(GroupsTest, RemovingSomebodyIsToldToNobody) {
  const GroupId group = world_.create(alice_, {bob_, carol_});
  auto& groups = world_.groups;
  EXPECT_EQ(world_.text_of(groups.remove_member(alice_, group, alice_.user, soon())),
            texts::kOwnerStays);
  EXPECT_EQ(world_.text_of(groups.remove_member(alice_, group, bob_.user, soon())), "ok");
  EXPECT_FALSE(world_.place(group, bob_).member);
  EXPECT_THAT(world_.log.take(), IsEmpty());
}

TEST_F(GroupsTest, ListsArePagedAndCapped) {
  for (int i = 0; i < 3; ++i) {
    world_.execute("DELETE FROM goodfriend");
    world_.create(alice_, {bob_});
  }
  const auto page = [&](std::int64_t number, std::int64_t limit) {
    return world_.run(world_.groups.list(bob_, number, limit, soon()))->size();
  };
  EXPECT_EQ(page(1, 30), 3u);
  EXPECT_EQ(page(2, 2), 1u);
  EXPECT_EQ(page(1, -5), 1u);  // defect C21
  EXPECT_EQ(page(10'000'000'000'000'000, 200), 0u);
}

}  // namespace
}  // namespace qn::test
