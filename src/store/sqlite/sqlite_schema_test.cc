#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "store/sqlite/sqlite_connection.h"
#include "store/test_support.h"

namespace qn::store {
namespace {

namespace fs = std::filesystem;

constexpr Migration kVersions[] = {
    {1, "0001_item", R"(
CREATE TABLE item (id {{id}}, size {{bigint}} NOT NULL) {{strict}};
INSERT INTO item (size) VALUES (1), (2);)"},
    {2, "0002_double", "UPDATE item SET size = size * 2;"},
    {3, "0003_name", "ALTER TABLE item ADD COLUMN name TEXT;"},
};

constexpr Migration kFailing[] = {
    kVersions[0],
    {2, "0002_wrong", "UPDATE item SET size = 7; INSERT INTO nowhere VALUES (1);"},
};

constexpr Migration kBreakingKeys[] = {
    kVersions[0],
    {2, "0002_keys", R"(
CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id)) STRICT;
INSERT INTO part (item) VALUES (99);)"},
};

class SqliteSchemaTest : public test::DatabaseTest {
 protected:
  Result<MigrationReport> migrate(std::span<const Migration> schema) {
    options_.schema = schema;
    return migrate_sqlite(options_);
  }
  Result<MigrationReport> migrate_to(std::size_t version) {
    return migrate(std::span(kVersions).first(version));
  }

