#include "console/paging.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

PageChoice choice_of(std::string page, std::string limit) {
  const net::HttpRequest http;
  return page_choice({.http = http,
                      .query = {{"page", std::move(page)}, {"limit", std::move(limit)}},
                      .by = Deadline::after(Millis(1))});
}

// Defect D-33: such numbers reached the database.
TEST(Paging, NumbersAreClamped) {
  EXPECT_EQ(choice_of("3", "20").offset(), 40);
  for (const char* bad : {"", "0", "-5", "abc", "1.5", "1e3", "-99999999999"}) {
    EXPECT_EQ(choice_of(bad, bad).page, 1) << bad;
    EXPECT_EQ(choice_of(bad, bad).limit, 10) << bad;
  }
  EXPECT_EQ(choice_of("1", "1000000000").limit, 100);
  EXPECT_EQ(choice_of("1", "99999999999").limit, 100);
  EXPECT_EQ(choice_of("99999999999", "100").page, 10'000'000);
  EXPECT_EQ(choice_of("10000000", "100").offset(), 999'999'900);
}

TEST(Paging, KeptParametersAreThoseNamedAndNotEmpty) {
  const net::HttpRequest http;
  const AdminRequest request{.http = http,
                             .query = {{"keyword", "a b"}, {"role", ""}, {"page", "2"}},
                             .by = Deadline::after(Millis(1))};
  const auto kept = kept_query(request, {"keyword", "role"});
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].first, "keyword");
  EXPECT_EQ(kept[0].second, "a b");
}

}  // namespace
}  // namespace qn::console
