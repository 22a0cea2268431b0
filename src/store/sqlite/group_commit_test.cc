#include "store/sqlite/group_commit.h"

#include <stdexcept>

#include "store/test_support.h"

namespace qn::store {
namespace {

using test::code_of;
using test::run;
using test::soon;
using Writes = test::Together<Result<void>>;

constexpr Migration kSchema[] = {{1, "0001_test", R"(
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT;
CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id)) STRICT;)"}};

class GroupCommitTest : public test::DatabaseTest {
 protected:
  GroupCommitTest() { options_.schema = kSchema; }

  static std::string insert(int id) {
    return "INSERT INTO item (id, name) VALUES (" + std::to_string(id) + ", 'n" +
           std::to_string(id) + "')";
  }
  void start(Writes& writes, Database::Job job) {
    writes.start(db_->write(std::move(job), soon()));
  }
  void start_insert(Writes& writes, int id) { start(writes, statement(insert(id))); }

  Histogram& batches() { return metrics_.histogram("qn_commit_batch_size", "", size_buckets()); }
  std::uint64_t commits() {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i <= batches().bounds().size(); ++i) n += batches().bucket(i);
    return n;
  }
  std::uint64_t errors(ErrorCode code) {
    return metrics_.counter("qn_store_errors_total", "", {{"code", std::string(to_string(code))}})
        .value();
  }
};

TEST_F(GroupCommitTest, WhatWaitsTogetherIsCommittedTogether) {
  open();
  hold_writer();
  Writes writes;
  for (int i = 0; i < 64; ++i) start_insert(writes, i);
  EXPECT_EQ(metrics_.gauge("qn_queue_depth", "", {{"queue", "writer"}}).value(), 64);
  release_writer();
  for (const auto& result : writes.finish()) EXPECT_TRUE(result);
  EXPECT_EQ(number("SELECT count(*) FROM item"), 64);
  EXPECT_EQ(commits(), 2u) << "the job that held the writer, and one for all 64";
  EXPECT_EQ(batches().sum(), 65);
  EXPECT_EQ(metrics_.gauge("qn_queue_depth", "", {{"queue", "writer"}}).value(), 0);
}

TEST_F(GroupCommitTest, ASlowDiskMakesBatchesGrow) {
  options_.injected_flush_delay = std::chrono::milliseconds(20);
  open();
  Writes writes;
  for (int i = 0; i < 100; ++i) start_insert(writes, i);
  for (const auto& result : writes.finish()) EXPECT_TRUE(result);
  EXPECT_EQ(batches().sum(), 100);
  EXPECT_LE(commits(), 25u) << "at least four writes to a commit on average";
}

TEST_F(GroupCommitTest, ABatchHasABound) {
  options_.max_batch = 8;
  open();
  hold_writer();
  Writes writes;
  for (int i = 0; i < 20; ++i) start_insert(writes, i);
  release_writer();
  for (const auto& result : writes.finish()) EXPECT_TRUE(result);
  EXPECT_EQ(commits(), 4u) << "1 + 8 + 8 + 4";
}

TEST_F(GroupCommitTest, AFailedJobIsUndoneAlone) {
  open();
  hold_writer();
  Writes writes;
  start_insert(writes, 1);
  start(writes, [](Connection& c) -> Result<void> {
    CHECK_OK(c.execute(insert(2), {}));
    return refused("changed my mind");
  });
  start(writes, [](Connection& c) -> Result<void> {
    CHECK_OK(c.execute(insert(3), {}));
    CHECK_OK(c.execute(insert(1), {}));
    return {};
  });
  start(writes, [](Connection& c) -> Result<void> {
    CHECK_OK(c.execute(insert(4), {}));
    throw std::runtime_error("bug");
  });
  start_insert(writes, 5);
  release_writer();
  const auto results = writes.finish();
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(code_of(results[1]), ErrorCode::kRefused);
  EXPECT_EQ(results[1].error().text, "changed my mind");
  EXPECT_EQ(code_of(results[2]), ErrorCode::kConflict);
  EXPECT_EQ(code_of(results[3]), ErrorCode::kInternal);
  EXPECT_TRUE(results[4]);
  EXPECT_EQ(number("SELECT group_concat(id, '') FROM item"), 15);
  EXPECT_EQ(commits(), 2u);
  EXPECT_TRUE(db_->is_ready()) << "the engine did nothing wrong";
}

