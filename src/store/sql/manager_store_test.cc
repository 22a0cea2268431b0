#include "store/manager_store.h"

#include <gmock/gmock.h>

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::failure;
using test::operator_at;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = ManagerStore::Outcome;

class ManagerStoreTest : public test::StoreTest {
 protected:
  ManagerStoreTest() : managers_(make_manager_store(counting_)) {}

  static NewManager new_manager(const std::string& name, bool super) {
    NewManager manager;
    manager.username = name;
    manager.username_key = name;
    manager.password_hash = "hash of " + name;
    manager.super = super;
    return manager;
  }
  ManagerId create_manager(const std::string& name, bool super = false) {
    auto id = run(managers_->create(new_manager(name, super), operator_at(1), soon()));
    EXPECT_TRUE(id);
    return id ? *id : ManagerId();
  }
  model::Manager get_manager(ManagerId id) {
    auto found = run(managers_->find(id, soon()));
    EXPECT_TRUE(found && *found);
    return found && *found ? **found : model::Manager();
  }
  Result<void> update(ManagerId id, ManagerChange change, const std::string& keep = "") {
    return run(managers_->update(id, std::move(change), keep, operator_at(9), soon()));
  }
  Outcome set_enabled(ManagerId id, bool enabled) {
    return *run(managers_->set_enabled(id, enabled, operator_at(9), soon()));
  }
  Outcome remove_manager(ManagerId id) {
    return *run(managers_->remove(id, operator_at(9), soon()));
  }
  Result<void> start(ManagerId id, const std::string& session, std::int64_t expires = 1'000) {
    const Actor actor{id, "its name", "192.0.2.1", at(2)};
    return run(managers_->start_session({.id = session,
                                         .manager = id,
                                         .csrf = "csrf of " + session,
                                         .now = at(2),
                                         .expires_at = at(expires),
                                         .address = "192.0.2.1",
                                         .user_agent = "test"},
                                        actor, soon()));
  }
  std::optional<ManagerSession> find_session(const std::string& id, std::int64_t now = 3) {
    auto found = run(managers_->find_session(id, at(now), soon()));
    EXPECT_TRUE(found);
    return *found;
  }
  std::string last_action() {
    const auto entries = audit();
    return entries.empty() ? "" : entries[0].action;
  }

  std::unique_ptr<ManagerStore> managers_;
};

TEST_F(ManagerStoreTest, AManagerIsCreatedCountedAndNoted) {
  EXPECT_EQ(*run(managers_->count(soon())), 0);
  NewManager manager = new_manager("Admin", true);
  manager.username_key = "admin";
  manager.menu_ids = {1, 2, 29};
  const auto id = run(managers_->create(manager, operator_at(5), soon()));
  ASSERT_TRUE(id);
  expect_cost(2, 1);
  EXPECT_EQ(*run(managers_->count(soon())), 1);
  const auto row = get_manager(*id);
  EXPECT_EQ(row.id, *id);
  EXPECT_EQ(row.username, "Admin");
  EXPECT_EQ(row.avatar, "/public/assets/img/profiles/avatar-01.jpg");
  EXPECT_THAT(row.menu_ids, ElementsAre(1, 2, 29));
  EXPECT_TRUE(row.enabled);
  EXPECT_TRUE(row.super);
  EXPECT_EQ(row.create_time, at(5));
  EXPECT_EQ(row.update_time, at(5));

  const auto entry = audit().at(0);
  EXPECT_EQ(entry.action, "manager.create");
  EXPECT_EQ(entry.manager_name, "root");
  EXPECT_EQ(entry.target_type, "manager");
  EXPECT_EQ(entry.target_id, id->value);
  EXPECT_EQ(entry.target_name, "Admin");
  EXPECT_EQ(entry.before, "");
  EXPECT_EQ(entry.after,
            R"({"username":"Admin","avatar":"/public/assets/img/profiles/avatar-01.jpg",)"
            R"("auth":"1,2,29","super":1})");
}

TEST_F(ManagerStoreTest, ANameIsTakenInAnySpelling) {
  create_manager("admin");
  NewManager other = new_manager("ADMIN", false);
  other.username_key = "admin";
  EXPECT_EQ(failure(run(managers_->create(other, operator_at(1), soon()))), ErrorCode::kConflict);
  EXPECT_EQ(*run(managers_->count(soon())), 1);
  EXPECT_THAT(audit(), SizeIs(1)) << "what failed is not noted";
}

TEST_F(ManagerStoreTest, TheFirstIsMadeOnce) {
  const auto first = [&](const std::string& name) {
    return *run(managers_->create_first(new_manager(name, true), operator_at(1), soon()));
  };
  EXPECT_TRUE(first("one"));
  EXPECT_FALSE(first("two"));
  EXPECT_FALSE(first("one")) << "no conflict either";
  EXPECT_EQ(*run(managers_->count(soon())), 1);
  EXPECT_THAT(audit(), SizeIs(1));
}

