#include "store/group_admin_store.h"

#include <gmock/gmock.h>

#include "store/group_store.h"
#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::ConversationKey;
using test::at;
using test::operator_at;
using test::run;
using test::soon;
using test::telling;
using ::testing::ElementsAre;

using Touched = GroupAdminStore::Touched;

class GroupAdminStoreTest : public test::LogTest {
 protected:
  GroupAdminStoreTest()
      : groups_(make_group_store(counting_)), admin_groups_(make_group_admin_store(counting_)) {
    owner_ = create("owner");
    bob_ = create("bob");
  }

  GroupId make(const std::string& name, std::vector<UserId> members) {
    Tell<model::Group> founded = [](const model::Group& made) {
      return std::vector<Addressed>{{ConversationKey::group(made.id), test::notice("founded")}};
    };
    auto group = run(groups_->create({.uuid = name,
                                      .owner = owner_,
                                      .name = name,
                                      .avatar = "/a.png",
                                      .members = std::move(members),
                                      .groups_per_user = 500,
                                      .now = at(1)},
                                     std::move(founded), soon()));
    EXPECT_TRUE(group && *group);
    forget_cost();
    return (*group)->id;
  }
  std::vector<std::string> names(GroupFilter filter) {
    auto page = run(admin_groups_->list(std::move(filter), 10, 0, soon()));
    EXPECT_TRUE(page);
    std::vector<std::string> out;
    for (const auto& line : page->groups) out.push_back(line.group.name);
    EXPECT_EQ(page->total, static_cast<std::int64_t>(out.size()));
    return out;
  }
  // Lets somebody wait.
  void apply(GroupId group, UserId user) {
    const GroupStore::NewMember member{
        .group = group, .user = user, .waits = true, .caps = {}, .now = at(2)};
    auto asked = telling<GroupStore::NewMember>(ConversationKey::notice(owner_), "asks");
    ASSERT_TRUE(run(groups_->join(member, std::move(asked), soon())));
  }
  Result<bool> set_remark(GroupId group, const std::string& remark) {
    Tell<Touched> told = [](const Touched& touched) {
      const std::string body = touched.owner.name() + " says " + touched.group.remark;
      return std::vector<Addressed>{{ConversationKey::group(touched.group.id), test::notice(body)}};
    };
    return run(admin_groups_->set_remark(group, remark, operator_at(5), std::move(told), soon()));
  }
  Result<bool> dissolve(GroupId group) {
    Tell<Touched> told = [](const Touched& touched) {
      const std::string body = touched.group.name + " ended";
      std::vector<Addressed> all{{ConversationKey::group(touched.group.id), test::notice(body)}};
      for (const UserId user : touched.outsiders) {
        all.push_back({ConversationKey::notice(user), test::notice(body)});
      }
      return all;
    };
    return run(admin_groups_->dissolve(group, operator_at(5), std::move(told), soon()));
  }
  GroupLine get(GroupId group) {
    auto line = run(admin_groups_->find(group, soon()));
    EXPECT_TRUE(line && *line);
    return **line;
  }

  std::unique_ptr<GroupStore> groups_;
  std::unique_ptr<GroupAdminStore> admin_groups_;
  UserId owner_, bob_;
};

TEST_F(GroupAdminStoreTest, ThePageHasTheNewestGroupsWithOwnersAndCounts) {
  make("one", {});
  const GroupId two = make("two", {bob_});
  const auto page = run(admin_groups_->list({}, 1, 0, soon()));
  expect_cost(0, 2);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, 2);
  ASSERT_EQ(page->groups.size(), 1u);
  EXPECT_EQ(page->groups[0].group.id, two);
  EXPECT_EQ(page->groups[0].owner.username, "owner");
  EXPECT_EQ(page->groups[0].members, 2);
  EXPECT_EQ(page->groups[0].waiting, 0);
}

TEST_F(GroupAdminStoreTest, FiltersHoldTogether) {
  const GroupId hike = make("周末 Hike", {bob_});
  make("100%", {});
  EXPECT_THAT(names({}), ElementsAre("100%", "周末 Hike"));
  EXPECT_THAT(names({.keyword = "hIK"}), ElementsAre("周末 Hike"));
  EXPECT_THAT(names({.keyword = "%"}), ElementsAre("100%"));
  EXPECT_THAT(names({.keyword = std::to_string(hike.value)}), ElementsAre("100%", "周末 Hike"));
  EXPECT_THAT(names({.status = 0}), ElementsAre());
  EXPECT_THAT(names({.owner = bob_}), ElementsAre());
  EXPECT_THAT(names({.status = 1, .owner = owner_, .member = bob_}), ElementsAre("周末 Hike"));
}

TEST_F(GroupAdminStoreTest, MembersOfEveryStatusAreListed) {
  const GroupId group = make("one", {bob_});
  const UserId carol = create("carol");
  apply(group, carol);
  EXPECT_EQ(get(group).waiting, 1);
  forget_cost();
  const auto page = run(admin_groups_->members(group, 2, 1, soon()));
  expect_cost(0, 2);
  EXPECT_EQ(page->total, 3);
  ASSERT_EQ(page->members.size(), 2u);
  EXPECT_EQ(page->members[0].name(), "bob");
  EXPECT_EQ(page->members[1].member.status, 2);
}

