#include "store/user_store.h"

#include <gmock/gmock.h>

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::Role;
using model::UserStatus;
using test::at;
using test::failure;
using test::new_user;
using test::new_visitor;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;

class UserStoreTest : public test::StoreTest {
 protected:
  std::vector<std::string> search(const std::string& keyword, UserId except = {}, int limit = 20) {
    auto found = run(users_->search(keyword, except, limit, soon()));
    EXPECT_TRUE(found);
    std::vector<std::string> names;
    for (const auto& user : *found) names.push_back(user.username);
    return names;
  }

  std::optional<model::User> by_device(const std::string& device) {
    auto found = run(users_->find_by_device(device, soon()));
    EXPECT_TRUE(found);
    return *found;
  }

  std::string search_key(UserId id) {
    std::string key;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value};
      return c.query("SELECT search_key FROM \"user\" WHERE id = $1", params,
                     [&](const Row& row) { key = row.text(0); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return key;
  }

  void set(UserId id, const std::string& assignment) {
    ASSERT_TRUE(
        write("UPDATE \"user\" SET " + assignment + " WHERE id = " + std::to_string(id.value)));
  }
};

TEST_F(UserStoreTest, ANewUserHasTheDefaultsOfTheContract) {
  const auto created = run(users_->create(new_user("lihua01"), soon()));
  ASSERT_TRUE(created);
  expect_cost(2, 0);
  for (const model::User& user : {*created, get(created->id)}) {
    EXPECT_TRUE(user.id);
    EXPECT_EQ(user.uuid, new_user("lihua01").uuid);
    EXPECT_EQ(user.username, "lihua01");
    EXPECT_EQ(user.nickname, "");
    EXPECT_EQ(user.avatar, "/a.png");
    EXPECT_EQ(user.device_id, "");
    EXPECT_EQ(user.userset, "");
    EXPECT_EQ(user.invite_confirm, 0);
    EXPECT_EQ(user.mobile, std::nullopt);
    EXPECT_EQ(user.status, UserStatus::kNormal);
    EXPECT_EQ(user.last_login, std::nullopt);
    EXPECT_EQ(user.register_time, at(0));
    EXPECT_EQ(user.register_ip, "10.0.0.1");
    EXPECT_FALSE(user.is_deleted);
    EXPECT_EQ(user.role, Role::kUser);
    EXPECT_EQ(user.order, 50);
    EXPECT_EQ(user.create_time, at(0));
    EXPECT_EQ(user.update_time, at(0));
  }
  EXPECT_EQ(number("SELECT count(*) FROM user_info"), 1);
}

TEST_F(UserStoreTest, AVisitorKeepsTheFactsOfItsDevice) {
  const auto user = get(create(new_visitor("VISdev", "device-1")));
  EXPECT_EQ(user.role, Role::kVisitor);
  EXPECT_EQ(user.device_id, "device-1");
  EXPECT_EQ(user.platform, "web");
  EXPECT_EQ(user.device_model, "Pixel");
  EXPECT_EQ(user.device_os, "Android");
  EXPECT_EQ(user.device_brand, "Google");
}

TEST_F(UserStoreTest, ANameIsTakenInAnySpelling) {
  create("alice");
  NewUser other = new_user("bob");
  other.username = "Alice";
  other.username_key = "alice";
  EXPECT_EQ(failure(run(users_->create(other, soon()))), ErrorCode::kConflict);
  EXPECT_EQ(number("SELECT count(*) FROM \"user\""), 1);
  EXPECT_EQ(number("SELECT count(*) FROM user_info"), 1);
}

TEST_F(UserStoreTest, OfTwoAtTheSameTimeExactlyOneGetsTheName) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "racer" + std::to_string(round);
    std::array<std::thread, 2> threads;
    std::atomic<int> created{0};
    std::atomic<int> conflicts{0};
    for (std::size_t i = 0; i < threads.size(); ++i) {
      NewUser user = new_user(name);
      user.uuid += std::to_string(i);
      threads[i] = std::thread([&, user] {
        auto result = run(users_->create(user, soon()));
        ++(result ? created : conflicts);
        EXPECT_TRUE(result || result.error().code == ErrorCode::kConflict);
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(created, 1);
    EXPECT_EQ(conflicts, 1);
  }
}

TEST_F(UserStoreTest, ADeviceHasOneVisitor) {
  create(new_visitor("VIS1", "device-1"));
  EXPECT_EQ(failure(run(users_->create(new_visitor("VIS2", "device-1"), soon()))),
            ErrorCode::kConflict);
  EXPECT_TRUE(create(new_visitor("VIS3", "device-2")));
  EXPECT_TRUE(create("without"));
  EXPECT_TRUE(create("any")) << "no device is not the same device";
}

TEST_F(UserStoreTest, ADeviceMayHaveManyRegisteredUsers) {
  for (const char* name : {"VIS1", "VIS2"}) {
    const UserId id = create(new_visitor(name, "device-1"));
    const auto upgraded = run(users_->upgrade_visitor(
        id, std::string("user") + name, std::string("user") + name, "h", at(1), soon()));
    EXPECT_TRUE(upgraded);
  }
}

TEST_F(UserStoreTest, CredentialsAreFoundByNameAndById) {
  const UserId id = create("alice");
  forget_cost();
  const auto by_name = run(users_->find_credentials("alice", soon()));
  ASSERT_TRUE(by_name && *by_name);
  EXPECT_EQ((*by_name)->password_hash, "hash of alice");
  EXPECT_EQ((*by_name)->user.id, id);
  const auto by_id = run(users_->find_credentials(id, soon()));
  ASSERT_TRUE(by_id && *by_id);
  EXPECT_EQ((*by_id)->password_hash, "hash of alice");
  expect_cost(0, 2);
  EXPECT_FALSE(*run(users_->find_credentials("nobody", soon())));
  EXPECT_FALSE(*run(users_->find_credentials(UserId(99), soon())));
}

TEST_F(UserStoreTest, ADisabledAccountIsFoundForLoginButHasNoProfile) {
  const UserId id = create("alice");
  set_status(id, UserStatus::kDisabled, 5);
  EXPECT_TRUE(*run(users_->find_credentials("alice", soon())));
  EXPECT_EQ(get(id).status, UserStatus::kDisabled);
  EXPECT_EQ(get(id).update_time, at(5));
  EXPECT_FALSE(*run(users_->find_profile(new_user("alice").uuid, soon())));
}

TEST_F(UserStoreTest, AProfileIsUserAndInfoInOneStatement) {
  NewUser user = new_user("alice");
  user.uuid = "abcdef00-0000-4000-8000-00000000000a";
  const UserId id = create(user);
  ASSERT_TRUE(write("UPDATE user_info SET bio = 'hi', birthday = 5, gender = 'female'"));
  forget_cost();
  const auto found = run(users_->find_profile("ABCDEF00-0000-4000-8000-00000000000A", soon()));
  expect_cost(0, 1);
  ASSERT_TRUE(found && *found);
  const model::Profile& profile = **found;
  EXPECT_EQ(profile.user.id, id);
  EXPECT_TRUE(profile.info.id);
  EXPECT_EQ(profile.info.gender, "female");
  EXPECT_EQ(profile.info.birthday, time_from_millis(5));
  EXPECT_EQ(profile.info.bio, "hi");
  EXPECT_EQ(profile.info.location, std::nullopt);
}

TEST_F(UserStoreTest, AProfileWithoutInfoIsStillAProfile) {
  create("alice");
  ASSERT_TRUE(write("DELETE FROM user_info"));
  const auto found = run(users_->find_profile(new_user("alice").uuid, soon()));
  ASSERT_TRUE(found && *found);
  EXPECT_FALSE((*found)->info.id);
  EXPECT_EQ((*found)->info.gender, "unknown");
}

TEST_F(UserStoreTest, ADeviceLeadsToItsVisitorAndNeverToARegisteredUser) {
  EXPECT_FALSE(by_device("device-1"));
  const UserId former = create(new_visitor("VIS1", "device-1"));
  EXPECT_EQ(by_device("device-1")->id, former);
  ASSERT_TRUE(run(users_->upgrade_visitor(former, "alice", "alice", "h", at(1), soon())));
  EXPECT_FALSE(by_device("device-1"));
  const UserId visitor = create(new_visitor("VIS2", "device-1"));
  forget_cost();
  EXPECT_EQ(by_device("device-1")->id, visitor);
  expect_cost(0, 1);
}

TEST_F(UserStoreTest, ADeviceOfAnotherRoleIsFoundWhenItHasNoVisitor) {
  const UserId strange = create(new_visitor("VIS1", "device-1"));
  set(strange, "role = 'admin'");
  EXPECT_EQ(by_device("device-1")->role, Role::kAdmin);
  const UserId visitor = create(new_visitor("VIS2", "device-1"));
  EXPECT_EQ(by_device("device-1")->id, visitor);
}

TEST_F(UserStoreTest, ALoginIsNoted) {
  const UserId id = create("alice");
  forget_cost();
  const auto after = run(users_->touch_login(id, "192.0.2.7", at(9), soon()));
  expect_cost(1, 0);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->last_login, at(9));
  EXPECT_EQ(after->last_login_ip, "192.0.2.7");
  EXPECT_EQ(after->update_time, at(9));
  EXPECT_EQ(after->create_time, at(0));
  EXPECT_EQ(failure(run(users_->touch_login(UserId(99), "", at(9), soon()))), ErrorCode::kNotFound);
}

TEST_F(UserStoreTest, FactsOfADeviceAreReplacedButNotTheDevice) {
  const UserId id = create(new_visitor("VIS1", "device-1"));
  forget_cost();
  const model::Device facts{"device-2", "app", "iPhone", "iOS", "Apple"};
  ASSERT_TRUE(run(users_->set_device_facts(id, facts, at(2), soon())));
  expect_cost(1, 0);
  const auto user = get(id);
  EXPECT_EQ(user.device_id, "device-1");
  EXPECT_EQ(user.platform, "app");
  EXPECT_EQ(user.device_model, "iPhone");
  EXPECT_EQ(user.device_os, "iOS");
  EXPECT_EQ(user.device_brand, "Apple");
  EXPECT_EQ(user.update_time, at(2));
}

TEST_F(UserStoreTest, AVisitorBecomesAUserInPlace) {
  const UserId id = create(new_visitor("VIS1", "device-1"));
  create("taken");
  EXPECT_EQ(failure(run(users_->upgrade_visitor(id, "Taken", "taken", "h", at(3), soon()))),
            ErrorCode::kConflict);
  EXPECT_EQ(get(id).role, Role::kVisitor);
  forget_cost();
  const auto after = run(users_->upgrade_visitor(id, "Alice", "alice", "h2", at(3), soon()));
  expect_cost(1, 0);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->id, id);
  EXPECT_EQ(after->username, "Alice");
  EXPECT_EQ(after->role, Role::kUser);
  EXPECT_EQ(after->device_id, "device-1");
  EXPECT_EQ((*run(users_->find_credentials("alice", soon())))->password_hash, "h2");
  EXPECT_EQ(failure(run(users_->upgrade_visitor(id, "Bob", "bob", "h", at(4), soon()))),
            ErrorCode::kNotFound)
      << "only once";
}

