#include "store/sqlite/sqlite_connection.h"

#include <sqlite3.h>

#include <stdexcept>

#include "store/sqlite/sqlite_error.h"
#include "store/test_support.h"

namespace qn::store {
namespace {

using test::TempDir;

constexpr std::string_view kSelectItem = "SELECT name FROM item WHERE id = $1";

class SqliteConnectionTest : public testing::Test {
 protected:
  SqliteConnectionTest() {
    sqlite3* created = nullptr;
    sqlite3_open((dir_ / "x.db").c_str(), &created);
    sqlite3_exec(created,
                 "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size INTEGER) "
                 "STRICT",
                 nullptr, nullptr, nullptr);
    sqlite3_close(created);
    db_ = open(Access::kReadWrite);
  }

  std::unique_ptr<SqliteConnection> open(Access access) {
    auto opened = SqliteConnection::open(dir_ / "x.db", access, std::chrono::milliseconds(10));
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }

  Result<std::int64_t> insert(std::int64_t id, const Param& name, const Param& size) {
    const Param params[] = {id, name, size};
    return db_->execute("INSERT INTO item (id, name, size) VALUES ($1, $2, $3)", params);
  }

  std::string select(std::string_view sql, std::vector<Param> params) {
    std::string rows;
    auto result =
        db_->query(sql, params, [&](const Row& row) { rows += std::string(row.text(0)) + ";"; });
    return result ? rows : result.error().detail;
  }

  ErrorCode failure(std::string_view sql, std::vector<Param> params = {}) {
    auto result = db_->execute(sql, params);
    EXPECT_FALSE(result.has_value()) << sql;
    return result ? ErrorCode::kInvalid : result.error().code;
  }

