#include "store/fill_initials.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::new_visitor;
using test::run;
using test::soon;

class InitialsTest : public test::StoreTest {
 protected:
  std::string initial(UserId id) {
    std::string text;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id.value};
      return c.query(R"(SELECT initial FROM "user" WHERE id = $1)", params,
                     [&](const Row& row) { text = std::string(row.text(0)); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return text;
  }
  int fill(int limit) { return *run(fill_initials(counting_, limit, soon())); }
};

TEST_F(InitialsTest, EveryStatementThatNamesAUserKeepsTheInitialRight) {
  const UserId alice = create("alice");
  EXPECT_EQ(initial(alice), "A");
  ASSERT_TRUE(run(users_->set_nickname(alice, "张三", at(1), soon())));
  EXPECT_EQ(initial(alice), "Z");
  UserAdminStore::Change rename{.username = "walice", .username_key = "walice"};
  ASSERT_TRUE(run(admin_->update(alice, rename, test::operator_at(2), soon())));
  EXPECT_EQ(initial(alice), "Z") << "the nickname is what is shown";
  ASSERT_TRUE(run(admin_->update(alice, {.nickname = "42"}, test::operator_at(3), soon())));
  EXPECT_EQ(initial(alice), "#");
  ASSERT_TRUE(run(admin_->update(alice, {.nickname = ""}, test::operator_at(4), soon())));
  EXPECT_EQ(initial(alice), "W");

  const auto made = run(admin_->create(test::new_user("李四"), test::operator_at(5), soon()));
  ASSERT_TRUE(made);
  EXPECT_EQ(initial(*made), "L");
}

TEST_F(InitialsTest, AVisitorWhoRegistersKeepsTheInitialOfTheNickname) {
  const UserId plain = create(new_visitor("VIS1", "device-1"));
  const UserId named = create(new_visitor("VIS2", "device-2"));
  ASSERT_TRUE(run(users_->set_nickname(named, "张三", at(1), soon())));
  ASSERT_TRUE(run(users_->upgrade_visitor(plain, "bob", "bob", "h", at(2), soon())));
  ASSERT_TRUE(run(users_->upgrade_visitor(named, "carol", "carol", "h", at(2), soon())));
  EXPECT_EQ(initial(plain), "B");
  EXPECT_EQ(initial(named), "Z");
}

TEST_F(InitialsTest, RowsOfOlderDatabasesAreFilledInSteps) {
  const UserId alice = create("alice");
  const UserId bob = create("bob");
  const UserId carol = create("carol");
  ASSERT_TRUE(run(users_->set_nickname(bob, "王五", at(1), soon())));
  ASSERT_TRUE(
      write("INSERT INTO goodfriend (user_id, friend_id, nickname, create_time, update_time) "
            "VALUES (1, 2, '李四', 0, 0), (2, 1, '', 0, 0)"));
  ASSERT_TRUE(write("UPDATE \"user\" SET initial = ''"));
  EXPECT_EQ(fill(2), 3);  // two users and one remark
  EXPECT_EQ(fill(2), 1);
  forget_cost();
  EXPECT_EQ(fill(2), 0);
  expect_cost(0, 2);
  EXPECT_EQ(initial(alice) + initial(bob) + initial(carol), "AWC");
  EXPECT_EQ(number("SELECT count(*) FROM goodfriend WHERE initial = 'L'"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM goodfriend WHERE initial = ''"), 1) << "no remark";
}

TEST_F(InitialsTest, ATakenBackNicknameIsFilledInWithTheAccountName) {
  const UserId alice = create("alice");
  ASSERT_TRUE(run(users_->set_nickname(alice, "", at(1), soon())));
  EXPECT_EQ(initial(alice), "");
  EXPECT_EQ(fill(10), 1);
  EXPECT_EQ(initial(alice), "A");
}

}  // namespace
}  // namespace qn::store
