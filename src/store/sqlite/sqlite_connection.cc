#include "store/sqlite/sqlite_connection.h"

#include <sqlite3.h>

#include <charconv>
#include <exception>
#include <utility>
#include <vector>

#include "store/sqlite/sqlite_error.h"

namespace qn::store {
namespace {

// More texts than the program has; a bound in case one is built at run time.
constexpr std::size_t kMaxCached = 512;
// Virtual machine steps between two looks at the deadline of a read, some 0.1 ms.
constexpr int kStepsPerLook = 10'000;

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* const statement_;
};

Result<std::size_t> parameter_number(const char* name) {
  const std::string_view text = name == nullptr ? "" : name;
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  if (text.size() < 2 || text[0] != '$' || text[1] == '0' ||
      std::from_chars(text.data() + 1, end, number).ptr != end) {
    return internal_error("a parameter is not written as $1, $2, …");
  }
  return number;
}

int bind_one(sqlite3_stmt* statement, int index, const Param& param) {
  if (const auto* number = std::get_if<std::int64_t>(&param)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&param)) {
    // A null pointer would bind NULL, not the empty text.
    const char* bytes = text->data() == nullptr ? "" : text->data();
    return sqlite3_bind_text64(statement, index, bytes, text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, index);
}

// For the process, before SQLite does anything. Each job's savepoint keeps the
// pages it changes; in small pieces, which is how SQLite keeps them when they may
// never become a file, that costs a third of an append. Beyond this size they
// become a temporary file. A piece has to come from the heap: one that is mapped and
// unmapped for each job costs more in page faults than it saves (app/serve.cc).
constexpr int kSavepointBytes = 960 << 10;

void configure_once() {
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kSavepointBytes);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // saves a lock around each allocation
    return true;
  }();
  static_cast<void>(done);
}

void harden(sqlite3* db) {
  // Text in double quotes must be a name, as in PostgreSQL.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

}  // namespace

struct SqliteConnection::Statement {
  sqlite3_stmt* handle = nullptr;
  std::vector<std::size_t> order;  // for each parameter of SQLite the place in `params`
  bool in_use = false;

  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle); }
};

// A statement between binding and reset, also when a row's callback throws.
class SqliteConnection::Use {
 public:
  explicit Use(Statement* statement) : statement_(statement) { statement_->in_use = true; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    sqlite3_reset(statement_->handle);
    statement_->in_use = false;
  }

 private:
  Statement* const statement_;
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(
    const std::filesystem::path& file, Access access, std::chrono::milliseconds busy_timeout) {
  configure_once();
  // An absolute path: SQLite would take "file:x" for a URI and ":memory:" for none.
  std::error_code ignored;
  const std::string path = std::filesystem::absolute(file, ignored).string();
  const int mode = access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db,
                                   mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code != SQLITE_OK) {
    const std::string message = db == nullptr ? "out of memory" : sqlite3_errmsg(db);
    sqlite3_close(db);
    return sqlite_error(code, message);
  }
  harden(db);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
  connection->set_busy_timeout(busy_timeout);
  if (access == Access::kReadOnly) {
    sqlite3_progress_handler(db, kStepsPerLook, &on_progress, connection.get());
  }
  return connection;
}

SqliteConnection::SqliteConnection(sqlite3* db) : db_(db) {}

SqliteConnection::~SqliteConnection() {
  cache_.clear();
  sqlite3_close(db_);
}

Result<std::int64_t> SqliteConnection::execute(std::string_view sql,
                                               std::span<const Param> params) {
  ++statements_;
  const auto before = sqlite3_total_changes64(db_);
  CHECK_OK(run(sql, params, nullptr));
  // sqlite3_changes64 keeps its value when a statement changes nothing.
  return sqlite3_total_changes64(db_) == before ? 0 : sqlite3_changes64(db_);
}

Result<void> SqliteConnection::query(std::string_view sql, std::span<const Param> params,
                                     const std::function<void(const Row&)>& on_row) {
  ++statements_;
  return run(sql, params, &on_row);
}

Result<void> SqliteConnection::run_job(const Database::Job& job, std::optional<Deadline> by) {
  in_job_ = true;
  job_failure_.reset();
  announced_.clear();
  job_deadline_ = by;
  Result<void> result;
  try {
    result = job(*this);
  } catch (const std::exception& e) {
    result = internal_error(std::string("a database job threw: ") + e.what());
  } catch (...) {
    result = internal_error("a database job threw");
  }
  in_job_ = false;
  job_deadline_.reset();
  if (result && job_failure_) return *job_failure_;
  return result;
}

Result<void> SqliteConnection::command(std::string_view sql) {
  return run(sql, {}, nullptr);
}

Result<void> SqliteConnection::script(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return last_error();
  return {};
}

Result<std::int64_t> SqliteConnection::integer(std::string_view sql) {
  std::int64_t value = 0;
  const std::function<void(const Row&)> keep = [&](const Row& row) { value = row.integer(0); };
  CHECK_OK(run(sql, {}, &keep));
  return value;
}

