#include "media/qr_image.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cstdint>
#include <vector>

namespace qn::media {
namespace {

struct Picture {
  std::size_t side = 0;
  std::vector<std::uint8_t> pixels;  // gray

  bool is_dark(std::size_t x, std::size_t y) const { return pixels[y * side + x] == 0; }
};

Picture read_png(const std::string& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0) << image.message;
  EXPECT_EQ(image.width, image.height);
  image.format = PNG_FORMAT_GRAY;
  Picture picture{image.width, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  EXPECT_NE(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr), 0);
  return picture;
}

TEST(QrImage, IsTenPixelsAModuleWithAMarginOfFour) {
  const auto png = qr_png("hello");
  ASSERT_TRUE(png);
  EXPECT_EQ((*png)[24], 1);  // bits of a sample, in the IHDR chunk
  const Picture picture = read_png(*png);
  ASSERT_EQ(picture.side, (21u + 8u) * 10u);  // version 1
  for (std::size_t i = 0; i < picture.side; ++i) {
    EXPECT_FALSE(picture.is_dark(i, 39));
    EXPECT_FALSE(picture.is_dark(39, i));
  }
  // The finder pattern: seven dark modules, then a light one.
  for (std::size_t x = 40; x < 110; ++x) EXPECT_TRUE(picture.is_dark(x, 40)) << x;
  EXPECT_FALSE(picture.is_dark(110, 40));
  EXPECT_FALSE(picture.is_dark(50, 50));
}

TEST(QrImage, HoldsAsMuchAsLevelMDoes) {
  EXPECT_TRUE(qr_png(std::string(2'331, 'a')));
  const auto too_long = qr_png(std::string(2'332, 'a'));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::kTooLarge);
  EXPECT_TRUE(qr_png("群\"名\"😀"));
}

}  // namespace
}  // namespace qn::media
