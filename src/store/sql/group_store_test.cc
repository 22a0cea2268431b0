#include "store/group_store.h"

#include <gmock/gmock.h>

#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::ConversationKey;
using test::at;
using test::run;
using test::soon;
using test::telling;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Joining = GroupStore::Joining;
using NewMember = GroupStore::NewMember;
using Outsiders = GroupStore::Outsiders;

class GroupStoreTest : public test::LogTest {
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
  Result<std::optional<model::Group>> create_group(NewGroup group) {
    Tell<model::Group> founded = [](const model::Group& made) {
      return std::vector<Addressed>{{ConversationKey::group(made.id), test::notice("founded")}};
    };
    return run(groups_->create(std::move(group), std::move(founded), soon()));
  }
  GroupId make(std::vector<UserId> members) {
    auto group = create_group(new_group(std::move(members)));
    EXPECT_TRUE(group && *group);
    forget_cost();
    return (*group)->id;
  }
  NewMember newcomer(GroupId group, UserId user, bool waits = false) {
    return {.group = group, .user = user, .waits = waits, .caps = caps_, .now = at(5)};
  }
  // Members hear of who comes and the owner of who waits or goes.
  Joining join(NewMember member) {
    const auto to =
        member.waits ? ConversationKey::notice(owner_) : ConversationKey::group(member.group);
    auto joined = run(
        groups_->join(member, telling<NewMember>(to, member.waits ? "asks" : "joined"), soon()));
    EXPECT_TRUE(joined);
    return *joined;
  }
  Joining approve(NewMember member, UserId owner) {
    const auto to = ConversationKey::group(member.group);
    auto joined = run(groups_->approve(member, owner, telling<NewMember>(to, "approved"), soon()));
    EXPECT_TRUE(joined);
    return *joined;
  }
  Result<bool> rename(GroupId group, UserId owner, const std::string& name) {
    Tell<model::Group> renamed = [](const model::Group& g) {
      return std::vector<Addressed>{{ConversationKey::group(g.id), test::notice("now " + g.name)}};
    };
    return run(groups_->rename(group, owner, name, at(9), std::move(renamed), soon()));
  }
  Result<bool> set_remark(GroupId group, UserId owner) {
    auto remarked = telling<model::Group>(ConversationKey::group(group), "remarked");
    return run(groups_->set_remark(group, owner, "x", at(9), std::move(remarked), soon()));
  }
  Result<bool> quit(GroupId group, UserId user) {
    Tell<model::Member> gone = [this](const model::Member& was) {
      const std::string body = was.nickname + " gone, was " + std::to_string(was.status);
      return std::vector<Addressed>{{ConversationKey::notice(owner_), test::notice(body)}};
    };
    return run(groups_->quit(group, user, at(9), std::move(gone), soon()));
  }
  Result<bool> dissolve(GroupId group, UserId owner) {
    Tell<Outsiders> ended = [group](const Outsiders& outsiders) {
      std::vector<Addressed> all{{ConversationKey::group(group), test::notice("ended")}};
      for (const UserId user : outsiders) {
        all.push_back({ConversationKey::notice(user), test::notice("ended")});
      }
      return all;
    };
    return run(groups_->dissolve(group, owner, std::move(ended), soon()));
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
  const auto group = create_group(new_group({carol_, bob_}));
  expect_cost(3 + test::kTellNewGroup, 0);
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->name, "三人行");
  EXPECT_EQ((*group)->status, 1);
  EXPECT_EQ((*group)->create_time, at(1));
  EXPECT_THAT(members((*group)->id), ElementsAre(owner_, bob_, carol_));
  for (const UserId user : {owner_, bob_, carol_}) {
    EXPECT_THAT(missed(user), ElementsAre("founded"));
  }
}

