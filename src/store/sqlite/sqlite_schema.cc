#include "store/sqlite/sqlite_schema.h"

#include <string>
#include <system_error>
#include <utility>

#include "base/clock.h"
#include "store/migrations.h"
#include "store/sqlite/private_file.h"

namespace qn::store {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"{{id}}", "INTEGER PRIMARY KEY AUTOINCREMENT"},
    {"{{bigint}}", "INTEGER"},
    {"{{strict}}", "STRICT"},
};

constexpr std::string_view kVersion = "PRAGMA user_version";
constexpr std::string_view kCreateHistory = R"(
CREATE TABLE IF NOT EXISTS schema_migration (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT)";
constexpr std::string_view kInsertHistory =
    "INSERT INTO schema_migration (number, name, applied_at) VALUES ($1, $2, $3)";
constexpr std::string_view kCountTables = "SELECT count(*) FROM sqlite_schema";
constexpr std::string_view kCountHistory =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migration'";
constexpr std::string_view kCountBrokenKeys = "SELECT count(*) FROM pragma_foreign_key_check";

// What is being opened, and under which name: a new file is built elsewhere.
struct Target {
  const SqliteOptions& options;
  fs::path file;

  std::string name() const { return "database " + options.file.string(); }
  int latest() const { return options.schema.empty() ? 0 : options.schema.back().number; }
};

// The steps, in the order in which they happen.
Result<void> create_file(const SqliteOptions& options);
Result<PreparedFile> open_file(const Target& target);
Result<std::int64_t> check_origin(SqliteConnection& connection, const Target& target);
Result<void> migrate(SqliteConnection& connection, const Target& target, std::int64_t start);
Result<bool> apply_next(SqliteConnection& connection, const Target& target, std::int64_t start);
Result<void> apply(SqliteConnection& connection, const Migration& migration);
Result<void> copy_aside(const Target& target, int number);

// Puts a text for the operator before an error of the engine.
Error explain(const Target& target, const SqliteConnection* connection, Error error) {
  if (!error.text.empty()) return error;
  if (connection != nullptr && connection->last_was_busy()) {
    return {ErrorCode::kUnavailable, target.name() + " is locked by another process",
            std::move(error.detail)};
  }
  return {ErrorCode::kRefused, target.name() + " cannot be used: " + error.detail,
          std::move(error.detail)};
}

Error too_new(const Target& target, std::int64_t version) {
  return refused(target.name() + " has schema version " + std::to_string(version) +
                 ", this program knows up to " + std::to_string(target.latest()) +
                 ": use a newer qingniao");
}

std::string replace_words(std::string_view sql) {
  std::string out(sql);
  for (const auto& [word, replacement] : kWords) {
    for (std::size_t at = 0; (at = out.find(word, at)) != std::string::npos;) {
      out.replace(at, word.size(), replacement);
    }
  }
  return out;
}

// Built under another name, so that neither a crash nor a second process ever
// sees half a database.
Result<void> create_file(const SqliteOptions& options) {
  TRY(PrivateFile file, PrivateFile::create_beside(options.file));
  CHECK_OK(open_file({options, file.path()}));
  return file.publish(options.file);
}

Result<PreparedFile> open_file(const Target& target) {
  auto opened =
      SqliteConnection::open(target.file, Access::kReadWrite, target.options.busy_timeout);
  if (!opened) return explain(target, nullptr, opened.error());
  PreparedFile prepared{std::move(*opened), {}};
  auto& connection = *prepared.connection;
  auto version = check_origin(connection, target);
  if (!version) return explain(target, &connection, version.error());
  prepared.report = {static_cast<int>(*version), target.latest()};
  auto migrated = migrate(connection, target, *version);
  if (!migrated) return explain(target, &connection, migrated.error());
  return prepared;
}

