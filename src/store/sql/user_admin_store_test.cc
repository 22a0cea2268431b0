#include "store/user_admin_store.h"

#include <gmock/gmock.h>

#include "store/session_store.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::Role;
using model::UserStatus;
using test::at;
using test::failure;
using test::new_user;
using test::new_visitor;
using test::operator_at;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Change = UserAdminStore::Change;

class UserAdminStoreTest : public test::StoreTest {
 protected:
  UserAdminStoreTest() : sessions_(make_session_store(counting_)) {}

  Result<UserAdminStore::EndedSessions> update(UserId id, Change change) {
    return run(admin_->update(id, std::move(change), operator_at(9), soon()));
  }
  UserAdminStore::Outcome disable(const std::vector<UserId>& ids) {
    auto outcome = run(admin_->set_status(ids, UserStatus::kDisabled, operator_at(9), soon()));
    EXPECT_TRUE(outcome);
    return *outcome;
  }
  UserAdminStore::Outcome remove_all(const std::vector<UserId>& ids) {
    auto outcome = run(admin_->remove(ids, operator_at(9), soon()));
    EXPECT_TRUE(outcome);
    return *outcome;
  }
  void log_in(UserId id, const std::string& session, std::int64_t seen = 1,
              std::int64_t expires = 1'000) {
    ASSERT_TRUE(
        write("INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, "
              "expires_at, address, user_agent) VALUES ('" +
              session + "', " + std::to_string(id.value) + ", 'visitor', 0, " +
              std::to_string(to_millis(at(seen))) + ", " + std::to_string(to_millis(at(expires))) +
              ", '192.0.2.1', 'phone')"));
  }

  std::unique_ptr<SessionStore> sessions_;
};

TEST_F(UserAdminStoreTest, CreatingIsNoted) {
  const auto id = run(admin_->create(new_user("alice"), operator_at(3), soon()));
  ASSERT_TRUE(id);
  expect_cost(3, 0);
  EXPECT_EQ(get(*id).username, "alice");
  EXPECT_EQ(get(*id).register_ip, "10.0.0.1");
  EXPECT_EQ(number("SELECT count(*) FROM user_info"), 1);

  const auto entries = audit();
  ASSERT_THAT(entries, SizeIs(1));
  const model::AuditEntry& entry = entries[0];
  EXPECT_EQ(entry.action, "user.create");
  EXPECT_EQ(entry.manager, ManagerId(7));
  EXPECT_EQ(entry.manager_name, "root");
  EXPECT_EQ(entry.address, "192.0.2.9");
  EXPECT_EQ(entry.created_at, at(3));
  EXPECT_EQ(entry.target_type, "user");
  EXPECT_EQ(entry.target_id, id->value);
  EXPECT_EQ(entry.target_name, "alice");
  EXPECT_EQ(entry.before, "");
  EXPECT_EQ(entry.after, R"({"username":"alice","avatar":"/a.png","role":"user"})");
}

TEST_F(UserAdminStoreTest, WhatFailsIsNotNoted) {
  const UserId alice = create("alice");
  create("bob");
  EXPECT_EQ(failure(run(admin_->create(new_user("alice"), operator_at(3), soon()))),
            ErrorCode::kConflict);
  EXPECT_EQ(failure(update(alice, {.username = "Bob", .username_key = "bob"})),
            ErrorCode::kConflict);
  EXPECT_EQ(failure(update(UserId(99), {.avatar = "/b.png"})), ErrorCode::kNotFound);
  EXPECT_THAT(disable({UserId(99)}).users, IsEmpty());
  EXPECT_THAT(remove_all({UserId(99)}).users, IsEmpty());
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_EQ(get(alice).username, "alice");
}

TEST_F(UserAdminStoreTest, AnUpdateNotesTheFieldsThatChange) {
  const UserId id = create("alice");
  forget_cost();
  ASSERT_TRUE(update(id, {.username = "Alice\"2\n",
                          .username_key = "alice\"2\n",
                          .avatar = "/a.png",
                          .nickname = "小爱"}));
  expect_cost(3, 0);
  const auto user = get(id);
  EXPECT_EQ(user.username, "Alice\"2\n");
  EXPECT_EQ(user.nickname, "小爱");
  EXPECT_EQ(user.update_time, at(9));
  EXPECT_TRUE(*run(users_->find_credentials("alice\"2\n", soon())));
  EXPECT_EQ(number("SELECT count(*) FROM \"user\" WHERE search_key = 'alice\"2\n 小爱'"), 1);

  const auto entry = audit().at(0);
  EXPECT_EQ(entry.action, "user.update");
  EXPECT_EQ(entry.target_name, "alice");
  EXPECT_EQ(entry.before, R"({"username":"alice","nickname":""})");
  EXPECT_EQ(entry.after, R"({"username":"Alice\"2\n","nickname":"小爱"})");
}