TEST_F(GroupAdminStoreTest, StatusChangesAreOnRecord) {
  const GroupId group = make("one", {});
  const auto done =
      run(admin_groups_->set_status({group, group, GroupId(99)}, 0, operator_at(5), soon()));
  ASSERT_TRUE(done);
  EXPECT_THAT(*done, ElementsAre(group));
  EXPECT_EQ(get(group).group.status, 0);
  ASSERT_TRUE(run(admin_groups_->set_status({group}, 0, operator_at(6), soon())));  // no change
  const auto entries = audit();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].action, "group.disable");
  EXPECT_EQ(entries[0].target_name, "one");
  EXPECT_EQ(entries[0].before, R"({"status":1})");
  EXPECT_EQ(entries[0].after, R"({"status":0})");
}

TEST_F(GroupAdminStoreTest, ANoticeOfTheOperatorsIsOnRecordAndTold) {
  const GroupId group = make("one", {bob_});
  EXPECT_TRUE(*set_remark(group, "请遵守规则"));
  expect_cost(3 + test::kTellGroup, 0);
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "owner says 请遵守规则"));
  EXPECT_EQ(get(group).group.remark, "请遵守规则");
  EXPECT_EQ(audit().at(0).action, "group.remark");
  EXPECT_FALSE(*set_remark(GroupId(99), "x"));
}

TEST_F(GroupAdminStoreTest, DissolvingTakesEverythingAndIsOnRecord) {
  const GroupId group = make("one", {bob_});
  const UserId carol = create("carol");
  apply(group, carol);
  forget_cost();
  EXPECT_TRUE(*dissolve(group));
  expect_cost(11 + test::kTellGroup + test::kTellNewUser, 0);
  EXPECT_THAT(missed(bob_), ElementsAre("founded", "one ended"));
  EXPECT_THAT(missed(carol), ElementsAre("one ended"));
  EXPECT_FALSE(*run(admin_groups_->find(group, soon())));
  EXPECT_EQ(number("SELECT count(*) FROM group_user"), 0);
  const auto entries = audit();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].action, "group.dissolve");
  EXPECT_EQ(entries[0].before, R"({"name":"one","user_id":1,"members":3,"status":1})");
  EXPECT_FALSE(*dissolve(group));
}

TEST_F(GroupAdminStoreTest, WhatIsNotOnRecordIsNeitherDoneNorTold) {
  const GroupId group = make("one", {bob_});
  must("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END");
  EXPECT_FALSE(set_remark(group, "x"));
  EXPECT_FALSE(dissolve(group));
  EXPECT_FALSE(run(admin_groups_->mute_member(group, bob_, at(9), operator_at(5), soon())));
  EXPECT_THAT(missed(bob_), ElementsAre("founded"));
  EXPECT_EQ(get(group).members, 2);
  EXPECT_EQ(number("SELECT count(*) FROM member WHERE left_seq IS NOT NULL"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM group_user WHERE muted_until IS NOT NULL"), 0);
}

TEST_F(GroupAdminStoreTest, MutingAMemberIsOnRecord) {
  const GroupId group = make("one", {bob_});
  const auto mute = [&](UserId user, std::optional<Time> until) {
    return *run(admin_groups_->mute_member(group, user, until, operator_at(5), soon()));
  };
  const auto until = [&] {
    return number("SELECT muted_until FROM group_user WHERE muted_until IS NOT NULL");
  };
  EXPECT_TRUE(mute(bob_, at(60'000)));
  expect_cost(4, 0);
  EXPECT_EQ(until(), to_millis(at(60'000)));
  EXPECT_TRUE(mute(bob_, at(60'000)));  // no change
  expect_cost(1, 0);
  EXPECT_TRUE(mute(bob_, std::nullopt));
  EXPECT_EQ(until(), -1);
  EXPECT_FALSE(mute(create("carol"), at(60'000)));
  const auto entries = audit();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].action, "group.mute");
  EXPECT_EQ(entries[1].target_id, group.value);
  EXPECT_EQ(entries[1].before, R"({"user_id":2,"muted_until":null})");
  EXPECT_EQ(entries[1].after, R"({"user_id":2,"muted_until":1760000060000})");
  EXPECT_EQ(entries[0].action, "group.unmute");
}

TEST_F(GroupAdminStoreTest, GroupsOfADeletedOwnerStay) {
  const GroupId group = make("one", {bob_});
  remove(owner_, 5);
  EXPECT_EQ(*run(admin_groups_->count_owned(owner_, soon())), 1);
  EXPECT_FALSE(get(group).owner.may_act);
  EXPECT_EQ(*run(admin_groups_->count_owned(bob_, soon())), 0);
}

}  // namespace
}  // namespace qn::store
