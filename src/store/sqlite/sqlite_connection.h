#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"

struct sqlite3;
struct sqlite3_stmt;

namespace qn::store {

enum class Access { kReadWrite, kReadOnly };

// One connection through SQLite's C API: prepared statements are kept, errors
// are typed. Owned by whoever opened it and used by one thread at a time;
// nothing here locks. Failures as in database.h.
//
// Once a statement of a job has failed, the rest of that job fails the same
// way, as in PostgreSQL: code that works here must work there.
class SqliteConnection final : public Connection {
 public:
  // The file must exist. kUnavailable when it cannot be opened.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file,
                                                        Access access,
                                                        std::chrono::milliseconds busy_timeout);
  ~SqliteConnection() override;

  Result<std::int64_t> execute(std::string_view sql, std::span<const Param> params) override;
  Result<void> query(std::string_view sql, std::span<const Param> params,
                     const std::function<void(const Row&)>& on_row) override;
  void announce(model::LoggedMessage message) override { announced_.push_back(std::move(message)); }
  std::uint64_t statements() const override { return statements_; }

  // Runs a job; an exception of the job becomes kInternal. `by`, when given,
  // breaks off a statement that still runs at that time: kDeadline. Only for
  // reads, since it would end the transaction of a write.
  Result<void> run_job(const Database::Job& job, std::optional<Deadline> by = std::nullopt);

  // What the last job announced.
  std::vector<model::LoggedMessage> take_announced() { return std::exchange(announced_, {}); }

  // For the engine itself; these do not count as statements of a job.
  Result<void> command(std::string_view sql);          // one statement, kept prepared
  Result<void> script(const std::string& sql);         // any number of statements
  Result<std::int64_t> integer(std::string_view sql);  // first column of the last row, or 0
  Result<std::string> text(std::string_view sql);      // the same as text, or ""
  // Replaces the whole content of the target's file.
  Result<void> back_up_to(SqliteConnection& target);
  void set_busy_timeout(std::chrono::milliseconds timeout);

  bool in_transaction() const;
  // The file at the path is no longer the one that is open.
  bool file_is_gone() const;
  bool is_read_only() const;
  // Whether the last failure was a lock of another connection.
  bool last_was_busy() const;
  // Whether it was a file that SQLite does not understand.
  bool last_was_not_a_database() const;
  // The last kUnavailable since the previous call, also when a job swallowed it.
  std::optional<Error> take_engine_failure();

 private:
  struct Statement;
  class Use;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };

  explicit SqliteConnection(sqlite3* db);

  Result<Statement*> prepared(std::string_view sql);
  Result<std::unique_ptr<Statement>> prepare(std::string_view sql);
  Result<void> bind(const Statement& statement, std::span<const Param> params);
  Result<void> run(std::string_view sql, std::span<const Param> params,
                   const std::function<void(const Row&)>* on_row);
  Result<void> run_statement(std::string_view sql, std::span<const Param> params,
                             const std::function<void(const Row&)>* on_row);
  Error last_error();
  static int on_progress(void* self);

  sqlite3* const db_;
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>> cache_;
  std::uint64_t statements_ = 0;
  std::optional<Error> engine_failure_;

  // Of the job that runs.
  bool in_job_ = false;
  std::optional<Error> job_failure_;
  std::optional<Deadline> job_deadline_;
  std::vector<model::LoggedMessage> announced_;
};

}  // namespace qn::store
