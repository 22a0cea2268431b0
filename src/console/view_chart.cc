#include <algorithm>
#include <array>
#include <cstdio>

#include "console/views.h"

namespace qn::console {
namespace {

// Units of the drawing, which is scaled to the card's width.
constexpr double kWidth = 400;
constexpr double kHeight = 200;
constexpr double kLeft = 38;  // room for the numbers
constexpr double kRight = 6;
constexpr double kTop = 12;
constexpr double kBottom = 24;  // room for the days
constexpr std::size_t kMostDays = 6;
constexpr int kLines = 4;
constexpr double kMostBar = 26;
// Larger values reach the top; a step times ten stays an integer.
constexpr std::int64_t kMost = std::int64_t{1} << 55;

std::string number(double value) {
  std::array<char, 32> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

// The smallest of 1, 2, 2.5, 5 times a power of ten (of 1024 for bytes) that is
// not below `value`; whole numbers only.
std::int64_t round_step(std::int64_t value, Chart::Unit unit) {
  const std::int64_t base = unit == Chart::Unit::kBytes ? 2 : 10;
  std::int64_t power = 1;
  while (power * base <= value) power *= base;
  if (base == 2) return power < value ? power * 2 : power;
  for (const std::int64_t tenths : {10, 20, 25, 50, 100}) {
    const bool whole = power * tenths % 10 == 0;
    if (whole && power * tenths / 10 >= value) return power * tenths / 10;
  }
  return power * 10;
}

struct Scale {
  std::int64_t step;
  double y(std::int64_t value) const {
    const double most = static_cast<double>(step) * kLines;
    return kHeight - kBottom -
           (kHeight - kTop - kBottom) * std::clamp(static_cast<double>(value) / most, 0.0, 1.0);
  }
};

Scale scale_for(const Chart& chart) {
  std::int64_t most = 1;
  for (const auto& point : chart.points) most = std::max(most, std::min(point.second, kMost));
  return {round_step((most + kLines - 1) / kLines, chart.unit)};
}

View::List line_views(const Chart& chart, const Scale& scale) {
  View::List out;
  for (int i = 0; i <= kLines; ++i) {
    const auto y = scale.y(scale.step * i);
    out.push_back(View()
                      .set("left", number(kLeft))
                      .set("right", number(kWidth - kRight))
                      .set("text_x", number(kLeft - 6))
                      .set("y", number(y))
                      .set("text_y", number(y + 3.5))
                      .set("text", short_number(scale.step * i, chart.unit)));
  }
  return out;
}

std::string full_number(std::int64_t value, Chart::Unit unit) {
  return unit == Chart::Unit::kBytes ? short_number(value, unit) : grouped(value);
}

// Every n-th day is written below, counted back from the last one.
View::List bar_views(const Chart& chart, const Scale& scale) {
  const std::size_t count = chart.points.size();
  const double slot =
      (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(count, 1));
  const double width = std::min(slot * 0.68, kMostBar);
  const std::size_t every = (count + kMostDays - 1) / kMostDays;
  View::List out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [label, value] = chart.points[i];
    const double middle = kLeft + slot * (static_cast<double>(i) + 0.5);
    const double top = scale.y(value);
    View view;
    view.set("x", number(middle - width / 2))
        .set("width", number(width))
        .set("y", number(top))
        .set("height", number(kHeight - kBottom - top))
        .set("label", label)
        .set("value", full_number(value, chart.unit));
    if ((count - 1 - i) % every == 0) {
      view.set("day",
               View().set("x", number(middle)).set("y", number(kHeight - 7)).set("text", label));
    }
    out.push_back(std::move(view));
  }
  return out;
}

// The sentence a screen reader says instead of the drawing.
View summary_view(const Chart& chart, const Reader& reader) {
  if (chart.points.empty()) return reader.word("暂无数据");
  const auto most =
      std::max_element(chart.points.begin(), chart.points.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return reader.words({Label("从 {} 到 {}，最高 {}（{}）"),
                       {chart.points.front().first, chart.points.back().first,
                        full_number(most->second, chart.unit), most->first}});
}

}  // namespace

View chart_view(const Chart& chart, const Reader& reader) {
  const auto scale = scale_for(chart);
  return View()
      .set("title", reader.word(chart.title))
      .set("summary", summary_view(chart, reader))
      .set("latest",
           chart.points.empty() ? View("") : full_number(chart.points.back().second, chart.unit))
      .set("lines", line_views(chart, scale))
      .set("bars", bar_views(chart, scale));
}

}  // namespace qn::console
