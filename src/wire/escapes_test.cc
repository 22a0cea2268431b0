#include "wire/escapes.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

TEST(Unescape, DecodesAndReportsBrokenEscapes) {
  EXPECT_EQ(unescape("%41%2b+", Plus::kSpace).text, "A+ ");
  EXPECT_EQ(unescape("a+b", Plus::kLiteral).text, "a+b");
  EXPECT_FALSE(unescape("%e9%9D%92", Plus::kSpace).has_broken_escape);
  for (const std::string_view broken : {"%", "%4", "%4g", "%zz", "a%"}) {
    const auto out = unescape(broken, Plus::kSpace);
    EXPECT_TRUE(out.has_broken_escape) << broken;
    EXPECT_EQ(out.text, broken);
  }
  EXPECT_EQ(unescape("%%41", Plus::kSpace).text, "%A");
}

TEST(ScrubUtf8, ReplacesOnlyWhatIsBroken) {
  EXPECT_EQ(scrub_utf8("青鸟😀"), "青鸟😀");
  EXPECT_EQ(scrub_utf8("a\xff z"), "a\uFFFD z");
  EXPECT_EQ(scrub_utf8("\xe9\x9d"), "\uFFFD\uFFFD");
  EXPECT_EQ(scrub_utf8("\xe9青\x80"), "\uFFFD青\uFFFD");
  EXPECT_EQ(scrub_utf8("\xf0\x9f\x98\x80\xf0"), "😀\uFFFD");
  EXPECT_EQ(scrub_utf8(""), "");
}

TEST(ToLowerAscii, LeavesOtherBytesAlone) {
  EXPECT_EQ(to_lower_ascii("ÄBC[z@"), "Äbc[z@");
}

}  // namespace
}  // namespace qn::wire
