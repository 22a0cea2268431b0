#include <gmock/gmock.h>

#include <algorithm>

#include "base/text.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::Role;
using model::UserStatus;
using test::at;
using test::new_user;
using test::new_visitor;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;
using Order = UserAdminStore::Order;

class UserListingTest : public test::StoreTest {
 protected:
  UserAdminStore::Page list(const UserFilter& filter, Order order = Order::kNewest, int limit = 10,
                            std::int64_t offset = 0) {
    auto page = run(admin_->list(filter, order, limit, offset, soon()));
    EXPECT_TRUE(page);
    return page ? *page : UserAdminStore::Page();
  }
  std::vector<std::string> names(const UserFilter& filter, Order order = Order::kNewest,
                                 int limit = 10, std::int64_t offset = 0) {
    std::vector<std::string> out;
    for (const auto& user : list(filter, order, limit, offset).users) out.push_back(user.username);
    return out;
  }
  std::vector<std::string> search(const std::string& typed) { return names(keyword(typed)); }

  static UserFilter keyword(const std::string& typed) { return {fold_name(typed), {}, {}}; }
  static UserFilter role(Role role) { return {"", role, {}}; }
  static UserFilter status(UserStatus status) { return {"", {}, status}; }

  void create_many(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "u" + std::to_string(i);
      create(i % 4 == 0 ? new_visitor(name, "device" + name) : new_user(name));
    }
  }
  void set_nickname(UserId id, const std::string& nickname) {
    ASSERT_TRUE(run(users_->set_nickname(id, nickname, at(1), soon())));
  }
  void log_in(UserId id, std::int64_t ms, const std::string& session) {
    ASSERT_TRUE(
        write("INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, "
              "expires_at, address, user_agent) VALUES ('" +
              session + "', " + std::to_string(id.value) + ", 'user', 0, " +
              std::to_string(to_millis(at(ms))) + ", 9999999999999, '', '')"));
  }

  // Every page of every size in both orders is a piece of `newest_first`.
  void expect_pages(const UserFilter& filter, std::vector<std::int64_t> newest_first) {
    for (const Order order : {Order::kNewest, Order::kOldest}) {
      for (const int limit : {1, 3, 10, 100}) {
        for (std::int64_t offset = 0; offset <= std::ssize(newest_first) + 2; ++offset) {
          const auto page = list(filter, order, limit, offset);
          ASSERT_EQ(page.total, std::ssize(newest_first));
          std::vector<std::int64_t> got;
          for (const auto& user : page.users) got.push_back(user.id.value);
          const auto begin = std::min(offset, std::ssize(newest_first));
          const auto end = std::min(offset + limit, std::ssize(newest_first));
          ASSERT_EQ(got, std::vector<std::int64_t>(newest_first.begin() + begin,
                                                   newest_first.begin() + end))
              << "limit " << limit << " offset " << offset;
        }
      }
      std::reverse(newest_first.begin(), newest_first.end());
    }
  }
  std::vector<std::int64_t> ids(const std::string& condition) {
    std::vector<std::int64_t> out;
    Database::Job job = [&](Connection& c) {
      return c.query(
          "SELECT id FROM \"user\" WHERE is_deleted = 0 AND " + condition + " ORDER BY id DESC", {},
          [&](const Row& row) { out.push_back(row.integer(0)); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return out;
  }
};

TEST_F(UserListingTest, AnEmptyTableHasAnEmptyPage) {
  const auto page = list({});
  EXPECT_THAT(page.users, IsEmpty());
  EXPECT_EQ(page.total, 0);
}

TEST_F(UserListingTest, ALineHoldsWhatIsShown) {
  const UserId id = create(new_visitor("VIS1", "device-1"));
  set_nickname(id, "小明");
  set_status(id, UserStatus::kLocked, 5);
  const auto page = list({});
  ASSERT_EQ(page.users.size(), 1u);
  const UserLine& line = page.users[0];
  EXPECT_EQ(line.id, id);
  EXPECT_EQ(line.username, "VIS1");
  EXPECT_EQ(line.nickname, "小明");
  EXPECT_EQ(line.avatar, "/a.png");
  EXPECT_EQ(line.role, Role::kVisitor);
  EXPECT_EQ(line.status, UserStatus::kLocked);
  EXPECT_EQ(line.create_time, at(0));
  EXPECT_EQ(line.last_seen, std::nullopt);
}

TEST_F(UserListingTest, LastSeenIsTheLatestSessionElseTheLastLogin) {
  const UserId id = create("alice");
  ASSERT_TRUE(run(users_->touch_login(id, "", at(30), soon())));
  EXPECT_EQ(list({}).users[0].last_seen, at(30));
  log_in(id, 10, "s1");
  log_in(id, 20, "s2");
  EXPECT_EQ(list({}).users[0].last_seen, at(20));
}

TEST_F(UserListingTest, PagesWithoutGaps) {
  create_many(25);
  expect_pages({}, ids("true"));
}

TEST_F(UserListingTest, PagesAroundDeletedUsers) {
  create_many(30);
  for (const int id : {1, 7, 8, 9, 15, 20, 29, 30}) remove(UserId(id), 1);
  expect_pages({}, ids("true"));
}

// Only an import can leave holes.
TEST_F(UserListingTest, PagesAroundHoles) {
  create_many(30);
  remove(UserId(11), 1);
  ASSERT_TRUE(write("DELETE FROM \"user\" WHERE id IN (2, 3, 4, 18, 19, 25)"));
  expect_pages({}, ids("true"));
}

TEST_F(UserListingTest, PagesOfEveryFilter) {
  create_many(24);
  for (const int id : {3, 4, 5, 13}) set_status(UserId(id), UserStatus::kDisabled, 1);
  remove(UserId(9), 1);
  expect_pages(role(Role::kVisitor), ids("role = 'visitor'"));
  expect_pages(role(Role::kUser), ids("role = 'user'"));
  expect_pages(role(Role::kAdmin), {});
  expect_pages(status(UserStatus::kDisabled), ids("status = 0"));
  expect_pages(status(UserStatus::kNormal), ids("status = 1"));
  expect_pages({"", Role::kVisitor, UserStatus::kDisabled}, ids("status = 0 AND role = 'visitor'"));
  expect_pages({"u1", {}, {}}, ids("username LIKE '%u1%'"));
  expect_pages({"u1", Role::kUser, UserStatus::kNormal},
               ids("username LIKE '%u1%' AND role = 'user' AND status = 1"));
}

TEST_F(UserListingTest, NamesAndNicknamesAreSearchedInAnySpelling) {
  set_nickname(create("alice"), "Wonderland");
  set_nickname(create("bob"), "爱丽丝");
  create("carol");
  EXPECT_THAT(search("ALI"), ElementsAre("alice"));
  EXPECT_THAT(search("wonder"), ElementsAre("alice"));
  EXPECT_THAT(search("\xef\xbc\xa2ob"), ElementsAre("bob")) << "full-width B";
  EXPECT_THAT(search("丽丝"), ElementsAre("bob"));
  EXPECT_THAT(search("nobody"), IsEmpty());
  EXPECT_THAT(search("o"), ElementsAre("carol", "bob", "alice"));
}

TEST_F(UserListingTest, DeletedUsersAreNeitherListedNorFound) {
  const UserId id = create("gone");
  remove(id, 1);
  EXPECT_THAT(search("gone"), IsEmpty());
  EXPECT_THAT(search(std::to_string(id.value)), IsEmpty());
  EXPECT_EQ(list({}).total, 0);
}

TEST_F(UserListingTest, AnIdFindsThatUserFirstAndNamesToo) {
  create_many(14);  // u0 … u13 with the ids 1 … 14
  EXPECT_THAT(search("3"), ElementsAre("u2", "u13", "u3"));
  EXPECT_EQ(list(keyword("3")).total, 3);
  EXPECT_THAT(names(keyword("3"), Order::kOldest), ElementsAre("u2", "u3", "u13"));
  EXPECT_THAT(names(keyword("3"), Order::kNewest, 1, 0), ElementsAre("u2"));
  EXPECT_THAT(names(keyword("3"), Order::kNewest, 1, 1), ElementsAre("u13"));
  EXPECT_THAT(names(keyword("3"), Order::kNewest, 5, 2), ElementsAre("u3"));
  EXPECT_THAT(search("１４"), ElementsAre("u13")) << "full-width digits";
  EXPECT_THAT(names({"3", Role::kVisitor, {}}), IsEmpty()) << "the other conditions hold too";
  EXPECT_THAT(search("99999999999999999999999"), IsEmpty());
  EXPECT_THAT(search("-3"), IsEmpty());
}

TEST_F(UserListingTest, HostileNamesAreFoundLiterally) {
  const std::string marks = [] {
    std::string text = "z";
    for (int i = 0; i < 1'000; ++i) text += "\u0315";
    return text;
  }();
  const std::string rtl = "\u202eevil\u05d0\u05d1";
  const std::string family = "\U0001F468\u200d\U0001F469\u200d\U0001F467";
  int count = 0;
  for (const auto& name :
       {std::string("plain"), std::string("per%cent"), std::string("under_score"),
        std::string("back\\slash"), std::string("it's;--"), marks, rtl, family}) {
    NewUser user = new_user("user" + std::to_string(++count));
    user.username = name;
    user.username_key = fold_name(name);
    create(user);
  }
  EXPECT_THAT(search("%"), ElementsAre("per%cent"));
  EXPECT_THAT(search("_"), ElementsAre("under_score"));
  EXPECT_THAT(search("\\"), ElementsAre("back\\slash"));
  EXPECT_THAT(search("r%c"), ElementsAre("per%cent"));
  EXPECT_THAT(search("p%n"), IsEmpty());
  EXPECT_THAT(search("' OR 1=1"), IsEmpty());
  EXPECT_THAT(search("it's"), ElementsAre("it's;--"));
  EXPECT_THAT(search(marks), ElementsAre(marks));
  EXPECT_THAT(search("evil"), ElementsAre(rtl));
  EXPECT_THAT(search("\U0001F469"), ElementsAre(family));
  EXPECT_THAT(search(std::string("\0", 1)), IsEmpty());
  EXPECT_THAT(search(std::string(100'000, '%')), IsEmpty());
  EXPECT_THAT(search(std::string(100'000, 'a')), IsEmpty());
}

TEST_F(UserListingTest, AnExportGoesThroughAllInSteps) {
  create_many(7);
  remove(UserId(5), 1);
  std::vector<std::int64_t> seen;
  UserId before(std::numeric_limits<std::int64_t>::max());
  for (;;) {
    const auto step = run(admin_->list_before({}, before, 2, soon()));
    ASSERT_TRUE(step);
    if (step->empty()) break;
    for (const auto& user : *step) seen.push_back(user.id.value);
    before = step->back().id;
  }
  EXPECT_THAT(seen, ElementsAre(7, 6, 4, 3, 2, 1));
}

TEST_F(UserListingTest, AnExportHasTheFilterOfTheList) {
  create_many(14);
  const auto names_before = [&](const UserFilter& filter) {
    std::vector<std::string> names;
    const UserId end(std::numeric_limits<std::int64_t>::max());
    const auto found = run(admin_->list_before(filter, end, 100, soon()));
    for (const auto& user : *found) {
      names.push_back(user.username);
    }
    return names;
  };
  EXPECT_THAT(names_before(role(Role::kVisitor)), ElementsAre("u12", "u8", "u4", "u0"));
  EXPECT_THAT(names_before(keyword("3")), ElementsAre("u13", "u3", "u2"));
  EXPECT_THAT(names_before({"1", Role::kUser, {}}), ElementsAre("u13", "u11", "u10", "u1"));
  EXPECT_THAT(names_before(keyword("%")), IsEmpty());
  EXPECT_THAT(names_before(keyword(std::string("\0", 1))), IsEmpty());
}

TEST_F(UserListingTest, CostsInStatements) {
  create_many(40);
  forget_cost();
  list({});
  expect_cost(0, 2 + 10);  // extent, ids, and each line
  list({}, Order::kNewest, 10, 15);
  expect_cost(0, 3 + 10);  // and the deleted ones in between
  list({}, Order::kNewest, 10, 1'000);
  expect_cost(0, 1);
  list(role(Role::kVisitor));
  expect_cost(0, 3 + 10);  // extent, count, ids
  list(keyword("nobody"));
  expect_cost(0, 1);
  list(keyword("4711"));
  expect_cost(0, 2);
  list(keyword("u3"), Order::kNewest, 5);
  expect_cost(0, 1 + 5);
}

// Neither counting nor searching reads the wide rows.
TEST_F(UserListingTest, SearchingReadsOnlyItsIndex) {
  bool covered = false;
  Database::Job job = [&](Connection& c) {
    return c.query(
        "EXPLAIN QUERY PLAN SELECT id FROM \"user\" WHERE is_deleted = 0 AND search_key LIKE 'x' "
        "ESCAPE '\\' AND id <> 1 AND ('' = '' OR role = '') AND (1 < 0 OR status = 1) "
        "ORDER BY id DESC",
        {}, [&](const Row& row) {
          covered = row.text(3).find("COVERING INDEX user_list") != std::string_view::npos;
          EXPECT_EQ(row.text(3).find("TEMP B-TREE"), std::string_view::npos);
        });
  };
  ASSERT_TRUE(run(db_->read(job, soon())));
  EXPECT_TRUE(covered);
}

}  // namespace
}  // namespace qn::store
