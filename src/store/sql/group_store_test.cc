#include "store/group_store.h"

#include <gmock/gmock.h>

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::run;
using test::soon;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Joining = GroupStore::Joining;

class GroupStoreTest : public test::StoreTest {
 protected:
  GroupStoreTest() : groups_(make_group_store(counting_)) {
    owner_ = create("owner");
    bob_ = create("bob");
    carol_ = create("carol");
    forget_cost();
  }

  FriendRowId befriend(UserId owner, UserId other, int black = 0, int status = 1) {
    EXPECT_TRUE(
        write("INSERT INTO goodfriend (user_id, friend_id, isblack, status, create_time, "
              "update_time) VALUES (" +
              std::to_string(owner.value) + ", " + std::to_string(other.value) + ", " +
              std::to_string(black) + ", " + std::to_string(status) + ", 0, 0)"));
    return FriendRowId(number("SELECT max(id) FROM goodfriend"));
  }

  NewGroup new_group(std::vector<UserId> members) {
    return {.uuid = "uuid-" + std::to_string(++made_),
            .owner = owner_,
            .name = "三人行",
            .avatar = "/a.png",
            .members = std::move(members),
            .groups_per_user = 500,
            .now = at(1)};
  }
  GroupId make(std::vector<UserId> members) {
    auto group = run(groups_->create(new_group(std::move(members)), soon()));
    EXPECT_TRUE(group && *group);
    forget_cost();
    return (*group)->id;
  }
  GroupStore::NewMember newcomer(GroupId group, UserId user, bool waits = false) {
    return {.group = group, .user = user, .waits = waits, .caps = caps_, .now = at(5)};
  }
  GroupStore::Joined join(GroupStore::NewMember member) {
    auto joined = run(groups_->join(member, soon()));
    EXPECT_TRUE(joined);
    return *joined;
  }
  GroupPlace place(GroupId group, UserId user) {
    auto found = run(groups_->find_place(group, user, soon()));
    EXPECT_TRUE(found && *found);
    return **found;
  }
  std::vector<UserId> members(GroupId group) {
    auto info = run(groups_->find_info(group, {}, soon()));
    std::vector<UserId> ids;
    for (const auto& member : (*info)->members) ids.push_back(member.member.user);
    return ids;
  }
  void set_avatar(UserId user, const std::string& avatar) {
    EXPECT_TRUE(run(users_->set_avatar(user, avatar, at(2), soon())));
  }

  std::unique_ptr<GroupStore> groups_;
  GroupCaps caps_{.members = 10, .groups_per_user = 10};
  UserId owner_, bob_, carol_;
  int made_ = 0;
};

TEST_F(GroupStoreTest, FoundersAreTheOwnersOwnNormalFriends) {
  const auto to_carol = befriend(owner_, carol_);
  const auto to_bob = befriend(owner_, bob_);
  const auto black = befriend(owner_, create("black"), 1);
  const auto locked = befriend(owner_, create("locked"), 0, 2);
  const auto foreign = befriend(bob_, carol_);
  forget_cost();
  const auto found = run(groups_->find_founders(
      owner_, {to_carol, to_bob, black, locked, foreign, FriendRowId(999)}, soon()));
  expect_cost(0, 2);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->owner.username, "owner");
  ASSERT_EQ((*found)->friends.size(), 2u);
  EXPECT_EQ((*found)->friends[0].id, bob_);
  EXPECT_EQ((*found)->friends[1].id, carol_);
}

TEST_F(GroupStoreTest, AGroupIsMadeWithItsMembersOwnerFirst) {
  const auto group = run(groups_->create(new_group({carol_, bob_}), soon()));
  expect_cost(3, 0);
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->name, "三人行");
  EXPECT_EQ((*group)->status, 1);
  EXPECT_EQ((*group)->create_time, at(1));
  EXPECT_THAT(members((*group)->id), ElementsAre(owner_, bob_, carol_));
}