// Nothing is changed in a file that is not ours.
Result<std::int64_t> check_origin(SqliteConnection& connection, const Target& target) {
  auto tables = connection.integer(kCountTables);
  if (!tables && connection.last_was_not_a_database()) {
    return refused(target.options.file.string() + " is not a SQLite database");
  }
  if (!tables) return tables;
  TRY(const auto version, connection.integer(kVersion));
  TRY(const auto history, connection.integer(kCountHistory));
  if (version < 0 || ((version != 0 || *tables != 0) && history == 0)) {
    return refused(target.name() + " belongs to another program");
  }
  if (version > target.latest()) return too_new(target, version);
  if (connection.is_read_only()) return refused(target.name() + " is not writable");
  return version;
}

Result<void> migrate(SqliteConnection& connection, const Target& target, std::int64_t start) {
  TRY(const auto mode, connection.text("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return refused(target.name() + " is on a file system without write-ahead logging");
  }
  CHECK_OK(connection.script("PRAGMA foreign_keys = OFF"));
  for (bool more = true; more;) {
    auto step = apply_next(connection, target, start);
    if (!step && connection.in_transaction()) static_cast<void>(connection.command("ROLLBACK"));
    if (!step) return step.error();
    more = *step;
  }
  return {};
}

// The version is read again under the lock: another process may just have done
// the work. False when nothing is pending any more.
Result<bool> apply_next(SqliteConnection& connection, const Target& target, std::int64_t start) {
  CHECK_OK(connection.command("BEGIN IMMEDIATE"));
  TRY(const auto version, connection.integer(kVersion));
  if (version > target.latest()) return too_new(target, version);
  if (version == target.latest()) {
    CHECK_OK(connection.command("ROLLBACK"));
    return false;
  }
  const Migration& next = target.options.schema[static_cast<std::size_t>(version)];
  // Who moved an existing database on from `start` has made the copy.
  if (start > 0 && version == start) {
    CHECK_OK(copy_aside(target, next.number));
  }
  auto applied = apply(connection, next);
  if (!applied) {
    return Error{ErrorCode::kInternal,
                 target.name() + ": migration " + std::string(next.name) +
                     " failed and was undone, the schema version is still " +
                     std::to_string(version) + ": " + applied.error().detail,
                 applied.error().detail};
  }
  return true;
}

Result<void> apply(SqliteConnection& connection, const Migration& migration) {
  CHECK_OK(connection.execute(kCreateHistory, {}));
  CHECK_OK(connection.script(replace_words(migration.sql)));
  const Param history[] = {std::int64_t{migration.number}, migration.name,
                           param(SystemClock().now())};
  CHECK_OK(connection.execute(kInsertHistory, history));
  CHECK_OK(connection.script("PRAGMA user_version = " + std::to_string(migration.number)));
  TRY(const auto broken, connection.integer(kCountBrokenKeys));
  if (broken != 0) return internal_error(std::to_string(broken) + " rows break a foreign key");
  return connection.command("COMMIT");
}

// A connection of its own reads the last committed state while the caller keeps
// the write lock, so nothing can fall between the copy and the migration.
Result<void> copy_aside(const Target& target, int number) {
  const auto timeout = target.options.busy_timeout;
  const fs::path name = target.file.string() + ".before-" + std::to_string(number);
  TRY(PrivateFile file, PrivateFile::create_beside(name));
  TRY(const auto source, SqliteConnection::open(target.file, Access::kReadOnly, timeout));
  {
    TRY(const auto copy, SqliteConnection::open(file.path(), Access::kReadWrite, timeout));
    auto copied = source->back_up_to(*copy);
    if (!copied) {
      return Error{
          ErrorCode::kRefused,
          target.name() + " cannot be copied before its migration: " + copied.error().detail,
          copied.error().detail};
    }
  }
  return file.replace(name);
}

}  // namespace

Result<PreparedFile> prepare_file(const SqliteOptions& options) {
  std::error_code ignored;
  const bool is_new = !fs::exists(options.file, ignored);
  if (is_new) {
    CHECK_OK(create_file(options));
  }
  TRY(auto prepared, open_file({options, options.file}));
  if (is_new) prepared.report.before = 0;
  return prepared;
}

}  // namespace qn::store
