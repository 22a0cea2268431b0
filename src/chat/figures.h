#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "store/figure_store.h"

namespace qn::chat {

// The figures of the console's home page and their daily record. Any loop;
// owned by app/.
class Figures {
 public:
  Figures(store::FigureStore& store, const Clock& clock, std::chrono::minutes utc_offset)
      : store_(store), clock_(clock), utc_offset_(utc_offset) {}

  using Now = store::FigureStore::Now;
  Task<Result<Now>> now(Deadline by);

  using Day = store::FigureStore::DayValue;
  // The last `days` days up to today, gaps filled with 0. Names: users,
  // visitors, new_users, active_users, upload_bytes, messages.
  Task<Result<std::vector<Day>>> history(std::string name, int days, Deadline by);

  // Writes today's row; called by a timer every minute.
  Task<Result<void>> record(Deadline by);

 private:
  std::chrono::sys_days day_of(Time t) const;  // in the server's time zone
  Task<Result<store::FigureStore::Now>> measure(Time t, Deadline by);

  store::FigureStore& store_;
  const Clock& clock_;
  const std::chrono::minutes utc_offset_;
};

}  // namespace qn::chat