  std::int64_t look(const fs::path& file, std::string_view sql) {
    auto opened = SqliteConnection::open(file, Access::kReadOnly, std::chrono::milliseconds(1'000));
    if (!opened) return -1;
    auto value = (*opened)->integer(sql);
    return value ? *value : -1;
  }
  std::int64_t look(std::string_view sql) { return look(options_.file, sql); }

  // Without what look() leaves behind: only a writer can clean that up.
  std::vector<std::string> files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path())) {
      const std::string name = entry.path().filename();
      if (!name.ends_with("-wal") && !name.ends_with("-shm")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string refusal(Result<MigrationReport> result) {
    EXPECT_FALSE(result.has_value());
    if (result) return "";
    EXPECT_EQ(result.error().code, ErrorCode::kRefused);
    return result.error().text;
  }
};

mode_t mode_of(const fs::path& file) {
  struct stat info {};
  return stat(file.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

using Names = std::vector<std::string>;

TEST_F(SqliteSchemaTest, ANewFileGetsTheWholeSchemaAndBelongsToItsOwner) {
  const auto report = migrate_to(3);
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_EQ(report->before, 0);
  EXPECT_EQ(report->after, 3);
  EXPECT_EQ(look("PRAGMA user_version"), 3);
  EXPECT_EQ(look("SELECT count(*) FROM schema_migration WHERE applied_at > 1600000000000"), 3);
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 6);
  EXPECT_EQ(mode_of(options_.file), 0600u);
  EXPECT_EQ(files(), Names{"qingniao.db"}) << "no copy of a database that was not there";
}

TEST_F(SqliteSchemaTest, TheWordsBecomeSqlite) {
  ASSERT_TRUE(migrate_to(1));
  EXPECT_EQ(look("SELECT count(*) FROM sqlite_schema WHERE name = 'item' AND sql = "
                 "'CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, "
                 "size INTEGER NOT NULL) STRICT'"),
            1);
}

TEST_F(SqliteSchemaTest, TheEmbeddedMigrationsAreWellFormed) {
  int expected = 1;
  for (const Migration& migration : migrations()) EXPECT_EQ(migration.number, expected++);
  ASSERT_TRUE(migrate(migrations()));
  EXPECT_EQ(look("PRAGMA user_version"), static_cast<std::int64_t>(migrations().size()));
  EXPECT_EQ(look("SELECT count(*) FROM sqlite_schema WHERE instr(sql, '{{') > 0"), 0);
  EXPECT_EQ(look("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 "
                 "AND name NOT LIKE 'sqlite%'"),
            0);
}

TEST_F(SqliteSchemaTest, GroupsFromBeforeTheMessageLogTakePartInIt) {
  options_.schema = migrations().first(3);
  open();
  ASSERT_TRUE(
      write("INSERT INTO \"user\" (uuid, username, password, userset, register_time, create_time, "
            "update_time) VALUES ('a', 'a', '', '', 0, 0, 0), ('b', 'b', '', '', 0, 0, 0), "
            "('c', 'c', '', '', 0, 0, 0)"));
  ASSERT_TRUE(
      write("INSERT INTO \"group\" (uuid, user_id, name, create_time, update_time) "
            "VALUES ('g', 1, 'first', 11, 0), ('h', 2, 'second', 22, 0)"));
  ASSERT_TRUE(
      write("INSERT INTO group_user (group_id, user_id, status, create_time, update_time) "
            "VALUES (1, 1, 1, 0, 0), (1, 2, 1, 0, 0), (1, 3, 2, 0, 0), (2, 2, 1, 0, 0)"));
  db_.reset();
  const auto report = migrate(migrations().first(4));
  ASSERT_TRUE(report) << report.error().text << report.error().detail;
  EXPECT_EQ(report->before, 3);
  EXPECT_EQ(look("SELECT count(*) FROM conversation WHERE kind = 'group' AND high = 0 AND "
                 "last_seq = 0 AND create_time = 11 * low"),
            2);
  EXPECT_EQ(look("SELECT count(*) FROM member JOIN conversation ON id = conversation_id WHERE "
                 "delivered_seq = 0 AND left_seq IS NULL AND (low, user_id) IN "
                 "(VALUES (1, 1), (1, 2), (2, 2))"),
            3);
  EXPECT_EQ(look("SELECT count(*) FROM member"), 3) << "who waits is no member";
  EXPECT_EQ(look("SELECT count(*) FROM \"user\" WHERE muted_until IS NULL"), 3);
}

TEST_F(SqliteSchemaTest, PendingMigrationsAreAppliedOnTopOfACopy) {
  ASSERT_TRUE(migrate_to(1));
  const auto report = migrate_to(3);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->before, 1);
  EXPECT_EQ(report->after, 3);
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 6);
  const auto copy = dir_ / "qingniao.db.before-2";
  EXPECT_EQ(look(copy, "PRAGMA user_version"), 1);
  EXPECT_EQ(look(copy, "SELECT sum(size) FROM item"), 3);
  EXPECT_EQ(mode_of(copy), 0600u);
  EXPECT_FALSE(fs::exists(dir_ / "qingniao.db.before-3")) << "one copy for all steps";
}

TEST_F(SqliteSchemaTest, TheCopyHoldsWhatWasStillInTheLog) {
  options_.schema = std::span(kVersions).first(1);
  open();
  ASSERT_TRUE(write("INSERT INTO item (size) VALUES (100)"));
  ASSERT_TRUE(migrate_to(2)) << "while the old program still runs";
  EXPECT_EQ(look(dir_ / "qingniao.db.before-2", "SELECT sum(size) FROM item"), 103);
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 206);
}

TEST_F(SqliteSchemaTest, NothingPendingChangesNothing) {
  ASSERT_TRUE(migrate_to(2));
  const auto report = migrate_to(2);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->before, 2);
  EXPECT_EQ(report->after, 2);
  EXPECT_EQ(files(), Names{"qingniao.db"});
}

TEST_F(SqliteSchemaTest, ANewerDatabaseIsRefusedUntouched) {
  ASSERT_TRUE(migrate_to(3));
  EXPECT_EQ(refusal(migrate_to(1)), "database " + options_.file.string() +
                                        " has schema version 3, this program knows up to 1: "
                                        "use a newer qingniao");
  EXPECT_EQ(look("PRAGMA user_version"), 3);
  EXPECT_EQ(files(), Names{"qingniao.db"});
}

TEST_F(SqliteSchemaTest, AFailedMigrationIsUndone) {
  ASSERT_TRUE(migrate_to(1));
  for (const auto& schema : {std::span(kFailing), std::span(kBreakingKeys)}) {
    const auto result = migrate(schema);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kInternal);
    EXPECT_NE(result.error().text.find("failed and was undone, the schema version is still 1"),
              std::string::npos)
        << result.error().text;
    EXPECT_EQ(look("PRAGMA user_version"), 1);
    EXPECT_EQ(look("SELECT count(*) FROM schema_migration"), 1);
    EXPECT_EQ(look("SELECT sum(size) FROM item"), 3);
  }
  EXPECT_TRUE(migrate_to(3)) << "a corrected program goes on from there";
}

