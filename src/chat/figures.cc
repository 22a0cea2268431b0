#include "chat/figures.h"

#include <algorithm>
#include <cstdio>

namespace qn::chat {
namespace {

constexpr int kMaxDays = 3660;

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace

std::chrono::sys_days Figures::day_of(Time t) const {
  return std::chrono::floor<std::chrono::days>(t + utc_offset_);
}

Task<Result<store::FigureStore::Now>> Figures::measure(Time t, Deadline by) {
  return store_.measure(Time(day_of(t)) - utc_offset_, by);
}

Task<Result<store::FigureStore::Now>> Figures::now(Deadline by) {
  return measure(clock_.now(), by);
}

Task<Result<std::vector<Figures::Day>>> Figures::history(std::string name, int days, Deadline by) {
  days = std::clamp(days, 1, kMaxDays);
  const std::chrono::sys_days first = day_of(clock_.now()) - std::chrono::days(days - 1);
  CO_TRY(const auto known, co_await store_.history(std::move(name), day_text(first), by));
  std::vector<Day> all;
  auto next = known.begin();
  for (int i = 0; i < days; ++i) {
    Day day{day_text(first + std::chrono::days(i)), 0};
    if (next != known.end() && next->day == day.day) day.value = (next++)->value;
    all.push_back(std::move(day));
  }
  co_return all;
}

Task<Result<void>> Figures::record(Deadline by) {
  const Time t = clock_.now();  // one time, also around midnight
  CO_TRY(const auto now, co_await measure(t, by));
  std::vector<store::FigureStore::Figure> figures{{"users", now.users},
                                                  {"visitors", now.visitors},
                                                  {"new_users", now.new_users},
                                                  {"active_users", now.active_users},
                                                  {"upload_bytes", now.upload_bytes},
                                                  {"messages", now.messages}};
  co_return co_await store_.record(day_text(day_of(t)), std::move(figures), by);
}

}  // namespace qn::chat
