#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "model/message_log.h"

namespace qn::store {

// A parameter of a statement. Text is borrowed for the duration of the call.
using Param = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

inline Param param(Time t) {
  return to_millis(t);
}
inline Param param(const std::optional<Time>& t) {
  return t ? Param(to_millis(*t)) : Param(nullptr);
}
inline Param param(const std::optional<std::string>& s) {
  return s ? Param(std::string_view(*s)) : Param(nullptr);
}

// One row of a result; valid only inside the callback it is given to.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;   // 0 for NULL
  virtual std::string_view text(int column) const = 0;  // "" for NULL

  Time time(int column) const { return time_from_millis(integer(column)); }
  std::optional<std::string> optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional<std::string>(text(column));
  }
  std::optional<Time> optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional<Time>(time(column));
  }
};

// One database connection, handed to a job on a database thread. Statements are
// written with $1, $2… so that one text serves SQLite and PostgreSQL, and are
// prepared once per connection: pass string constants. Failures: kConflict for a
// unique or foreign key violation, kUnavailable when the engine is busy, full or
// gone, kInternal for anything else (a bug). After the first failure the rest of
// the job fails with the same error: PostgreSQL works like that.
class Connection {
 public:
  virtual ~Connection() = default;
  // Runs a statement; the result is the number of rows it changed.
  virtual Result<std::int64_t> execute(std::string_view sql, std::span<const Param> params) = 0;
  // Runs a query (or a statement with RETURNING) and calls on_row for each row.
  virtual Result<void> query(std::string_view sql, std::span<const Param> params,
                             const std::function<void(const Row&)>& on_row) = 0;

  // Tells Database::on_announced of a message that this transaction appends, once
  // it is committed; forgotten when the job or the commit fails.
  virtual void announce(model::LoggedMessage message) = 0;

  // Statements run so far on this connection: tests pin the cost of operations.
  virtual std::uint64_t statements() const = 0;
};

// A database behind threads of its own. Any loop may call; the calling
// coroutine resumes on its own loop. Owned by app/.
//
// write(): the job runs inside a transaction. Jobs that wait at the same time
// share one commit (group commit); a job that returns an error is rolled back
// alone. When write() returns success the change is durable.
// read(): the job runs on a read-only connection and sees all commits that
// returned before it was started. All its statements see the same state. One
// that still runs at its deadline is broken off: kDeadline.
// Both refuse with kOverloaded when the queue is full, kDeadline when the job
// had not started by the deadline.
class Database {
 public:
  using Job = std::function<Result<void>(Connection&)>;

  virtual ~Database() = default;
  virtual Task<Result<void>> write(Job job, Deadline by) = 0;
  virtual Task<Result<void>> read(Job job, Deadline by) = 0;

  // Called on a database thread after each commit that appended messages, with all
  // of them in the order of the log, before those who wrote them go on. Must not
  // block. Set once at start.
  using Listener = std::function<void(std::vector<model::LoggedMessage>)>;
  virtual void on_announced(Listener listener) = 0;

  // Called on a database thread after another process (an operator command)
  // changed the data: whatever is cached must be forgotten. Set once at start.
  virtual void on_foreign_change(std::function<void()> callback) = 0;

  virtual int schema_version() const = 0;
  // True while the engine takes writes; for /readyz.
  virtual bool is_ready() const = 0;
  // Runs what is queued, then closes. Idempotent.
  virtual void stop() = 0;
};

}  // namespace qn::store