TEST_F(GroupStoreTest, NobodyMakesMoreGroupsThanTheCap) {
  make({bob_});
  auto one_more = new_group({bob_});
  one_more.groups_per_user = 1;
  const auto refused = run(groups_->create(one_more, soon()));
  ASSERT_TRUE(refused);
  EXPECT_FALSE(*refused);
  EXPECT_EQ(number("SELECT count(*) FROM \"group\""), 1);
}

TEST_F(GroupStoreTest, APlaceTellsOfGroupUserAndMembership) {
  const GroupId group = make({bob_});
  const auto bobs = place(group, bob_);
  expect_cost(0, 1);
  EXPECT_TRUE(bobs.is_member());
  EXPECT_FALSE(bobs.is_owner());
  EXPECT_EQ(bobs.name(), "bob");
  EXPECT_FALSE(place(group, carol_).member);
  EXPECT_TRUE(place(group, owner_).is_owner());
  EXPECT_FALSE(*run(groups_->find_place(GroupId(99), bob_, soon())));
  EXPECT_FALSE(*run(groups_->find_place(group, UserId(99), soon())));
  remove(carol_, 3);
  EXPECT_FALSE(place(group, carol_).user.may_act);
}

TEST_F(GroupStoreTest, TheListHasTheNewestOpenGroupsOfAMember) {
  const GroupId first = make({bob_});
  const GroupId second = make({bob_});
  const GroupId disabled = make({bob_});
  make({carol_});
  ASSERT_TRUE(
      write("UPDATE \"group\" SET status = 0 WHERE id = " + std::to_string(disabled.value)));
  forget_cost();
  const auto all = run(groups_->list(bob_, 10, 0, soon()));
  expect_cost(0, 1);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].group.id, second);
  EXPECT_EQ((*all)[0].mine.user, bob_);
  const auto page = run(groups_->list(bob_, 1, 1, soon()));
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ((*page)[0].group.id, first);
}

// A group of 5,000 costs as many statements as one of three.
TEST_F(GroupStoreTest, InfoCostsTheSameForEveryGroup) {
  const GroupId group = make({bob_});
  ASSERT_TRUE(
      write("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
            "INSERT INTO \"user\" (uuid, username, username_key, password, userset, "
            "register_time, create_time, update_time) "
            "SELECT 'u' || i, 'm' || i, 'm' || i, '', '', 0, 0, 0 FROM n"));
  ASSERT_TRUE(write("INSERT INTO group_user (group_id, user_id, create_time, update_time) SELECT " +
                    std::to_string(group.value) + ", id, 0, 0 FROM \"user\" WHERE id > 3"));
  forget_cost();
  const auto info = run(groups_->find_info(group, bob_, soon()));
  expect_cost(0, 2);
  ASSERT_TRUE(info && *info);
  EXPECT_TRUE((*info)->is_member);
  EXPECT_EQ((*info)->members.size(), 302u);
  EXPECT_EQ((*info)->members[1].user.username, "bob");
  EXPECT_EQ((*info)->members[301].user.username, "m300");
}

// Defect S16.
TEST_F(GroupStoreTest, OutsidersSeeIdsOnly) {
  const GroupId group = make({bob_});
  const auto info = run(groups_->find_info(group, carol_, soon()));
  expect_cost(0, 2);
  EXPECT_FALSE((*info)->is_member);
  ASSERT_EQ((*info)->members.size(), 2u);
  EXPECT_EQ((*info)->members[1].member.user, bob_);
  EXPECT_TRUE((*info)->members[1].user.username.empty());
}

TEST_F(GroupStoreTest, WaitingMutedAndDeletedAreNoMembers) {
  const GroupId group = make({bob_, carol_});
  const UserId dave = create("dave");
  join(newcomer(group, dave, true));
  remove(carol_, 3);
  EXPECT_THAT(members(group), ElementsAre(owner_, bob_));
  ASSERT_TRUE(
      write("UPDATE group_user SET status = 0 WHERE user_id = " + std::to_string(bob_.value)));
  EXPECT_THAT(members(group), ElementsAre(owner_));
}