TEST_F(UserAdminStoreTest, AnUpdateThatChangesNothingDoesNothing) {
  const UserId id = create("alice");
  forget_cost();
  ASSERT_TRUE(update(id, {.username = "alice", .username_key = "alice", .avatar = "/a.png"}));
  ASSERT_TRUE(update(id, {}));
  expect_cost(2, 0);
  EXPECT_EQ(get(id).update_time, at(0));
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(UserAdminStoreTest, APasswordIsNeverShownAndEndsTheSessions) {
  const UserId id = create("alice");
  log_in(id, "s1");
  log_in(id, "s2");
  log_in(create("bob"), "other");
  const auto ended = update(id, {.password_hash = "new hash"});
  ASSERT_TRUE(ended);
  EXPECT_THAT(*ended, UnorderedElementsAre("s1", "s2"));
  EXPECT_EQ((*run(users_->find_credentials(id, soon())))->password_hash, "new hash");
  EXPECT_EQ(number("SELECT count(*) FROM session"), 1);
  const auto entry = audit().at(0);
  EXPECT_EQ(entry.action, "user.password");
  EXPECT_EQ(entry.before, R"({"password":"***"})");
  EXPECT_EQ(entry.after, R"({"password":"***"})");

  ASSERT_TRUE(update(id, {.password_hash = "newer hash", .avatar = "/b.png"}));
  EXPECT_EQ(audit().at(0).action, "user.update");
  EXPECT_EQ(audit().at(0).after, R"({"avatar":"/b.png","password":"***"})");
}

TEST_F(UserAdminStoreTest, ANewNameLeavesTheSessions) {
  const UserId id = create("alice");
  log_in(id, "s1");
  EXPECT_THAT(*update(id, {.username = "bob", .username_key = "bob"}), IsEmpty());
  EXPECT_TRUE(*run(sessions_->find("s1", soon())));
}

TEST_F(UserAdminStoreTest, StatusOfManyInOneTransaction) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  const UserId gone = create("gone");
  const UserId off = create("off");
  remove(gone, 1);
  set_status(off, UserStatus::kDisabled, 2);
  log_in(alice, "a1");
  log_in(alice, "a2");
  log_in(bob, "b1");
  log_in(off, "left over");
  forget_cost();
  const auto outcome = disable({bob, alice, bob, gone, UserId(99), UserId(), off});
  EXPECT_THAT(outcome.users, UnorderedElementsAre(alice, bob, off));
  EXPECT_THAT(outcome.ended, UnorderedElementsAre("a1", "a2", "b1", "left over"));
  EXPECT_EQ(get(alice).status, UserStatus::kDisabled);
  EXPECT_EQ(get(bob).update_time, at(9));
  EXPECT_EQ(get(off).update_time, at(2)) << "was so already";
  EXPECT_EQ(number("SELECT count(*) FROM session"), 0);
  EXPECT_THAT(audit({.action = "user.disable"}), SizeIs(3)) << "off, alice, bob";
  const auto entry = audit().at(0);
  EXPECT_EQ(entry.target_name, "bob");
  EXPECT_EQ(entry.before, R"({"status":1})");
  EXPECT_EQ(entry.after, R"({"status":0})");
}

TEST_F(UserAdminStoreTest, EnablingEndsNothing) {
  const UserId id = create("alice");
  set_status(id, UserStatus::kLocked, 1);
  log_in(id, "s1");
  set_status(id, UserStatus::kNormal, 2);
  EXPECT_EQ(number("SELECT count(*) FROM session"), 1);
  EXPECT_EQ(audit().at(0).action, "user.enable");
  EXPECT_EQ(audit().at(0).before, R"({"status":2})");
  EXPECT_EQ(audit().at(1).action, "user.disable");
  EXPECT_EQ(audit().at(1).after, R"({"status":2})");
}

TEST_F(UserAdminStoreTest, ARemovedAccountFreesItsNameAndDevice) {
  const UserId id = create(new_visitor("VIS1", "device-1"));
  log_in(id, "s1");
  forget_cost();
  const auto outcome = remove_all({id, id});
  expect_cost(4, 0);
  EXPECT_THAT(outcome.users, ElementsAre(id));
  EXPECT_THAT(outcome.ended, ElementsAre("s1"));
  EXPECT_FALSE(*run(users_->find(id, soon())));
  EXPECT_FALSE(*run(users_->find_credentials(id, soon())));
  EXPECT_FALSE(*run(users_->find_credentials("VIS1", soon())));
  EXPECT_FALSE(*run(users_->find_profile(new_user("VIS1").uuid, soon())));
  EXPECT_FALSE(*run(users_->find_by_device("device-1", soon())));
  EXPECT_FALSE(*run(admin_->find_detail(id, at(0), soon())));
  EXPECT_EQ(number("SELECT count(*) FROM \"user\" WHERE is_deleted = 1 AND status = 0 AND "
                   "username = 'VIS1' AND search_key = ''"),
            1)
      << "the row stays";
  EXPECT_EQ(audit().at(0).action, "user.delete");
  EXPECT_EQ(audit().at(0).before,
            R"({"username":"VIS1","nickname":"","avatar":"/a.png","status":1})");
  EXPECT_THAT(remove_all({id}).users, IsEmpty());
  EXPECT_THAT(disable({id}).users, IsEmpty());
  EXPECT_THAT(audit(), SizeIs(1));

  NewUser again = new_visitor("VIS1", "device-1");
  again.uuid += "x";
  EXPECT_GT(create(again), id) << "ids are never used twice";
}