TEST_F(UserStoreTest, SettersChangeOneColumnAndTheTime) {
  const UserId id = create("alice");
  forget_cost();
  ASSERT_TRUE(run(users_->set_nickname(id, "小爱", at(1), soon())));
  ASSERT_TRUE(run(users_->set_avatar(id, "/b.png", at(2), soon())));
  ASSERT_TRUE(run(users_->set_invite_confirm(id, 1, at(3), soon())));
  ASSERT_TRUE(run(users_->set_userset(id, "{\"chatset\":{}}", at(4), soon())));
  ASSERT_TRUE(run(users_->set_password_hash(id, "new hash", at(5), soon())));
  expect_cost(5, 0);
  const auto user = get(id);
  EXPECT_EQ(user.nickname, "小爱");
  EXPECT_EQ(user.avatar, "/b.png");
  EXPECT_EQ(user.invite_confirm, 1);
  EXPECT_EQ(user.userset, "{\"chatset\":{}}");
  EXPECT_EQ(user.update_time, at(5));
  EXPECT_EQ((*run(users_->find_credentials(id, soon())))->password_hash, "new hash");
}

TEST_F(UserStoreTest, SettersNeedALiveAccount) {
  const UserId gone = create("gone");
  remove(gone, 1);
  for (const UserId id : {gone, UserId(99)}) {
    EXPECT_EQ(failure(run(users_->set_nickname(id, "x", at(2), soon()))), ErrorCode::kNotFound);
    EXPECT_EQ(failure(run(users_->set_invite_confirm(id, 1, at(2), soon()))), ErrorCode::kNotFound);
    EXPECT_EQ(failure(run(users_->set_device_facts(id, {}, at(2), soon()))), ErrorCode::kNotFound);
    EXPECT_FALSE(*run(users_->replace_password_hash(id, "hash of gone", "x", soon())));
  }
}