  TempDir dir_;
  std::unique_ptr<SqliteConnection> db_;
};

TEST_F(SqliteConnectionTest, ValuesComeBackAsTheyWent) {
  const std::int64_t big = INT64_MAX;
  const std::string with_zero("a\0b", 3);
  ASSERT_TRUE(insert(1, with_zero, big));
  ASSERT_TRUE(insert(2, nullptr, nullptr));
  ASSERT_TRUE(insert(3, std::string_view(), INT64_MIN));
  int rows = 0;
  auto read = db_->query("SELECT name, size FROM item ORDER BY id", {}, [&](const Row& row) {
    ++rows;
    if (rows == 1) {
      EXPECT_EQ(row.text(0), with_zero);
      EXPECT_EQ(row.integer(1), big);
      EXPECT_EQ(row.optional_text(0), with_zero);
    } else if (rows == 2) {
      EXPECT_TRUE(row.is_null(0));
      EXPECT_EQ(row.text(0), "");
      EXPECT_EQ(row.integer(1), 0);
      EXPECT_EQ(row.optional_text(0), std::nullopt);
      EXPECT_EQ(row.optional_time(1), std::nullopt);
    } else {
      EXPECT_FALSE(row.is_null(0)) << "an empty text is not NULL";
      EXPECT_EQ(row.time(1), time_from_millis(INT64_MIN));
    }
  });
  EXPECT_TRUE(read);
  EXPECT_EQ(rows, 3);
}

TEST_F(SqliteConnectionTest, ParametersAreNumberedInAnyOrderAndMayRepeat) {
  EXPECT_EQ(select("SELECT $2 || $1 || $2 || $3", {"a", "b", "c"}), "babc;");
  EXPECT_EQ(select("SELECT $10 || $1 || $2 || $3 || $4 || $5 || $6 || $7 || $8 || $9",
                   {"1", "2", "3", "4", "5", "6", "7", "8", "9", "ten"}),
            "ten123456789;");
}

TEST_F(SqliteConnectionTest, ParametersMustFitTheStatement) {
  EXPECT_EQ(failure("DELETE FROM item WHERE id = $1"), ErrorCode::kInternal);
  EXPECT_EQ(failure("DELETE FROM item WHERE id = $1", {std::int64_t{1}, std::int64_t{2}}),
            ErrorCode::kInternal);
  EXPECT_EQ(failure("DELETE FROM item WHERE id = $2", {std::int64_t{1}}), ErrorCode::kInternal);
  EXPECT_EQ(failure("DELETE FROM item WHERE id = ?", {std::int64_t{1}}), ErrorCode::kInternal);
  EXPECT_EQ(failure("DELETE FROM item WHERE id = :a", {std::int64_t{1}}), ErrorCode::kInternal);
}

TEST_F(SqliteConnectionTest, ExactlyOneStatementIsTaken) {
  EXPECT_EQ(failure("DELETE FROM item; DELETE FROM item"), ErrorCode::kInternal);
  EXPECT_EQ(failure(""), ErrorCode::kInternal);
  EXPECT_TRUE(db_->execute("DELETE FROM item;\n", {}));
}

TEST_F(SqliteConnectionTest, DoubleQuotesAreNamesOnly) {
  EXPECT_EQ(failure("DELETE FROM item WHERE name = \"a text\""), ErrorCode::kInternal);
}

TEST_F(SqliteConnectionTest, ExecuteTellsHowManyRowsChanged) {
  for (std::int64_t i = 0; i < 5; ++i) ASSERT_TRUE(insert(i, nullptr, i));
  EXPECT_EQ(*db_->execute("UPDATE item SET size = 0 WHERE size > 2", {}), 2);
  EXPECT_EQ(*db_->execute("SELECT 1", {}), 0);
  EXPECT_EQ(*db_->execute("CREATE TABLE other (id INTEGER)", {}), 0);
  EXPECT_EQ(*db_->execute("DELETE FROM item WHERE id = 99", {}), 0);
}

TEST_F(SqliteConnectionTest, StatementsArePreparedOnceAndCanNest) {
  ASSERT_TRUE(insert(1, "a", nullptr));
  ASSERT_TRUE(insert(2, "b", nullptr));
  const std::string sql(kSelectItem);  // equal text, another address
  const Param one[] = {std::int64_t{1}};
  const Param two[] = {std::int64_t{2}};
  std::string seen;
  auto outer = db_->query(kSelectItem, one, [&](const Row& row) {
    auto inner = db_->query(sql, two, [&](const Row& r) { seen += r.text(0); });
    EXPECT_TRUE(inner);
    seen += row.text(0);
  });
  EXPECT_TRUE(outer);
  EXPECT_EQ(seen, "ba");
}

TEST_F(SqliteConnectionTest, ManyDifferentTextsDoNotPileUp) {
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_EQ(select("SELECT '" + std::to_string(i) + "'", {}), std::to_string(i) + ";");
  }
}

TEST_F(SqliteConnectionTest, StatementsAreCounted) {
  const auto before = db_->statements();
  ASSERT_TRUE(insert(1, "a", nullptr));
  select(kSelectItem, {std::int64_t{1}});
  ASSERT_TRUE(db_->command("BEGIN"));
  ASSERT_TRUE(db_->command("COMMIT"));
  EXPECT_EQ(db_->statements() - before, 2u) << "what the engine does itself does not count";
}

TEST_F(SqliteConnectionTest, ErrorsAreTyped) {
  ASSERT_TRUE(
      db_->script("PRAGMA foreign_keys = ON; CREATE TABLE part (id INTEGER PRIMARY KEY, "
                  "item INTEGER NOT NULL REFERENCES item (id), n INTEGER CHECK (n > 0)) "
                  "STRICT"));
  ASSERT_TRUE(insert(1, "a", nullptr));
  EXPECT_EQ(failure("INSERT INTO item (id) VALUES (1)"), ErrorCode::kConflict);
  EXPECT_EQ(failure("INSERT INTO item (name) VALUES ('a')"), ErrorCode::kConflict);
  EXPECT_EQ(failure("INSERT INTO part (item) VALUES (9)"), ErrorCode::kConflict);
  EXPECT_EQ(failure("INSERT INTO part (item) VALUES (NULL)"), ErrorCode::kInternal);
  EXPECT_EQ(failure("INSERT INTO part (item, n) VALUES (1, 0)"), ErrorCode::kInternal);
  EXPECT_EQ(failure("INSERT INTO item (size) VALUES ('x')"), ErrorCode::kInternal);
  EXPECT_EQ(failure("SELECT * FROM nothing"), ErrorCode::kInternal);
}

TEST_F(SqliteConnectionTest, EngineTroubleIsUnavailable) {
  for (const int code : {SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED, SQLITE_FULL,
                         SQLITE_IOERR_WRITE, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_NOMEM,
                         SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_PROTOCOL}) {
    EXPECT_EQ(sqlite_error(code, "").code, ErrorCode::kUnavailable) << code;
  }
  EXPECT_EQ(sqlite_error(SQLITE_INTERRUPT, "").code, ErrorCode::kDeadline);
  EXPECT_EQ(sqlite_error(SQLITE_ERROR, "").code, ErrorCode::kInternal);
}

TEST_F(SqliteConnectionTest, AfterAFailedStatementTheRestOfTheJobFailsToo) {
  ASSERT_TRUE(insert(1, "a", nullptr));
  bool second_ran = true;
  auto result = db_->run_job([&](Connection& c) {
    static_cast<void>(c.execute("INSERT INTO item (name) VALUES ('a')", {}));
    second_ran = c.execute("INSERT INTO item (name) VALUES ('b')", {}).has_value();
    return Result<void>();
  });
  EXPECT_FALSE(second_ran);
  EXPECT_EQ(test::code_of(result), ErrorCode::kConflict) << "forgetting the error does not help";
  EXPECT_TRUE(db_->run_job([](Connection& c) -> Result<void> {
    CHECK_OK(c.execute("INSERT INTO item (name) VALUES ('b')", {}));
    return {};
  }));
}

TEST_F(SqliteConnectionTest, AnExceptionInARowCallbackLeavesTheStatementUsable) {
  ASSERT_TRUE(insert(1, "a", nullptr));
  auto result = db_->run_job([](Connection& c) {
    const Param params[] = {std::int64_t{1}};
    return c.query(kSelectItem, params, [](const Row&) { throw std::runtime_error("bug"); });
  });
  EXPECT_EQ(test::code_of(result), ErrorCode::kInternal);
  EXPECT_EQ(select(kSelectItem, {std::int64_t{1}}), "a;");
}

TEST_F(SqliteConnectionTest, AReaderCannotWrite) {
  const auto reader = open(Access::kReadOnly);
  auto result = reader->execute("DELETE FROM item", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInternal);
}

TEST_F(SqliteConnectionTest, AReadIsBrokenOffAtItsDeadline) {
  const auto reader = open(Access::kReadOnly);
  auto result = reader->run_job(
      [](Connection& c) {
        return c.query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT count(*) FROM n",
            {}, [](const Row&) {});
      },
      Deadline::after(std::chrono::milliseconds(5)));
  EXPECT_EQ(test::code_of(result), ErrorCode::kDeadline);
  EXPECT_TRUE(
      reader->run_job([](Connection& c) { return c.query("SELECT 1", {}, [](const Row&) {}); }));
}

}  // namespace
}  // namespace qn::store