TEST_F(UserAdminStoreTest, AThousandAtOnce) {
  std::vector<UserId> ids;
  Database::Job fill = [](Connection& c) -> Result<void> {
    CHECK_OK(c.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
        "INSERT INTO \"user\" (uuid, username, username_key, password, userset, register_time, "
        "create_time, update_time) SELECT i, i, i, '', '', 0, 0, 0 FROM n",
        {}));
    return {};
  };
  ASSERT_TRUE(run(db_->write(std::move(fill), soon())));
  for (int i = 1; i <= 1'000; ++i) ids.emplace_back(i);
  EXPECT_THAT(disable(ids).users, SizeIs(1'000));
  EXPECT_THAT(remove_all(ids).users, SizeIs(1'000));
  EXPECT_EQ(number("SELECT count(*) FROM audit_log"), 2'000);
}

TEST_F(UserAdminStoreTest, ADetailHasProfileAndLiveSessions) {
  const UserId id = create("alice");
  set_status(id, UserStatus::kLocked, 1);
  ASSERT_TRUE(write("UPDATE user_info SET bio = 'hi'"));
  log_in(id, "old", 5, 10);
  log_in(id, "early", 6);
  log_in(id, "late", 7);
  log_in(create("bob"), "other");
  forget_cost();
  const auto found = run(admin_->find_detail(id, at(10), soon()));
  expect_cost(0, 2);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->profile.user.status, UserStatus::kLocked);
  EXPECT_EQ((*found)->profile.info.bio, "hi");
  const auto& sessions = (*found)->sessions;
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[0].id, "late");
  EXPECT_EQ(sessions[0].user, id);
  EXPECT_EQ(sessions[0].token_role, Role::kVisitor);
  EXPECT_EQ(sessions[0].last_seen_at, at(7));
  EXPECT_EQ(sessions[0].expires_at, at(1'000));
  EXPECT_EQ(sessions[0].address, "192.0.2.1");
  EXPECT_EQ(sessions[0].user_agent, "phone");
  EXPECT_EQ(sessions[1].id, "early");
  EXPECT_FALSE(*run(admin_->find_detail(UserId(99), at(10), soon())));
}

TEST_F(UserAdminStoreTest, OneDeviceIsSignedOut) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  log_in(alice, "a1");
  log_in(alice, "a2");
  const auto end = [&](UserId user, const std::string& session) {
    return *run(admin_->end_session(user, session, operator_at(9), soon()));
  };
  EXPECT_FALSE(end(bob, "a1")) << "not his";
  EXPECT_FALSE(end(UserId(99), "a1"));
  EXPECT_FALSE(end(alice, "none"));
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_TRUE(end(alice, "a1"));
  EXPECT_EQ(audit().at(0).action, "user.sign_out");
  EXPECT_EQ(audit().at(0).target_name, "alice");
  EXPECT_EQ(number("SELECT count(*) FROM session WHERE id = 'a2'"), 1);
}

TEST_F(UserAdminStoreTest, MutingIsOnRecord) {
  const UserId alice = create("alice");
  const auto mute = [&](UserId user, std::optional<Time> until) {
    return *run(admin_->mute(user, until, operator_at(9), soon()));
  };
  const auto until = [&] {
    return number("SELECT muted_until FROM \"user\" WHERE muted_until IS NOT NULL");
  };
  forget_cost();
  EXPECT_TRUE(mute(alice, at(60'000)));
  expect_cost(3, 0);
  EXPECT_EQ(until(), to_millis(at(60'000)));
  EXPECT_TRUE(mute(alice, at(60'000)));  // no change
  expect_cost(1, 0);
  EXPECT_TRUE(mute(alice, std::nullopt));
  EXPECT_EQ(until(), -1);
  EXPECT_FALSE(mute(UserId(99), std::nullopt));
  ASSERT_THAT(audit(), SizeIs(2));
  EXPECT_EQ(audit().at(1).action, "user.mute");
  EXPECT_EQ(audit().at(1).target_name, "alice");
  EXPECT_EQ(audit().at(1).before, R"({"muted_until":null})");
  EXPECT_EQ(audit().at(1).after, R"({"muted_until":1760000060000})");
  EXPECT_EQ(audit().at(0).action, "user.unmute");

  ASSERT_TRUE(write(
      "CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END"));
  EXPECT_FALSE(run(admin_->mute(alice, at(60'000), operator_at(9), soon())));
  EXPECT_EQ(until(), -1);
}

}  // namespace
}  // namespace qn::store