TEST_F(UserStoreTest, AHashIsUpgradedOnlyWhileItIsTheExpectedOne) {
  const UserId id = create("alice");
  forget_cost();
  EXPECT_TRUE(*run(users_->replace_password_hash(id, "hash of alice", "better", soon())));
  EXPECT_FALSE(*run(users_->replace_password_hash(id, "hash of alice", "late", soon())));
  expect_cost(2, 0);
  EXPECT_EQ((*run(users_->find_credentials(id, soon())))->password_hash, "better");
  EXPECT_EQ(get(id).update_time, at(0)) << "nothing the user did";
}

TEST_F(UserStoreTest, IdsAreNotReusedAfterTheLastRowIsGone) {
  const UserId id = create("alice");
  ASSERT_TRUE(write("DELETE FROM \"user\""));
  EXPECT_EQ(number("SELECT count(*) FROM user_info"), 0) << "goes with its user";
  EXPECT_GT(create("alice"), id);
}

TEST_F(UserStoreTest, SearchFindsPartsOfNamesOfActiveUsersInOrder) {
  create("xiaoming");
  const UserId me = create("mingyue");
  create("daming");
  create(new_visitor("VISming", "device-1"));
  const UserId disabled = create("mingdisabled");
  const UserId removed = create("mingremoved");
  set_status(disabled, UserStatus::kLocked, 1);
  remove(removed, 1);
  forget_cost();
  EXPECT_THAT(search("ming", me), ElementsAre("xiaoming", "daming"));
  expect_cost(0, 1);
  EXPECT_THAT(search("ming"), ElementsAre("xiaoming", "mingyue", "daming"));
  EXPECT_THAT(search("ming", {}, 2), ElementsAre("xiaoming", "mingyue"));
  EXPECT_THAT(search("nobody"), IsEmpty());
}