TEST_F(GroupStoreTest, NobodyMakesMoreGroupsThanTheCap) {
  make({bob_});
  auto one_more = new_group({bob_});
  one_more.groups_per_user = 1;
  const auto refused = create_group(one_more);
  ASSERT_TRUE(refused);
  EXPECT_FALSE(*refused);
  EXPECT_EQ(number("SELECT count(*) FROM \"group\""), 1);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 1);
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
  EXPECT_TRUE(*rename(group, owner_, "新名"));
  expect_cost(1 + test::kTellGroup, 0);
  EXPECT_EQ(place(group, bob_).group.name, "新名");
  EXPECT_FALSE(*rename(group, bob_, "x"));
  EXPECT_FALSE(*set_remark(group, bob_));
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "now 新名"));
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
  EXPECT_EQ(join(newcomer(group, carol_)), Joining::kDone);
  expect_cost(12 + test::kTellGroup, 0);
  EXPECT_THAT(members(group), ElementsAre(owner_, bob_, carol_));
  EXPECT_THAT(missed(carol_), ElementsAre("joined")) << "nothing from before";
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "joined"));
  EXPECT_EQ(place(group, carol_).group.avatar, "/a.png,/a.png,/carol.png");
  EXPECT_EQ(join(newcomer(group, carol_)), Joining::kAlreadyIn);
  EXPECT_EQ(join(newcomer(GroupId(99), carol_)), Joining::kNotPossible);
  EXPECT_EQ(number("SELECT count(*) FROM message"), 2) << "who does not join is not told of";
}

// Defect C13.
TEST_F(GroupStoreTest, OfManyCallsAtOnceOneIsDone) {
  const GroupId group = make({bob_});
  hold_writer();
  test::Together<Result<Joining>> calls;
  for (int i = 0; i < 8; ++i) {
    auto told = telling<NewMember>(ConversationKey::group(group), "joined");
    calls.start(groups_->join(newcomer(group, carol_), std::move(told), soon()));
  }
  release_writer();
  int done = 0;
  for (const auto& result : calls.finish()) {
    ASSERT_TRUE(result);
    if (*result == Joining::kDone) ++done;
  }
  EXPECT_EQ(done, 1);
  EXPECT_EQ(number("SELECT count(*) FROM group_user"), 3);
  EXPECT_THAT(missed(carol_), ElementsAre("joined"));
}

// Defect X11.
TEST_F(GroupStoreTest, FullGroupsAndBusyUsersAreRefused) {
  const GroupId group = make({bob_});
  caps_.members = 2;
  EXPECT_EQ(join(newcomer(group, carol_)), Joining::kGroupFull);
  EXPECT_EQ(join(newcomer(group, bob_)), Joining::kAlreadyIn);
  caps_ = {.members = 10, .groups_per_user = 1};
  const GroupId other = make({});
  EXPECT_EQ(join(newcomer(other, bob_)), Joining::kTooManyGroups);
  EXPECT_EQ(join(newcomer(other, carol_, true)), Joining::kDone);
  caps_.members = 1;
  EXPECT_EQ(approve(newcomer(other, carol_), owner_), Joining::kGroupFull);
}

TEST_F(GroupStoreTest, TheOwnerApprovesOrRefusesWhoWaits) {
  const GroupId group = make({bob_});
  forget_cost();
  EXPECT_EQ(join(newcomer(group, carol_, true)), Joining::kDone);
  expect_cost(4 + test::kTellNewUser, 0);
  EXPECT_EQ(join(newcomer(group, carol_)), Joining::kAlreadyWaits);
  EXPECT_THAT(missed(owner_), ElementsAre("founded", "asks"));
  EXPECT_THAT(missed(carol_), IsEmpty());
  EXPECT_EQ(approve(newcomer(group, carol_), bob_), Joining::kNotPossible);
  forget_cost();
  EXPECT_EQ(approve(newcomer(group, carol_), owner_), Joining::kDone);
  expect_cost(11 + test::kTellGroup, 0);
  EXPECT_THAT(members(group), ElementsAre(owner_, bob_, carol_));
  EXPECT_THAT(missed(carol_), ElementsAre("approved"));
  EXPECT_EQ(approve(newcomer(group, carol_), owner_), Joining::kNotPossible);

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
  EXPECT_TRUE(*quit(group, bob_));
  expect_cost(9 + test::kTellNewUser, 0);
  EXPECT_EQ(place(group, carol_).group.avatar, "/a.png,/a.png");
  EXPECT_FALSE(*quit(group, bob_));
}