TEST_F(ManagerStoreTest, OfTwoFirstOnesAtTheSameTimeOneWins) {
  for (int round = 0; round < 10; ++round) {
    test::Together<Result<bool>> both;
    hold_writer();
    both.start(managers_->create_first(new_manager("one", true), operator_at(1), soon()));
    both.start(managers_->create_first(new_manager("two", true), operator_at(1), soon()));
    release_writer();
    const auto results = both.finish();
    EXPECT_NE(*results[0], *results[1]);
    ASSERT_TRUE(write("DELETE FROM manager"));
  }
}

TEST_F(ManagerStoreTest, CredentialsAreFoundByNameAndById) {
  const ManagerId id = create_manager("admin");
  forget_cost();
  const auto by_name = run(managers_->find_credentials("admin", soon()));
  ASSERT_TRUE(by_name && *by_name);
  EXPECT_EQ((*by_name)->password_hash, "hash of admin");
  EXPECT_EQ((*by_name)->manager.id, id);
  EXPECT_EQ((*run(managers_->find_credentials(id, soon())))->password_hash, "hash of admin");
  expect_cost(0, 2);
  EXPECT_FALSE(*run(managers_->find_credentials("nobody", soon())));
  EXPECT_FALSE(*run(managers_->find_credentials(ManagerId(99), soon())));
  EXPECT_FALSE(*run(managers_->find(ManagerId(99), soon())));
}

TEST_F(ManagerStoreTest, AListIsNewestFirstOrJustOne) {
  const ManagerId a = create_manager("a");
  create_manager("b");
  create_manager("c");
  const auto names = [&](std::optional<ManagerId> only, int limit, std::int64_t offset) {
    std::vector<std::string> out;
    const auto page = run(managers_->list(only, limit, offset, soon()));
    out.push_back(std::to_string(page->total));
    for (const auto& manager : page->managers) out.push_back(manager.username);
    return out;
  };
  EXPECT_THAT(names({}, 10, 0), ElementsAre("3", "c", "b", "a"));
  EXPECT_THAT(names({}, 1, 1), ElementsAre("3", "b"));
  EXPECT_THAT(names(a, 10, 0), ElementsAre("1", "a"));
  EXPECT_THAT(names(a, 10, 10), ElementsAre("1"));
  EXPECT_THAT(names(ManagerId(99), 10, 0), ElementsAre("0"));
}

TEST_F(ManagerStoreTest, AnUpdateNotesTheFieldsThatChange) {
  const ManagerId id = create_manager("lisi");
  forget_cost();
  ASSERT_TRUE(update(id, {.username = "Li",
                          .username_key = "li",
                          .password_hash = {},
                          .avatar = "/public/a.png",
                          .menu_ids = std::vector<int>{28, 29}}));
  expect_cost(3, 0);
  const auto row = get_manager(id);
  EXPECT_EQ(row.username, "Li");
  EXPECT_EQ(row.avatar, "/public/a.png");
  EXPECT_THAT(row.menu_ids, ElementsAre(28, 29));
  EXPECT_EQ(row.update_time, at(9));
  EXPECT_TRUE(*run(managers_->find_credentials("li", soon())));
  const auto entry = audit().at(0);
  EXPECT_EQ(entry.action, "manager.update");
  EXPECT_EQ(entry.target_name, "lisi");
  EXPECT_EQ(
      entry.before,
      R"({"username":"lisi","avatar":"/public/assets/img/profiles/avatar-01.jpg","auth":""})");
  EXPECT_EQ(entry.after, R"({"username":"Li","avatar":"/public/a.png","auth":"28,29"})");
}

TEST_F(ManagerStoreTest, AnUpdateThatFailsOrChangesNothingIsNotNoted) {
  const ManagerId id = create_manager("lisi");
  create_manager("root");
  const auto before = audit().size();
  EXPECT_EQ(failure(update(id, {.username = "Root", .username_key = "root"})),
            ErrorCode::kConflict);
  EXPECT_EQ(failure(update(ManagerId(99), {.avatar = "/x"})), ErrorCode::kNotFound);
  ASSERT_TRUE(update(id, {.username = "lisi", .username_key = "lisi"}));
  ASSERT_TRUE(update(id, {}));
  EXPECT_EQ(audit().size(), before);
  EXPECT_EQ(get_manager(id).update_time, at(1));
}

