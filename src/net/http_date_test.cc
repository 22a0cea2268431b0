#include "net/http_date.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

TEST(HttpDate, WritesTheFormOfTheRfc) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709251199), "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST(HttpDate, ReadsWhatItWrites) {
  for (const std::int64_t t : {0L, 784111777L, 1709251199L, 4102444800L}) {
    EXPECT_EQ(parse_http_date(http_date(t)), t);
  }
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace qn::net
