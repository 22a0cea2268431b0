#include "store/audit_store.h"

#include <gmock/gmock.h>

#include "store/sql/audit_rows.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;

class AuditStoreTest : public test::StoreTest {
 protected:
  void append(const std::string& manager, const std::string& action, std::int64_t target = 0,
              const std::string& name = "", const std::string& type = "user") {
    const Actor actor{ManagerId(1), manager, "192.0.2." + std::to_string(target), at(target)};
    ASSERT_TRUE(run(audit_->append(actor, action, type, target, name, "{\"k\":1}", soon())));
  }
  std::vector<std::string> actions(const AuditStore::Query& query) {
    std::vector<std::string> out;
    for (const auto& entry : audit(query)) {
      out.push_back(entry.action + ' ' + std::to_string(entry.target_id));
    }
    return out;
  }
};

TEST_F(AuditStoreTest, AnEntryIsKeptAsItIsWritten) {
  append("小李", "user.export", 5, "name");
  expect_cost(1, 0);
  const auto entry = audit().at(0);
  EXPECT_GT(entry.id, 0);
  EXPECT_EQ(entry.created_at, at(5));
  EXPECT_EQ(entry.manager, ManagerId(1));
  EXPECT_EQ(entry.manager_name, "小李");
  EXPECT_EQ(entry.address, "192.0.2.5");
  EXPECT_EQ(entry.action, "user.export");
  EXPECT_EQ(entry.target_type, "user");
  EXPECT_EQ(entry.target_id, 5);
  EXPECT_EQ(entry.target_name, "name");
  EXPECT_EQ(entry.before, "");
  EXPECT_EQ(entry.after, "{\"k\":1}");
}

TEST_F(AuditStoreTest, EntriesAreFoundByEveryCondition) {
  append("root", "user.create", 1, "alice");
  append("root", "user.disable", 1, "alice");
  append("lisi", "user.disable", 2, "bob");
  append("lisi", "manager.login", 3, "lisi", "manager");
  EXPECT_THAT(actions({}),
              ElementsAre("manager.login 3", "user.disable 2", "user.disable 1", "user.create 1"));
  EXPECT_THAT(actions({.action = "user.disable"}), ElementsAre("user.disable 2", "user.disable 1"));
  EXPECT_THAT(actions({.action = "user."}),
              ElementsAre("user.disable 2", "user.disable 1", "user.create 1"));
  EXPECT_THAT(actions({.action = "user"}), IsEmpty());
  EXPECT_THAT(actions({.target_type = "manager"}), ElementsAre("manager.login 3"));
  EXPECT_THAT(actions({.target_type = "user", .target_id = 1}),
              ElementsAre("user.disable 1", "user.create 1"));
  EXPECT_THAT(actions({.keyword = "BOB"}), ElementsAre("user.disable 2"));
  EXPECT_THAT(actions({.keyword = "lis"}), ElementsAre("manager.login 3", "user.disable 2"));
  EXPECT_THAT(actions({.keyword = "192.0.2.3"}), ElementsAre("manager.login 3"));
  EXPECT_THAT(actions({.keyword = "ali", .action = "user.disable"}), ElementsAre("user.disable 1"));
  EXPECT_THAT(actions({.keyword = "bob", .target_type = "user", .target_id = 1}), IsEmpty());
}

TEST_F(AuditStoreTest, AKeywordIsTakenLiterally) {
  append("root", "user.create", 1, "a%b");
  append("root", "user.create", 2, "a_b\\");
  EXPECT_THAT(actions({.keyword = "%"}), ElementsAre("user.create 1"));
  EXPECT_THAT(actions({.keyword = "_"}), ElementsAre("user.create 2"));
  EXPECT_THAT(actions({.keyword = "\\"}), ElementsAre("user.create 2"));
  EXPECT_THAT(actions({.keyword = std::string("\0", 1)}), IsEmpty());
  EXPECT_THAT(actions({.keyword = std::string(100'000, '_')}), IsEmpty());
}

TEST_F(AuditStoreTest, PagesAreNewestFirstWithTheTotal) {
  for (int i = 1; i <= 7; ++i) append("root", i % 2 != 0 ? "user.create" : "user.delete", i);
  for (const char* action : {"", "user."}) {
    forget_cost();
    const auto page =
        run(audit_->find({.action = action, .target_type = "", .limit = 3, .offset = 2}, soon()));
    expect_cost(0, 2);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 7);
    ASSERT_EQ(page->entries.size(), 3u);
    EXPECT_EQ(page->entries[0].target_id, 5);
  }
  const auto exact = run(audit_->find({.action = "user.create", .limit = 1, .offset = 3}, soon()));
  EXPECT_EQ(exact->total, 4);
  EXPECT_EQ(exact->entries.at(0).target_id, 1);
  EXPECT_THAT(run(audit_->find({.limit = 3, .offset = 99}, soon()))->entries, IsEmpty());
}

TEST_F(AuditStoreTest, ATargetAndAnActionAreFoundThroughAnIndex) {
  const auto plan = [&](const std::string& condition) {
    std::string text;
    Database::Job job = [&](Connection& c) {
      return c.query("EXPLAIN QUERY PLAN SELECT * FROM audit_log WHERE " + condition +
                         " ORDER BY id DESC LIMIT 10",
                     {}, [&](const Row& row) { text += row.text(3); });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return text;
  };
  EXPECT_EQ(plan("target_type = 'user' AND target_id = 1 AND ('' = '' OR action = '')"),
            "SEARCH audit_log USING INDEX audit_log_by_target (target_type=? AND target_id=?)");
  EXPECT_EQ(plan("action = 'user.create' AND (0 = 0 OR target_id = 0)"),
            "SEARCH audit_log USING INDEX audit_log_by_action (action=?)");
}

TEST(AuditRows, FieldsAreCompactJson) {
  EXPECT_EQ(audit_json({}), "{}");
  EXPECT_EQ(audit_json({{"text", "a\"b\\\n\x01爱"}, {"number", -5}, {"none", nullptr}}),
            "{\"text\":\"a\\\"b\\\\\\n\\u0001爱\",\"number\":-5,\"none\":null}");
}

TEST(AuditRows, ChangesHoldOnlyWhatDiffers) {
  FieldChanges changes;
  changes.add("same", "a", "a");
  changes.add("number", std::int64_t{1}, std::int64_t{1});
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(changes.before(), "");
  EXPECT_EQ(changes.after(), "");
  changes.add("name", "a", "b");
  changes.add("status", std::int64_t{1}, std::int64_t{0});
  changes.add_password();
  EXPECT_FALSE(changes.empty());
  EXPECT_EQ(changes.before(), R"({"name":"a","status":1,"password":"***"})");
  EXPECT_EQ(changes.after(), R"({"name":"b","status":0,"password":"***"})");
}

}  // namespace
}  // namespace qn::store