TEST_F(ManagerStoreTest, APasswordIsNeverShownAndEndsTheOtherSessions) {
  const ManagerId id = create_manager("lisi");
  const ManagerId other = create_manager("other");
  for (const char* session : {"s1", "s2", "s3"}) ASSERT_TRUE(start(id, session));
  ASSERT_TRUE(start(other, "o1"));
  ASSERT_TRUE(update(id, {.avatar = "/public/b.png"}));
  EXPECT_TRUE(find_session("s1")) << "only a password ends sessions";
  ASSERT_TRUE(update(id, {.password_hash = "new"}, "s2"));
  EXPECT_FALSE(find_session("s1"));
  EXPECT_TRUE(find_session("s2"));
  EXPECT_FALSE(find_session("s3"));
  EXPECT_TRUE(find_session("o1"));
  EXPECT_EQ((*run(managers_->find_credentials(id, soon())))->password_hash, "new");
  EXPECT_EQ(audit().at(0).before, R"({"password":"***"})");
  EXPECT_EQ(audit().at(0).after, R"({"password":"***"})");
}

TEST_F(ManagerStoreTest, DisablingEndsSessionsAndEnablingIsNoted) {
  create_manager("root", true);
  const ManagerId id = create_manager("lisi");
  ASSERT_TRUE(start(id, "s1"));
  EXPECT_EQ(set_enabled(id, false), Outcome::kDone);
  EXPECT_FALSE(find_session("s1"));
  EXPECT_FALSE(get_manager(id).enabled);
  EXPECT_EQ(last_action(), "manager.disable");
  EXPECT_EQ(audit().at(0).after, R"({"status":0})");
  const auto noted = audit().size();
  EXPECT_EQ(set_enabled(id, false), Outcome::kDone);
  EXPECT_EQ(audit().size(), noted) << "it was so already";
  EXPECT_EQ(failure(start(id, "s2")), ErrorCode::kNotFound);
  EXPECT_EQ(set_enabled(id, true), Outcome::kDone);
  EXPECT_EQ(last_action(), "manager.enable");
  EXPECT_EQ(audit().at(0).before, R"({"status":0})");
  EXPECT_TRUE(start(id, "s2"));
  EXPECT_EQ(set_enabled(ManagerId(99), false), Outcome::kNoSuchRow);
}

TEST_F(ManagerStoreTest, ARemovedManagerIsGoneWithItsSessions) {
  create_manager("root", true);
  const ManagerId id = create_manager("lisi");
  ASSERT_TRUE(start(id, "s1"));
  forget_cost();
  EXPECT_EQ(remove_manager(id), Outcome::kDone);
  expect_cost(3, 0);
  EXPECT_FALSE(*run(managers_->find(id, soon())));
  EXPECT_EQ(number("SELECT count(*) FROM manager_session"), 0);
  const auto entry = audit().at(0);
  EXPECT_EQ(entry.action, "manager.delete");
  EXPECT_EQ(entry.target_name, "lisi") << "the name outlives the row";
  EXPECT_EQ(entry.before, R"({"username":"lisi","auth":"","status":1,"super":0})");
  EXPECT_EQ(entry.after, "");
  EXPECT_EQ(remove_manager(id), Outcome::kNoSuchRow);
  EXPECT_GT(create_manager("lisi"), id) << "ids are never used twice";
}

TEST_F(ManagerStoreTest, TheLastEnabledSuperStays) {
  const ManagerId first = create_manager("first", true);
  const ManagerId second = create_manager("second", true);
  create_manager("ordinary");
  EXPECT_EQ(set_enabled(second, false), Outcome::kDone);
  const auto noted = audit().size();
  EXPECT_EQ(set_enabled(first, false), Outcome::kLastSuper);
  EXPECT_EQ(remove_manager(first), Outcome::kLastSuper);
  EXPECT_EQ(audit().size(), noted);
  EXPECT_TRUE(get_manager(first).enabled);
  EXPECT_EQ(remove_manager(second), Outcome::kDone) << "a disabled one does not count";
}

TEST_F(ManagerStoreTest, TwoSupersThatTakeEachOtherDoNotBothSucceed) {
  const auto take = [&](int kind, ManagerId id) {
    return kind == 0 ? managers_->set_enabled(id, false, operator_at(1), soon())
                     : managers_->remove(id, operator_at(1), soon());
  };
  for (int round = 0; round < 12; ++round) {
    ASSERT_TRUE(write("DELETE FROM manager"));
    const ManagerId a = create_manager("a", true);
    const ManagerId b = create_manager("b", true);
    test::Together<Result<Outcome>> both;
    hold_writer();
    both.start(take(round % 2, a));
    both.start(take(round / 2 % 2, b));
    release_writer();
    const auto results = both.finish();
    EXPECT_EQ(std::count_if(results.begin(), results.end(),
                            [](const auto& r) { return *r == Outcome::kDone; }),
              1);
    EXPECT_EQ(number("SELECT count(*) FROM manager WHERE super = 1 AND status = 1"), 1);
  }
}