TEST_F(GroupStoreTest, OnlyTheOwnerOfAnOpenGroupChangesIt) {
  const GroupId group = make({bob_});
  const auto renamed = run(groups_->rename(group, owner_, "新名", at(9), soon()));
  expect_cost(2, 0);
  ASSERT_TRUE(renamed && *renamed);
  EXPECT_EQ((*renamed)->group.name, "新名");
  EXPECT_THAT((*renamed)->members, ElementsAre(owner_, bob_));
  EXPECT_FALSE(*run(groups_->rename(group, bob_, "x", at(9), soon())));
  EXPECT_FALSE(*run(groups_->set_remark(group, bob_, "x", at(9), soon())));
  EXPECT_FALSE(*run(groups_->set_policy(group, bob_, 1, at(9), soon())));
  forget_cost();
  EXPECT_TRUE(*run(groups_->set_policy(group, owner_, 1, at(9), soon())));
  expect_cost(1, 0);
  EXPECT_EQ(place(group, bob_).group.invite_confirm, 1);
  ASSERT_TRUE(write("UPDATE \"group\" SET status = 2"));
  EXPECT_FALSE(*run(groups_->set_policy(group, owner_, 0, at(9), soon())));
}

TEST_F(GroupStoreTest, MembersNameThemselves) {
  const GroupId group = make({bob_});
  EXPECT_TRUE(*run(groups_->set_nickname(group, bob_, "阿宝", at(9), soon())));
  expect_cost(1, 0);
  EXPECT_EQ(place(group, bob_).name(), "阿宝");
  EXPECT_FALSE(*run(groups_->set_nickname(group, carol_, "x", at(9), soon())));
}

TEST_F(GroupStoreTest, WhoJoinsIsAMemberOnce) {
  const GroupId group = make({bob_});
  set_avatar(carol_, "/carol.png");
  forget_cost();
  const auto joined = join(newcomer(group, carol_));
  expect_cost(7, 0);
  EXPECT_EQ(joined.outcome, Joining::kDone);
  EXPECT_THAT(joined.members, ElementsAre(owner_, bob_, carol_));
  EXPECT_EQ(place(group, carol_).group.avatar, "/a.png,/a.png,/carol.png");
  EXPECT_EQ(join(newcomer(group, carol_)).outcome, Joining::kAlreadyIn);
  EXPECT_EQ(join(newcomer(GroupId(99), carol_)).outcome, Joining::kNotPossible);
}

// Defect C13.
TEST_F(GroupStoreTest, OfManyCallsAtOnceOneIsDone) {
  const GroupId group = make({bob_});
  hold_writer();
  test::Together<Result<GroupStore::Joined>> calls;
  for (int i = 0; i < 8; ++i) calls.start(groups_->join(newcomer(group, carol_), soon()));
  release_writer();
  int done = 0;
  for (const auto& result : calls.finish()) {
    ASSERT_TRUE(result);
    if (result->outcome == Joining::kDone) ++done;
  }
  EXPECT_EQ(done, 1);
  EXPECT_EQ(number("SELECT count(*) FROM group_user"), 3);
}

// Defect X11.
TEST_F(GroupStoreTest, FullGroupsAndBusyUsersAreRefused) {
  const GroupId group = make({bob_});
  caps_.members = 2;
  EXPECT_EQ(join(newcomer(group, carol_)).outcome, Joining::kGroupFull);
  EXPECT_EQ(join(newcomer(group, bob_)).outcome, Joining::kAlreadyIn);
  caps_ = {.members = 10, .groups_per_user = 1};
  const GroupId other = make({});
  EXPECT_EQ(join(newcomer(other, bob_)).outcome, Joining::kTooManyGroups);
  EXPECT_EQ(join(newcomer(other, carol_, true)).outcome, Joining::kDone);
  caps_.members = 1;
  EXPECT_EQ(run(groups_->approve(newcomer(other, carol_), owner_, soon()))->outcome,
            Joining::kGroupFull);
}

