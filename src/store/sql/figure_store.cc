#include "store/figure_store.h"

#include <utility>

namespace qn::store {
namespace {

// Each figure reads a range of one index: user_by_role, user_by_creation,
// session_by_use. Only the size of the uploads reads rows. The plus keeps SQLite
// from looking for all users that are not deleted. Messages are not counted, there
// may be millions a day: their ids have no gaps worth mentioning, so the first one
// of the day (message_by_time) and the last one tell how many there are.
constexpr std::string_view kMeasure = R"(
SELECT (SELECT count(*) FROM "user" WHERE is_deleted = 0 AND role = 'user'),
       (SELECT count(*) FROM "user" WHERE is_deleted = 0 AND role = 'visitor'),
       (SELECT count(*) FROM "user"
        WHERE is_deleted = 0 AND role IN ('user', 'visitor') AND status IN (0, 2)),
       (SELECT count(*) FROM "user" WHERE create_time >= $1 AND +is_deleted = 0),
       (SELECT count(DISTINCT user_id) FROM session WHERE last_seen_at >= $1),
       (SELECT count(*) FROM upload),
       (SELECT COALESCE(sum(bytes), 0) FROM upload),
       (SELECT max(id) FROM message) + 1 -
         (SELECT id FROM message WHERE created_at >= $1 ORDER BY created_at, id LIMIT 1))";

constexpr std::string_view kUpsert = R"(
INSERT INTO daily_figure (day, name, value) VALUES ($1, $2, $3)
ON CONFLICT (day, name) DO UPDATE SET value = excluded.value)";

constexpr std::string_view kSelectHistory =
    "SELECT day, value FROM daily_figure WHERE name = $1 AND day >= $2 ORDER BY day";

class SqlFigureStore final : public FigureStore {
 public:
  explicit SqlFigureStore(Database& db) : db_(db) {}

  Task<Result<Now>> measure(Time day_start, Deadline by) override {
    Now now;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {param(day_start)};
      return c.query(kMeasure, params, [&](const Row& row) {
        now = {.users = row.integer(0),
               .visitors = row.integer(1),
               .disabled = row.integer(2),
               .new_users = row.integer(3),
               .active_users = row.integer(4),
               .uploads = row.integer(5),
               .upload_bytes = row.integer(6),
               .messages = row.integer(7)};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return now;
  }

  Task<Result<void>> record(std::string day, std::vector<Figure> figures, Deadline by) override {
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (const auto& figure : figures) {
        const Param params[] = {day, figure.name, figure.value};
        CHECK_OK(c.execute(kUpsert, params));
      }
      return {};
    };
    co_return co_await db_.write(std::move(job), by);
  }

  Task<Result<std::vector<DayValue>>> history(std::string name, std::string first_day,
                                              Deadline by) override {
    std::vector<DayValue> days;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {name, first_day};
      return c.query(kSelectHistory, params, [&](const Row& row) {
        days.push_back({std::string(row.text(0)), row.integer(1)});
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return days;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<FigureStore> make_figure_store(Database& db) {
  return std::make_unique<SqlFigureStore>(db);
}

}  // namespace qn::store