TEST_F(ManagerStoreTest, AHashIsUpgradedOnlyWhileItIsTheExpectedOne) {
  const ManagerId id = create_manager("lisi");
  const auto noted = audit().size();
  ASSERT_TRUE(run(managers_->replace_password_hash(id, "hash of lisi", "better", soon())));
  ASSERT_TRUE(run(managers_->replace_password_hash(id, "hash of lisi", "late", soon())));
  EXPECT_EQ((*run(managers_->find_credentials(id, soon())))->password_hash, "better");
  EXPECT_EQ(audit().size(), noted);
}

TEST_F(ManagerStoreTest, ASessionIsFoundWithItsManagerAsItIsNow) {
  const ManagerId id = create_manager("lisi");
  forget_cost();
  ASSERT_TRUE(start(id, "s1"));
  expect_cost(2, 0);
  EXPECT_EQ(last_action(), "manager.login");
  EXPECT_EQ(audit().at(0).manager, id);
  ASSERT_TRUE(update(id, {.menu_ids = std::vector<int>{1}}));
  forget_cost();
  const auto found = find_session("s1");
  expect_cost(0, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "s1");
  EXPECT_EQ(found->manager.id, id);
  EXPECT_EQ(found->manager.username, "lisi");
  EXPECT_THAT(found->manager.menu_ids, ElementsAre(1));
  EXPECT_EQ(found->csrf, "csrf of s1");
  EXPECT_EQ(found->last_seen_at, at(2));
  EXPECT_EQ(found->expires_at, at(1'000));
  EXPECT_FALSE(find_session("s2"));
  EXPECT_TRUE(find_session("s1", 999));
  EXPECT_FALSE(find_session("s1", 1'000)) << "expired from the moment it expires";
}

TEST_F(ManagerStoreTest, AManagerDisabledBehindItsSessionIsOut) {
  const ManagerId id = create_manager("lisi");
  ASSERT_TRUE(start(id, "s1"));
  ASSERT_TRUE(write("UPDATE manager SET status = 0"));
  EXPECT_FALSE(find_session("s1"));
}

TEST_F(ManagerStoreTest, SessionsNeedAManager) {
  EXPECT_EQ(failure(start(ManagerId(99), "s1")), ErrorCode::kNotFound);
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(ManagerStoreTest, UseMovesTheExpiry) {
  ASSERT_TRUE(start(create_manager("lisi"), "s1"));
  ASSERT_TRUE(run(managers_->slide_session("s1", at(50), at(2'000), soon())));
  EXPECT_EQ(find_session("s1")->last_seen_at, at(50));
  EXPECT_EQ(find_session("s1")->expires_at, at(2'000));
  EXPECT_TRUE(run(managers_->slide_session("gone", at(50), at(2'000), soon()))) << "no error";
}

TEST_F(ManagerStoreTest, ALogoutIsNotedOnce) {
  const ManagerId id = create_manager("lisi");
  ASSERT_TRUE(start(id, "s1"));
  ASSERT_TRUE(start(id, "s2"));
  const Actor actor{id, "lisi", "192.0.2.1", at(3)};
  ASSERT_TRUE(run(managers_->end_session("s1", actor, soon())));
  ASSERT_TRUE(run(managers_->end_session("s1", actor, soon())));
  EXPECT_FALSE(find_session("s1"));
  EXPECT_TRUE(find_session("s2"));
  const auto logouts = audit({.action = "manager.logout"});
  ASSERT_THAT(logouts, SizeIs(1));
  EXPECT_EQ(logouts[0].target_id, id.value);
}

TEST_F(ManagerStoreTest, SweepingDeletesTheExpiredInSmallBites) {
  const ManagerId id = create_manager("lisi");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(start(id, "old" + std::to_string(i), i));
  ASSERT_TRUE(start(id, "live", 100));
  EXPECT_EQ(*run(managers_->sweep_sessions(at(99), 2, soon())), 2);
  EXPECT_EQ(*run(managers_->sweep_sessions(at(99), 100, soon())), 3);
  EXPECT_EQ(*run(managers_->sweep_sessions(at(99), 100, soon())), 0);
  EXPECT_TRUE(find_session("live"));
}

TEST_F(ManagerStoreTest, StrangeMenuTextsAreReadAsFarAsTheyGo) {
  const ManagerId id = create_manager("lisi");
  ASSERT_TRUE(write("UPDATE manager SET auth = '1,,x,2y, 3,99999999999,29'"));
  EXPECT_THAT(get_manager(id).menu_ids, ElementsAre(1, 29));
  ASSERT_TRUE(write("UPDATE manager SET auth = NULL"));
  EXPECT_THAT(get_manager(id).menu_ids, IsEmpty());
}

}  // namespace
}  // namespace qn::store
