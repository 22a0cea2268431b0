#include "console/flash.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

TEST(Flash, ComesBackAsItWasSent) {
  const auto toast = toast_of(flash_cookie({Flash::Kind::kDeletedMany, 3}));
  ASSERT_TRUE(toast.has_value());
  EXPECT_EQ(translate(toast->text, Language::kChinese), "已删除 3 个用户");
  EXPECT_EQ(toast->tone, Tone::kGood);
  EXPECT_EQ(toast_of(flash_cookie({Flash::Kind::kLoginFirst}))->tone, Tone::kBad);
}

// Whoever can set a cookie must not be able to put words into the console.
TEST(Flash, AnythingElseIsNoMessage) {
  for (const char* cookie : {"", "deleted", "deleted.", "deleted.x", "deleted.1x", "deleted.-1",
                             "unknown.0", ".0", "deleted.99999999999999999999", "<b>.0"}) {
    EXPECT_FALSE(toast_of(cookie).has_value()) << cookie;
  }
  EXPECT_EQ(flash_cookie({}), "");
}

}  // namespace
}  // namespace qn::console