TEST_F(GroupStoreTest, TheOwnerApprovesOrRefusesWhoWaits) {
  const GroupId group = make({bob_});
  EXPECT_THAT(join(newcomer(group, carol_, true)).members, IsEmpty());
  EXPECT_EQ(join(newcomer(group, carol_)).outcome, Joining::kAlreadyWaits);
  const auto approve = [&](UserId owner) {
    return *run(groups_->approve(newcomer(group, carol_), owner, soon()));
  };
  EXPECT_EQ(approve(bob_).outcome, Joining::kNotPossible);
  forget_cost();
  EXPECT_THAT(approve(owner_).members, ElementsAre(owner_, bob_, carol_));
  expect_cost(6, 0);
  EXPECT_EQ(approve(owner_).outcome, Joining::kNotPossible);

  const UserId dave = create("dave");
  join(newcomer(group, dave, true));
  EXPECT_FALSE(*run(groups_->refuse(group, bob_, dave, soon())));
  forget_cost();
  EXPECT_TRUE(*run(groups_->refuse(group, owner_, dave, soon())));
  expect_cost(1, 0);
  EXPECT_FALSE(*run(groups_->refuse(group, owner_, carol_, soon())));  // is in already
  EXPECT_FALSE(place(group, dave).member);
}

// Defect C24.
TEST_F(GroupStoreTest, WhoLeavesTakesTheirPictureAlong) {
  set_avatar(bob_, "/bob.png");
  const GroupId group = make({bob_, carol_});
  EXPECT_TRUE(*run(groups_->quit(group, bob_, at(9), soon())));
  expect_cost(3, 0);
  EXPECT_EQ(place(group, carol_).group.avatar, "/a.png,/a.png");
  EXPECT_FALSE(*run(groups_->quit(group, bob_, at(9), soon())));
}

TEST_F(GroupStoreTest, TheOwnerRemovesMembers) {
  const GroupId group = make({bob_, carol_});
  EXPECT_FALSE(*run(groups_->remove_member(group, bob_, carol_, at(9), soon())));
  forget_cost();
  EXPECT_TRUE(*run(groups_->remove_member(group, owner_, carol_, at(9), soon())));
  expect_cost(4, 0);
  EXPECT_TRUE(*run(groups_->remove_member(group, owner_, carol_, at(9), soon())));  // as before
  EXPECT_THAT(members(group), ElementsAre(owner_, bob_));
}

TEST_F(GroupStoreTest, PicturesAreThoseOfTheFirstNine) {
  const GroupId group = make({});
  caps_.members = 100;
  std::string expected = "/a.png";
  for (int i = 0; i < 12; ++i) {
    const UserId user = create("m" + std::to_string(i));
    set_avatar(user, "/" + std::to_string(i));
    join(newcomer(group, user));
    if (i < 8) expected += ",/" + std::to_string(i);
  }
  EXPECT_EQ(place(group, owner_).group.avatar, expected);
}

TEST_F(GroupStoreTest, DissolvingLeavesNothing) {
  const GroupId group = make({bob_});
  join(newcomer(group, carol_, true));
  EXPECT_FALSE(*run(groups_->dissolve(group, bob_, soon())));
  ASSERT_TRUE(write("UPDATE \"group\" SET status = 0"));
  forget_cost();
  const auto everybody = run(groups_->dissolve(group, owner_, soon()));
  expect_cost(2, 0);
  ASSERT_TRUE(everybody && *everybody);
  EXPECT_THAT(**everybody, ElementsAre(owner_, bob_, carol_));
  EXPECT_EQ(number("SELECT count(*) FROM group_user"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM \"group\""), 0);
}

}  // namespace
}  // namespace qn::store
