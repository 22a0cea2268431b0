#include "media/avatar_maker.h"

#include <gtest/gtest.h>

namespace qn::media {
namespace {

TEST(AvatarMaker, ReadsTheSizeOfAPicture) {
  const auto size = parse_picture_size("600x400 uchar, 3 bands, srgb, pngload_source\n");
  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, 600u);
  EXPECT_EQ(size->height, 400u);
  for (const std::string_view text :
       {"", "x", "600", "600x", "600 x 400", "-1x2", "stdin: 1x1", "99999999999999999999x1"}) {
    EXPECT_FALSE(parse_picture_size(text)) << text;
  }
}

}  // namespace
}  // namespace qn::media
