#include "store/figure_store.h"

#include <gmock/gmock.h>

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::UserStatus;
using test::at;
using test::new_user;
using test::new_visitor;
using test::run;
using test::soon;
using testing::ElementsAre;
using testing::IsEmpty;

class FigureStoreTest : public test::StoreTest {
 protected:
  FigureStoreTest() : figures_(make_figure_store(counting_)) {}

  FigureStore::Now measure(std::int64_t day_start) {
    auto now = run(figures_->measure(at(day_start), soon()));
    EXPECT_TRUE(now);
    return *now;
  }
  void record(const std::string& day, std::int64_t users, std::int64_t visitors) {
    ASSERT_TRUE(run(figures_->record(day, {{"users", users}, {"visitors", visitors}}, soon())));
  }
  std::vector<std::string> history(const std::string& name, const std::string& first) {
    std::vector<std::string> out;
    const auto days = run(figures_->history(name, first, soon()));
    for (const auto& day : *days) {
      out.push_back(day.day + '=' + std::to_string(day.value));
    }
    return out;
  }
  void log_in(UserId id, const std::string& session, std::int64_t seen) {
    ASSERT_TRUE(
        write("INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, "
              "expires_at, address, user_agent) VALUES ('" +
              session + "', " + std::to_string(id.value) + ", 'user', 0, " +
              std::to_string(to_millis(at(seen))) + ", 9999999999999, '', '')"));
  }

  std::unique_ptr<FigureStore> figures_;
};

TEST_F(FigureStoreTest, NothingIsZero) {
  const auto now = measure(0);
  expect_cost(0, 1);
  EXPECT_EQ(now.users + now.visitors + now.disabled + now.new_users + now.active_users +
                now.uploads + now.upload_bytes + now.messages,
            0);
}

TEST_F(FigureStoreTest, WhatIsTrueNow) {
  const UserId alice = create("alice");
  NewUser late = new_user("late");
  late.now = at(500);
  const UserId bob = create(late);
  create(new_visitor("VIS1", "device-1"));
  const UserId locked = create(new_visitor("VIS2", "device-2"));
  set_status(locked, UserStatus::kLocked, 1);
  NewUser gone = new_user("gone");
  gone.now = at(600);
  remove(create(gone), 601);
  log_in(alice, "a1", 100);
  log_in(alice, "a2", 600);
  log_in(alice, "a3", 700);
  log_in(bob, "b1", 550);
  ASSERT_TRUE(
      write("INSERT INTO upload (owner_type, owner_id, url, name, mime, bytes, created_at) "
            "VALUES ('user', 1, '/a', 'a', 'image/png', 1000, 0), "
            "('user', 1, '/b', 'b', 'image/png', 234, 0)"));

  const auto now = measure(500);
  EXPECT_EQ(now.users, 2);
  EXPECT_EQ(now.visitors, 2);
  EXPECT_EQ(now.disabled, 1);
  EXPECT_EQ(now.new_users, 1) << "the deleted one does not count";
  EXPECT_EQ(now.active_users, 2);
  EXPECT_EQ(now.uploads, 2);
  EXPECT_EQ(now.upload_bytes, 1234);
}

TEST_F(FigureStoreTest, MessagesOfTheDay) {
  ASSERT_TRUE(
      write("INSERT INTO conversation (kind, low, high, create_time) VALUES ('single', 1, 2, 0)"));
  for (int i = 1; i <= 5; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_TRUE(write(
        "INSERT INTO message (conversation_id, seq, uuid, sender_id, hidden_from, type, body, "
        "created_at) VALUES (1, " +
        n + ", 'u', 1, 1, 'text', '{}', " + std::to_string(to_millis(at(i * 100))) + ")"));
  }
  EXPECT_EQ(measure(0).messages, 5);
  EXPECT_EQ(measure(300).messages, 3);
  EXPECT_EQ(measure(501).messages, 0);
}

TEST_F(FigureStoreTest, ADayHasOneRowThatMovesOn) {
  record("2026-11-21", 1, 2);
  record("2026-11-22", 3, 4);
  record("2026-11-22", 5, 4);
  record("2026-11-20", 9, 9);
  EXPECT_THAT(history("users", "2026-11-21"), ElementsAre("2026-11-21=1", "2026-11-22=5"));
  EXPECT_THAT(history("visitors", ""), ElementsAre("2026-11-20=9", "2026-11-21=2", "2026-11-22=4"));
  EXPECT_THAT(history("nothing", ""), IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM daily_figure"), 6);
}

// A figure must not cost a pass over the rows.
TEST_F(FigureStoreTest, CountsReadOnlyIndexes) {
  const auto plan = [&](const std::string& query) {
    std::string text;
    Database::Job job = [&](Connection& c) {
      return c.query("EXPLAIN QUERY PLAN " + query, {},
                     [&](const Row& row) { text += std::string(row.text(3)) + '\n'; });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return text;
  };
  EXPECT_THAT(plan("SELECT count(*) FROM \"user\" WHERE create_time >= 1 AND +is_deleted = 0"),
              testing::HasSubstr("COVERING INDEX user_by_creation"));
  EXPECT_THAT(plan("SELECT id FROM message WHERE created_at >= 1 ORDER BY created_at, id LIMIT 1"),
              testing::HasSubstr("COVERING INDEX message_by_time"));
  EXPECT_THAT(plan("SELECT count(DISTINCT user_id) FROM session WHERE last_seen_at >= 1"),
              testing::HasSubstr("COVERING INDEX session_by_use"));
  EXPECT_THAT(plan("SELECT count(*) FROM \"user\" WHERE is_deleted = 0 AND role IN ('user', "
                   "'visitor') AND status IN (0, 2)"),
              testing::HasSubstr("COVERING INDEX user_by_role"));
}

}  // namespace
}  // namespace qn::store
