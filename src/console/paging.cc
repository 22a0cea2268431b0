#include "console/paging.h"

#include <algorithm>
#include <charconv>

namespace qn::console {
namespace {

constexpr int kMaxPage = 10'000'000;
constexpr int kMaxLimit = 100;

// Anything that is no whole number within the bounds becomes the next best one.
int whole_number(std::string_view text, int otherwise, int max) {
  int n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failure == std::errc::result_out_of_range) return text.starts_with('-') ? otherwise : max;
  if (failure != std::errc() || end != text.data() + text.size() || n < 1) return otherwise;
  return std::min(n, max);
}

}  // namespace

PageChoice page_choice(const AdminRequest& request) {
  PageChoice choice;
  choice.page = whole_number(request.asked("page"), choice.page, kMaxPage);
  choice.limit = whole_number(request.asked("limit"), choice.limit, kMaxLimit);
  return choice;
}

std::vector<std::pair<std::string, std::string>> kept_query(
    const AdminRequest& request, std::initializer_list<std::string_view> names) {
  std::vector<std::pair<std::string, std::string>> kept;
  for (const auto name : names) {
    if (const auto value = request.asked(name); !value.empty()) kept.emplace_back(name, value);
  }
  return kept;
}

}  // namespace qn::console
