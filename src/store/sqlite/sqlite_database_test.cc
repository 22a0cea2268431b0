#include "store/sqlite/sqlite_database.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <atomic>

#include "store/test_support.h"

namespace qn::store {
namespace {

namespace fs = std::filesystem;

using test::code_of;
using test::eventually;
using test::run;
using test::soon;

constexpr Migration kSchema[] = {
    {1, "0001_test", "CREATE TABLE item (id INTEGER PRIMARY KEY, body TEXT) STRICT;"}};

// What another process does to the file.
class Stranger {
 public:
  explicit Stranger(const fs::path& file) { sqlite3_open(file.c_str(), &db_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger() { sqlite3_close(db_); }
  void operator()(const char* sql) {
    EXPECT_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
  }

 private:
  sqlite3* db_ = nullptr;
};

// Lets no file grow beyond a size, as a full disk does.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    previous_action_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &previous_);
    rlimit limit = previous_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &previous_);
    signal(SIGXFSZ, previous_action_);
  }

 private:
  rlimit previous_{};
  sighandler_t previous_action_ = SIG_DFL;
};

class SqliteDatabaseTest : public test::DatabaseTest {
 protected:
  SqliteDatabaseTest() { options_.schema = kSchema; }

  Result<void> insert(std::size_t bytes = 10) {
    return write("INSERT INTO item (body) VALUES ('" + std::string(bytes, 'x') + "')");
  }
};

TEST_F(SqliteDatabaseTest, WhatWasWrittenIsThereAfterReopening) {
  open();
  ASSERT_TRUE(insert());
  open();
  EXPECT_EQ(number("SELECT count(*) FROM item"), 1);
}

TEST_F(SqliteDatabaseTest, SettingsAreTheOnesPromised) {
  open();
  std::vector<std::int64_t> writer;
  Database::Job look = [&](Connection& c) -> Result<void> {
    for (const auto* sql : {"PRAGMA synchronous", "PRAGMA foreign_keys", "PRAGMA mmap_size"}) {
      CHECK_OK(c.query(sql, {}, [&](const Row& row) { writer.push_back(row.integer(0)); }));
    }
    return {};
  };
  ASSERT_TRUE(run(db_->write(look, soon())));
  EXPECT_EQ(writer, (std::vector<std::int64_t>{2, 1, 0}));
  options_.durability = Durability::kNormal;
  open();
  writer.clear();
  ASSERT_TRUE(run(db_->write(look, soon())));
  EXPECT_EQ(writer[0], 1);
}

TEST_F(SqliteDatabaseTest, AReadSeesEveryWriteThatReturned) {
  open();
  for (int i = 1; i <= 200; ++i) {
    ASSERT_TRUE(insert());
    ASSERT_EQ(number("SELECT count(*) FROM item"), i);
  }
}

TEST_F(SqliteDatabaseTest, AllStatementsOfAReadSeeTheSameState) {
  open();
  std::int64_t before = -1;
  std::int64_t after = -1;
  Database::Job job = [&](Connection& c) -> Result<void> {
    CHECK_OK(
        c.query("SELECT count(*) FROM item", {}, [&](const Row& row) { before = row.integer(0); }));
    EXPECT_TRUE(insert());
    return c.query("SELECT count(*) FROM item", {},
                   [&](const Row& row) { after = row.integer(0); });
  };
  ASSERT_TRUE(run(db_->read(job, soon())));
  EXPECT_EQ(before, after);
  EXPECT_EQ(number("SELECT count(*) FROM item"), after + 1);
}

TEST_F(SqliteDatabaseTest, AReadJobCannotWrite) {
  open();
  EXPECT_EQ(code_of(run(db_->read(statement("DELETE FROM item"), soon()))), ErrorCode::kInternal);
}

TEST_F(SqliteDatabaseTest, ReadersHaveABoundedQueueAndDeadlines) {
  options_.readers = 1;
  options_.max_queue = 2;
  open();
  Database::Job hold = [this](Connection&) {
    holding_.release();
    go_on_.acquire();
    return Result<void>();
  };
  std::thread holder([&] { EXPECT_TRUE(run(db_->read(hold, soon()))); });
  holding_.acquire();
  test::Together<Result<void>> reads;
  reads.start(db_->read(statement("SELECT 1"), soon()));
  reads.start(db_->read(statement("SELECT 1"), Deadline::after(std::chrono::nanoseconds(0))));
  reads.start(db_->read(statement("SELECT 1"), soon()));
  EXPECT_TRUE(reads.is_done(2));
  EXPECT_EQ(metrics_.gauge("qn_queue_depth", "", {{"queue", "readers"}}).value(), 2);
  go_on_.release();
  const auto results = reads.finish();
  holder.join();
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(code_of(results[1]), ErrorCode::kDeadline);
  EXPECT_EQ(code_of(results[2]), ErrorCode::kOverloaded);
}

TEST_F(SqliteDatabaseTest, AChangeByAnotherProcessIsNoticed) {
  std::atomic<int> calls{0};
  open().on_foreign_change([&] { ++calls; });
  ASSERT_TRUE(insert());
  {
    Stranger stranger(options_.file);
    stranger("INSERT INTO item (body) VALUES ('by another')");
    EXPECT_TRUE(eventually([&] { return calls > 0; })) << "by an idle writer";
  }
  const int after_first = calls;
  options_.idle_look = std::chrono::hours(1);
  open().on_foreign_change([&] { ++calls; });
  Stranger stranger(options_.file);
  stranger("INSERT INTO item (body) VALUES ('by another')");
  ASSERT_TRUE(insert());
  EXPECT_EQ(calls, after_first + 1) << "before a write returns";
}

TEST_F(SqliteDatabaseTest, OurOwnWritesAreNotForeign) {
  std::atomic<int> calls{0};
  open().on_foreign_change([&] { ++calls; });
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(insert(200'000)) << "enough to fold the log into the file on the way";
    ASSERT_GT(number("SELECT count(*) FROM item"), 0);
  }
  EXPECT_EQ(calls, 0);
}

TEST_F(SqliteDatabaseTest, ALockedDatabaseIsUnavailableUntilTheLockIsGone) {
  options_.busy_timeout = std::chrono::milliseconds(20);
  open();
  Stranger stranger(options_.file);
  stranger("BEGIN IMMEDIATE");
  EXPECT_EQ(code_of(insert()), ErrorCode::kUnavailable);
  EXPECT_FALSE(db_->is_ready());
  EXPECT_EQ(number("SELECT count(*) FROM item"), 0) << "reading goes on";
  stranger("COMMIT");
  EXPECT_TRUE(insert());
  EXPECT_TRUE(db_->is_ready());
}

TEST_F(SqliteDatabaseTest, DeadlinesHoldWhileTheDatabaseIsLocked) {
  options_.busy_timeout = std::chrono::minutes(10);
  open();
  Stranger stranger(options_.file);
  stranger("BEGIN IMMEDIATE");
  test::Together<Result<void>> writes;
  for (int i = 0; i < 3; ++i) {
    writes.start(
        db_->write(statement("DELETE FROM item"), Deadline::after(std::chrono::milliseconds(20))));
  }
  for (const auto& result : writes.finish()) EXPECT_EQ(code_of(result), ErrorCode::kDeadline);
  EXPECT_TRUE(eventually([&] { return !db_->is_ready(); }));
  stranger("COMMIT");
  EXPECT_TRUE(insert());
  EXPECT_TRUE(db_->is_ready());
}

TEST_F(SqliteDatabaseTest, AFailingDiskIsReportedAndRecoveredFrom) {
  open();
  ASSERT_TRUE(insert());
  {
    const FileSizeLimit limit(fs::file_size(options_.file.string() + "-wal") + 1'000);
    EXPECT_EQ(code_of(insert(100'000)), ErrorCode::kUnavailable);
    EXPECT_FALSE(db_->is_ready());
    EXPECT_EQ(number("SELECT count(*) FROM item"), 1);
  }
  EXPECT_TRUE(eventually([&] { return db_->is_ready(); })) << "without a write by anyone";
  EXPECT_TRUE(insert(100'000));
  EXPECT_EQ(number("SELECT count(*) FROM item"), 2);
}

TEST_F(SqliteDatabaseTest, AFullDiskHarmsOnlyTheJobsThatNeedRoom) {
  open();
  ASSERT_TRUE(insert());
  ASSERT_TRUE(write("PRAGMA max_page_count = 10"));
  EXPECT_EQ(code_of(insert(100'000)), ErrorCode::kUnavailable);
  EXPECT_TRUE(write("UPDATE item SET body = 'y'"));
  ASSERT_TRUE(write("PRAGMA max_page_count = 1000000"));
  EXPECT_TRUE(insert(100'000));
  EXPECT_TRUE(db_->is_ready());
}

TEST_F(SqliteDatabaseTest, AFolderThatWasMovedAwayStopsWritesUntilItIsBack) {
  const auto folder = dir_ / "data";
  fs::create_directory(folder);
  options_.file = folder / "qingniao.db";
  open();
  ASSERT_TRUE(insert());
  fs::rename(folder, dir_ / "elsewhere");
  EXPECT_EQ(code_of(insert()), ErrorCode::kUnavailable);
  EXPECT_FALSE(db_->is_ready());
  fs::rename(dir_ / "elsewhere", folder);
  EXPECT_TRUE(eventually([&] { return db_->is_ready(); }));
  EXPECT_TRUE(insert());
  open();
  EXPECT_EQ(number("SELECT count(*) FROM item"), 2);
}

}  // namespace
}  // namespace qn::store