Result<std::string> SqliteConnection::text(std::string_view sql) {
  std::string value;
  const std::function<void(const Row&)> keep = [&](const Row& row) { value = row.text(0); };
  CHECK_OK(run(sql, {}, &keep));
  return value;
}

Result<void> SqliteConnection::back_up_to(SqliteConnection& target) {
  sqlite3_backup* backup = sqlite3_backup_init(target.db_, "main", db_, "main");
  if (backup == nullptr) return target.last_error();
  const int step = sqlite3_backup_step(backup, -1);
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return target.last_error();
  if (step != SQLITE_DONE) return sqlite_error(step, sqlite3_errstr(step));
  return {};
}

void SqliteConnection::set_busy_timeout(std::chrono::milliseconds timeout) {
  sqlite3_busy_timeout(db_, static_cast<int>(timeout.count()));
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

bool SqliteConnection::file_is_gone() const {
  int moved = 0;
  const int code = sqlite3_file_control(db_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

bool SqliteConnection::is_read_only() const {
  return sqlite3_db_readonly(db_, "main") == 1;
}

bool SqliteConnection::last_was_busy() const {
  return (sqlite3_errcode(db_) & 0xff) == SQLITE_BUSY;
}

bool SqliteConnection::last_was_not_a_database() const {
  return (sqlite3_errcode(db_) & 0xff) == SQLITE_NOTADB;
}

std::optional<Error> SqliteConnection::take_engine_failure() {
  return std::exchange(engine_failure_, std::nullopt);
}

Result<SqliteConnection::Statement*> SqliteConnection::prepared(std::string_view sql) {
  if (const auto it = cache_.find(sql); it != cache_.end()) return it->second.get();
  TRY(auto statement, prepare(sql));
  if (cache_.size() >= kMaxCached) {
    std::erase_if(cache_, [](const auto& entry) { return !entry.second->in_use; });
  }
  return cache_.emplace(sql, std::move(statement)).first->second.get();
}

Result<std::unique_ptr<SqliteConnection::Statement>> SqliteConnection::prepare(
    std::string_view sql) {
  auto statement = std::make_unique<Statement>();
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement->handle, &tail);
  if (code != SQLITE_OK) return last_error();
  const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (statement->handle == nullptr || rest.find_first_not_of(" \t\n;") != std::string_view::npos) {
    return internal_error("not exactly one SQL statement");
  }
  if (is_read_only() && sqlite3_stmt_readonly(statement->handle) == 0) {
    return internal_error("a read job tried to write");
  }
  const int count = sqlite3_bind_parameter_count(statement->handle);
  for (int i = 1; i <= count; ++i) {
    TRY(const auto number, parameter_number(sqlite3_bind_parameter_name(statement->handle, i)));
    statement->order.push_back(number - 1);
  }
  return statement;
}

Result<void> SqliteConnection::bind(const Statement& statement, std::span<const Param> params) {
  // Names are distinct, so equal counts and no number beyond them mean that
  // every parameter is there and used: PostgreSQL insists on both.
  if (statement.order.size() != params.size()) {
    return internal_error("a statement got the wrong number of parameters");
  }
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (statement.order[i] >= params.size()) return internal_error("a parameter number is skipped");
    const int index = static_cast<int>(i) + 1;
    const int code = bind_one(statement.handle, index, params[statement.order[i]]);
    if (code != SQLITE_OK) return last_error();
  }
  return {};
}

Result<void> SqliteConnection::run(std::string_view sql, std::span<const Param> params,
                                   const std::function<void(const Row&)>* on_row) {
  if (in_job_ && job_failure_) return *job_failure_;
  auto result = run_statement(sql, params, on_row);
  if (!result && in_job_) job_failure_ = result.error();
  return result;
}

Result<void> SqliteConnection::run_statement(std::string_view sql, std::span<const Param> params,
                                             const std::function<void(const Row&)>* on_row) {
  TRY(auto* statement, prepared(sql));
  std::unique_ptr<Statement> second;  // the same query inside its own row callback
  if (statement->in_use) {
    TRY(second, prepare(sql));
    statement = second.get();
  }
  const Use use(statement);
  CHECK_OK(bind(*statement, params));
  for (;;) {
    const int code = sqlite3_step(statement->handle);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return last_error();
    if (on_row != nullptr) (*on_row)(SqliteRow(statement->handle));
  }
}

Error SqliteConnection::last_error() {
  auto error = sqlite_error(sqlite3_extended_errcode(db_), sqlite3_errmsg(db_));
  if (error.code == ErrorCode::kUnavailable) engine_failure_ = error;
  return error;
}

int SqliteConnection::on_progress(void* self) {
  const auto& deadline = static_cast<SqliteConnection*>(self)->job_deadline_;
  return deadline && deadline->passed() ? 1 : 0;
}

}  // namespace qn::store