TEST_F(SqliteSchemaTest, AFailureLeavesNoNewFileBehind) {
  const auto result = migrate(kFailing);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInternal);
  EXPECT_EQ(files(), Names{});
}

TEST_F(SqliteSchemaTest, AFileThatIsNoDatabaseIsRefusedUntouched) {
  const std::string text(5'000, 'z');
  std::ofstream(options_.file) << text;
  EXPECT_EQ(refusal(migrate_to(1)), options_.file.string() + " is not a SQLite database");
  EXPECT_EQ(fs::file_size(options_.file), text.size());
  EXPECT_EQ(files(), Names{"qingniao.db"});
}

TEST_F(SqliteSchemaTest, ADatabaseOfAnotherProgramIsRefusedUntouched) {
  sqlite3* other = nullptr;
  sqlite3_open(options_.file.c_str(), &other);
  sqlite3_exec(other, "CREATE TABLE theirs (x)", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  EXPECT_EQ(refusal(migrate_to(1)),
            "database " + options_.file.string() + " belongs to another program");
  EXPECT_EQ(look("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(SqliteSchemaTest, AnEmptyFileIsANewDatabase) {
  std::ofstream(options_.file).flush();
  EXPECT_TRUE(migrate_to(2));
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 6);
}

TEST_F(SqliteSchemaTest, APlaceThatCannotBeWrittenIsRefusedWithItsReason) {
  options_.file = dir_ / "missing/qingniao.db";
  EXPECT_EQ(refusal(migrate_to(1)),
            options_.file.string() + " cannot be created: No such file or directory");
  std::ofstream(dir_ / "file") << "x";
  options_.file = dir_ / "file/qingniao.db";
  EXPECT_EQ(refusal(migrate_to(1)), options_.file.string() + " cannot be created: Not a directory");
  // Nobody may create files there, not even root.
  options_.file = "/proc/self/qingniao.db";
  EXPECT_NE(refusal(migrate_to(1)).find("/proc/self/qingniao.db cannot be created: "),
            std::string::npos);
  options_.file = dir_.path();
  EXPECT_NE(refusal(migrate_to(1)).find("cannot be used: "), std::string::npos);
}

TEST_F(SqliteSchemaTest, AnOddNameIsJustAName) {
  options_.file = dir_ / "file:x?mode=memory";
  EXPECT_TRUE(migrate_to(1));
  EXPECT_TRUE(fs::exists(options_.file));
}

TEST_F(SqliteSchemaTest, ALockedDatabaseIsUnavailable) {
  ASSERT_TRUE(migrate_to(1));
  sqlite3* other = nullptr;
  sqlite3_open(options_.file.c_str(), &other);
  sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  options_.busy_timeout = std::chrono::milliseconds(10);
  const auto result = migrate_to(2);
  sqlite3_close(other);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(result.error().text.find("locked by another process"), std::string::npos);
}

class SqliteSchemaRaceTest : public SqliteSchemaTest {
 protected:
  void race_to(std::size_t version) {
    options_.schema = std::span(kVersions).first(version);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([this] {
        const auto result = migrate_sqlite(options_);
        EXPECT_TRUE(result) << result.error().text << result.error().detail;
      });
    }
    for (auto& thread : threads) thread.join();
  }
};

TEST_F(SqliteSchemaRaceTest, ProgramsThatStartTogetherMigrateOnce) {
  race_to(1);
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 3);
  race_to(3);
  EXPECT_EQ(look("SELECT sum(size) FROM item"), 6) << "doubled once";
  EXPECT_EQ(look("SELECT count(*) FROM schema_migration"), 3);
  EXPECT_EQ(look(dir_ / "qingniao.db.before-2", "SELECT sum(size) FROM item"), 3);
  EXPECT_EQ(files(), (Names{"qingniao.db", "qingniao.db.before-2"}));
}

}  // namespace
}  // namespace qn::store