TEST_F(UserStoreTest, SearchTakesWildcardsLiterally) {
  for (const char* name : {"plain", "per%cent", "under_score", "back\\slash"}) create(name);
  EXPECT_THAT(search("%"), ElementsAre("per%cent"));
  EXPECT_THAT(search("_"), ElementsAre("under_score"));
  EXPECT_THAT(search("\\"), ElementsAre("back\\slash"));
  EXPECT_THAT(search("r%c"), ElementsAre("per%cent"));
  EXPECT_THAT(search("p%n"), IsEmpty());
}

TEST_F(UserStoreTest, SearchTakesAnyKeyword) {
  create("plain");
  EXPECT_THAT(search(""), ElementsAre("plain"));
  EXPECT_THAT(search(std::string(100'000, '%')), IsEmpty()) << "longer than LIKE takes";
  EXPECT_THAT(search(std::string("\0", 1)), IsEmpty()) << "the empty pattern to LIKE";
}

// What the console searches: the folded name, a space, the folded nickname.
TEST_F(UserStoreTest, TheSearchKeyFollowsNameAndNickname) {
  const UserId id = create(new_visitor("vis1", "device-1"));
  EXPECT_EQ(search_key(id), "vis1 ");
  ASSERT_TRUE(run(users_->set_nickname(id, "Ａlice 爱", at(1), soon())));
  EXPECT_EQ(search_key(id), "vis1 alice 爱");
  ASSERT_TRUE(run(users_->upgrade_visitor(id, "Bo_É", "bo_é", "h", at(2), soon())));
  EXPECT_EQ(search_key(id), "bo_é alice 爱");
  ASSERT_TRUE(run(users_->set_nickname(id, "", at(3), soon())));
  EXPECT_EQ(search_key(id), "bo_é ");
  remove(id, 4);
  EXPECT_EQ(search_key(id), "");
}

TEST_F(UserStoreTest, AnOlderDatabaseGetsItsSearchKeys) {
  options_.file = dir_ / "older.db";
  options_.schema = migrations().first(1);
  open();
  ASSERT_TRUE(
      write("INSERT INTO \"user\" (uuid, username, username_key, password, nickname, userset, "
            "is_deleted, register_time, create_time, update_time) VALUES "
            "('a', 'Bob', 'bob', '', 'The BUILDER', '', 0, 0, 0, 0), "
            "('b', 'gone', NULL, '', 'nick', '', 1, 0, 0, 0)"));
  options_.schema = migrations();
  open();
  EXPECT_EQ(search_key(UserId(1)), "bob the builder");
  EXPECT_EQ(search_key(UserId(2)), "");
}

TEST_F(UserStoreTest, SearchReadsOnlyItsIndex) {
  bool covered = false;
  Database::Job job = [&](Connection& c) {
    return c.query(
        "EXPLAIN QUERY PLAN SELECT id FROM \"user\" WHERE status = 1 AND is_deleted = 0 AND "
        "role = 'user' AND username_key LIKE 'x' ESCAPE '\\' AND id <> 1 ORDER BY id LIMIT 5",
        {}, [&](const Row& row) {
          covered = row.text(3).find("COVERING INDEX user_by_role") != std::string_view::npos;
          EXPECT_EQ(row.text(3).find("TEMP B-TREE"), std::string_view::npos);
        });
  };
  ASSERT_TRUE(run(db_->read(job, soon())));
  EXPECT_TRUE(covered);
}

TEST_F(UserStoreTest, CountsAreByRoleWithoutTheDeleted) {
  create("a1");
  create("a2");
  create(new_visitor("VIS1", "device-1"));
  remove(create("gone"), 1);
  forget_cost();
  const auto counts = run(users_->count(soon()));
  expect_cost(0, 1);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->users, 2);
  EXPECT_EQ(counts->visitors, 1);
}

}  // namespace
}  // namespace qn::store