TEST_F(GroupCommitTest, FailuresOfTheStoreAreCountedByCause) {
  open();
  ASSERT_TRUE(write(insert(1)));
  EXPECT_EQ(code_of(write(insert(1))), ErrorCode::kConflict);
  EXPECT_EQ(code_of(write("no SQL at all")), ErrorCode::kInternal);
  EXPECT_EQ(
      code_of(run(db_->write([](Connection&) -> Result<void> { return refused("no"); }, soon()))),
      ErrorCode::kRefused);
  EXPECT_EQ(errors(ErrorCode::kConflict), 1u);
  EXPECT_EQ(errors(ErrorCode::kInternal), 1u);
  EXPECT_EQ(errors(ErrorCode::kRefused), 0u) << "a job's own answer is no failure of the store";
}

TEST_F(GroupCommitTest, AFailedCommitReachesEveryCallerOfTheBatch) {
  open();
  hold_writer();
  Writes writes;
  start_insert(writes, 1);
  start(writes, [](Connection& c) -> Result<void> {
    // Makes the COMMIT fail, which nothing in the product's schema can.
    CHECK_OK(c.execute("PRAGMA defer_foreign_keys = ON", {}));
    CHECK_OK(c.execute("INSERT INTO part (item) VALUES (99)", {}));
    return {};
  });
  start_insert(writes, 2);
  release_writer();
  for (const auto& result : writes.finish()) {
    EXPECT_EQ(code_of(result), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(number("SELECT count(*) FROM item"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM part"), 0);
  EXPECT_EQ(errors(ErrorCode::kUnavailable), 3u);
  EXPECT_TRUE(write(insert(1))) << "the next batch is not affected";
  EXPECT_TRUE(db_->is_ready());
}

TEST_F(GroupCommitTest, AJobThatEndsTheTransactionFailsTheBatch) {
  open();
  hold_writer();
  Writes writes;
  start_insert(writes, 1);
  start(writes, statement("ROLLBACK"));
  start_insert(writes, 2);
  release_writer();
  for (const auto& result : writes.finish()) {
    EXPECT_EQ(code_of(result), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(number("SELECT count(*) FROM item"), 0);
  EXPECT_TRUE(write(insert(1)));
}

TEST_F(GroupCommitTest, AFullQueueRefuses) {
  options_.max_queue = 3;
  open();
  hold_writer();
  Writes writes;
  for (int i = 0; i < 4; ++i) start_insert(writes, i);
  EXPECT_TRUE(writes.is_done(3)) << "refused at once";
  release_writer();
  const auto results = writes.finish();
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(code_of(results[3]), ErrorCode::kOverloaded);
  EXPECT_EQ(errors(ErrorCode::kOverloaded), 1u);
  EXPECT_EQ(number("SELECT count(*) FROM item"), 3);
}

TEST_F(GroupCommitTest, AJobThatWaitedTooLongDoesNotRun) {
  open();
  hold_writer();
  Writes writes;
  bool late_ran = false;
  Database::Job late = [&](Connection&) {
    late_ran = true;
    return Result<void>();
  };
  writes.start(db_->write(late, Deadline::after(std::chrono::nanoseconds(0))));
  start_insert(writes, 1);
  release_writer();
  const auto results = writes.finish();
  EXPECT_EQ(code_of(results[0]), ErrorCode::kDeadline);
  EXPECT_TRUE(results[1]);
  EXPECT_FALSE(late_ran);
}

TEST_F(GroupCommitTest, StoppingRunsWhatIsQueuedAndRefusesTheRest) {
  open();
  hold_writer();
  Writes writes;
  for (int i = 0; i < 10; ++i) start_insert(writes, i);
  std::thread stopper([this] { db_->stop(); });
  release_writer();
  stopper.join();
  for (const auto& result : writes.finish()) EXPECT_TRUE(result);
  EXPECT_EQ(code_of(write(insert(50))), ErrorCode::kUnavailable);
  EXPECT_EQ(number("SELECT 1"), -1);
  db_->stop();
  EXPECT_FALSE(std::filesystem::exists(options_.file.string() + "-wal"))
      << "the log is folded into the file";
  open();
  EXPECT_EQ(number("SELECT count(*) FROM item"), 10);
}

TEST_F(GroupCommitTest, ManyCallersOnManyLoops) {
  open();
  std::vector<std::thread> loops;
  for (int t = 0; t < 4; ++t) {
    loops.emplace_back([this, t] {
      Writes writes;
      for (int i = 0; i < 50; ++i) start_insert(writes, t * 50 + i);
      for (const auto& result : writes.finish()) EXPECT_TRUE(result);
    });
  }
  for (auto& loop : loops) loop.join();
  EXPECT_EQ(number("SELECT count(*) FROM item"), 200);
  EXPECT_EQ(batches().sum(), 200);
}

class AnnouncementTest : public GroupCommitTest {
 protected:
  Database& open_listening() {
    auto& db = open();
    db.on_announced([this](std::vector<model::LoggedMessage> messages) {
      calls_.emplace_back();
      for (const auto& message : messages) calls_.back().push_back(message.position);
      if (throws_) throw std::runtime_error("listener");
    });
    return db;
  }

  static model::LoggedMessage message_at(model::LogPosition position) {
    model::LoggedMessage message;
    message.position = position;
    return message;
  }

  // Inserts the item and announces it twice.
  static Database::Job announcing(int id, bool fail = false) {
    return [=](Connection& c) -> Result<void> {
      CHECK_OK(c.execute(insert(id), {}));
      c.announce(message_at(id));
      c.announce(message_at(100 + id));
      if (fail) return refused("changed my mind");
      return {};
    };
  }

  using Calls = std::vector<std::vector<model::LogPosition>>;
  Calls calls_;  // filled before those who wrote go on
  bool throws_ = false;
};

TEST_F(AnnouncementTest, OneCallForEachCommitInTheOrderOfTheLog) {
  open_listening();
  hold_writer();
  Writes writes;
  start(writes, announcing(1));
  start_insert(writes, 2);
  start(writes, announcing(3));
  release_writer();
  for (const auto& result : writes.finish()) EXPECT_TRUE(result);
  EXPECT_EQ(calls_, (Calls{{1, 101, 3, 103}}));
  EXPECT_TRUE(run(db_->write(announcing(4), soon())));
  EXPECT_EQ(calls_, (Calls{{1, 101, 3, 103}, {4, 104}}));
}

TEST_F(AnnouncementTest, WhatIsUndoneIsNotAnnounced) {
  open_listening();
  hold_writer();
  Writes writes;
  start(writes, announcing(1));
  start(writes, announcing(2, true));
  start(writes, [](Connection& c) -> Result<void> {
    c.announce(message_at(9));
    throw std::runtime_error("bug");
  });
  start(writes, announcing(3));
  release_writer();
  writes.finish();
  EXPECT_EQ(calls_, (Calls{{1, 101, 3, 103}}));
}

TEST_F(AnnouncementTest, AFailedCommitAnnouncesNothing) {
  open_listening();
  hold_writer();
  Writes writes;
  start(writes, announcing(1));
  start(writes, [](Connection& c) -> Result<void> {
    CHECK_OK(c.execute("PRAGMA defer_foreign_keys = ON", {}));
    CHECK_OK(c.execute("INSERT INTO part (item) VALUES (99)", {}));
    return {};
  });
  release_writer();
  for (const auto& result : writes.finish()) EXPECT_FALSE(result);
  EXPECT_TRUE(calls_.empty());
  EXPECT_TRUE(run(db_->write(announcing(2), soon())));
  EXPECT_EQ(calls_, (Calls{{2, 102}}));
}

TEST_F(AnnouncementTest, AListenerThatThrowsDoesNotUndoTheCommit) {
  throws_ = true;
  open_listening();
  EXPECT_TRUE(run(db_->write(announcing(1), soon())));
  EXPECT_TRUE(run(db_->write(announcing(2), soon())));
  EXPECT_EQ(number("SELECT count(*) FROM item"), 2);
  EXPECT_EQ(calls_.size(), 2u);
}

TEST_F(AnnouncementTest, NobodyNeedListen) {
  open();
  EXPECT_TRUE(run(db_->write(announcing(1), soon())));
}

}  // namespace
}  // namespace qn::store
