#include "base/bytes.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace qn {
namespace {

TEST(Bytes, Base64UrlRoundTrips) {
  for (const std::string& text : {std::string(), std::string("f"), std::string("fo"),
                                  std::string("foo"), std::string("\x00\xff\xfe", 3)}) {
    EXPECT_EQ(from_base64url(to_base64url(text)), text);
  }
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
}

TEST(Bytes, Base64OfTheStandard) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
}

TEST(Bytes, Base64UrlIsStrict) {
  for (const char* text : {"a", "Zg==", "Z g", "+/", "Zh", "Zm9v\n"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
}

TEST(Random, UuidsAreVersionFourAndDiffer) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random.uuid();
    ASSERT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

TEST(Random, BelowStaysBelow) {
  SystemRandom random;
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(3), 3u);
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace qn
