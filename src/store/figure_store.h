#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "store/database.h"

namespace qn::store {

// The figures of the console's home page: what is true now, and one row a day
// for the plots (table daily_figure).
class FigureStore {
 public:
  virtual ~FigureStore() = default;

  struct Now {
    std::int64_t users = 0;         // not deleted
    std::int64_t visitors = 0;      // not deleted
    std::int64_t disabled = 0;      // users and visitors that may not act
    std::int64_t new_users = 0;     // created since `day_start`, users and visitors
    std::int64_t active_users = 0;  // with a session used since `day_start`
    std::int64_t uploads = 0;       // files
    std::int64_t upload_bytes = 0;
    std::int64_t messages = 0;  // that came to the log since `day_start`, notices as well
  };
  virtual Task<Result<Now>> measure(Time day_start, Deadline by) = 0;

  struct Figure {
    std::string name;
    std::int64_t value = 0;
  };
  // The row of that day and name becomes the value.
  virtual Task<Result<void>> record(std::string day, std::vector<Figure> figures, Deadline by) = 0;
  struct DayValue {
    std::string day;  // 2026-11-22
    std::int64_t value = 0;
  };
  // From `first_day` on, ascending, days without a row left out.
  virtual Task<Result<std::vector<DayValue>>> history(std::string name, std::string first_day,
                                                      Deadline by) = 0;
};

std::unique_ptr<FigureStore> make_figure_store(Database& db);

}  // namespace qn::store