TEST_F(GroupStoreTest, WhoLeavesGetsWhatWasSaidUntilThen) {
  const GroupId group = make({bob_, carol_});
  EXPECT_TRUE(*run(groups_->set_nickname(group, bob_, "阿宝", at(9), soon())));
  EXPECT_TRUE(*quit(group, bob_));
  EXPECT_TRUE(*run(groups_->remove_member(group, owner_, carol_, at(9), soon())));
  EXPECT_TRUE(*rename(group, owner_, "two"));
  EXPECT_THAT(missed(bob_), ElementsAre("founded"));
  EXPECT_THAT(missed(carol_), ElementsAre("founded")) << "nothing is told of a removal";
  EXPECT_THAT(missed(owner_), ElementsAre("founded", "阿宝 gone, was 1", "now two"));
  EXPECT_THAT(*announced_.back().members, ElementsAre(owner_));
}

TEST_F(GroupStoreTest, TheOwnerRemovesMembers) {
  const GroupId group = make({bob_, carol_});
  EXPECT_FALSE(*run(groups_->remove_member(group, bob_, carol_, at(9), soon())));
  forget_cost();
  EXPECT_TRUE(*run(groups_->remove_member(group, owner_, carol_, at(9), soon())));
  expect_cost(10, 0);
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
  EXPECT_FALSE(*dissolve(group, bob_));
  ASSERT_TRUE(write("UPDATE \"group\" SET status = 0"));
  forget_cost();
  EXPECT_TRUE(*dissolve(group, owner_));
  expect_cost(8 + test::kTellGroup + test::kTellNewUser, 0);
  EXPECT_THAT(missed(owner_), ElementsAre("founded", "asks", "ended"));
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "ended"));
  EXPECT_THAT(missed(carol_), ElementsAre("ended")) << "who only waited";
  EXPECT_EQ(number("SELECT count(*) FROM member JOIN conversation ON kind = 'group' AND "
                   "conversation.id = conversation_id WHERE left_seq IS NULL"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM group_user"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM \"group\""), 0);
}

// The change and what is told of it are one: whichever fails takes the other along.
TEST_F(GroupStoreTest, AFailedChangeIsNotToldOfAndAnUntoldOneDoesNotHappen) {
  const GroupId group = make({bob_});
  must("CREATE TRIGGER no_message BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_FALSE(create_group(new_group({carol_})));
  EXPECT_FALSE(rename(group, owner_, "x"));
  EXPECT_FALSE(
      run(groups_->join(newcomer(group, carol_),
                        telling<NewMember>(ConversationKey::group(group), "joined"), soon())));
  EXPECT_FALSE(quit(group, bob_));
  EXPECT_FALSE(dissolve(group, owner_));
  EXPECT_EQ(number("SELECT count(*) FROM \"group\""), 1);
  EXPECT_EQ(place(group, bob_).group.name, "三人行");
  EXPECT_THAT(members(group), ElementsAre(owner_, bob_));
  must("DROP TRIGGER no_message");

  must(
      "CREATE TRIGGER no_picture BEFORE UPDATE OF avatar ON \"group\" "
      "BEGIN SELECT RAISE(ABORT, 'no'); END");
  announced_.clear();
  EXPECT_FALSE(quit(group, bob_));
  EXPECT_THAT(announced_, IsEmpty());
  EXPECT_THAT(missed(owner_), ElementsAre("founded"));
  must("DROP TRIGGER no_picture");
  EXPECT_TRUE(*rename(group, owner_, "on"));
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "now on"));
}

}  // namespace
}  // namespace qn::store
