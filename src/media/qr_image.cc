#include "media/qr_image.h"

#include <png.h>
#include <qrencode.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace qn::media {
namespace {

constexpr std::size_t kPixels = 10;  // of a module
constexpr std::size_t kMargin = 4;   // modules

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

// One byte a pixel: 0 black, 1 white.
std::vector<std::uint8_t> draw(const QRcode& code, std::size_t side) {
  std::vector<std::uint8_t> pixels(side * side, 1);
  const auto width = static_cast<std::size_t>(code.width);
  for (std::size_t y = 0; y < width * kPixels; ++y) {
    const unsigned char* modules = code.data + y / kPixels * width;
    std::uint8_t* line = pixels.data() + (y + kMargin * kPixels) * side + kMargin * kPixels;
    for (std::size_t x = 0; x < width * kPixels; ++x) {
      line[x] = (modules[x / kPixels] & 1) == 0 ? 1 : 0;
    }
  }
  return pixels;
}

Result<std::string> compress(const std::vector<std::uint8_t>& pixels, std::size_t side) {
  constexpr std::uint8_t kPalette[] = {0, 0, 0, 255, 255, 255};
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(side);
  image.height = image.width;
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = 2;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(size, '\0');
  if (png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0, kPalette) == 0) {
    return internal_error(std::string("libpng: ") + image.message);
  }
  png.resize(size);
  png.shrink_to_fit();
  return png;
}

}  // namespace

Result<std::string> qr_png(std::string_view text) {
  const Code code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
      &QRcode_free);
  if (!code) return Error{ErrorCode::kTooLarge, {}, "the text does not fit into a QR code"};
  const std::size_t side = (static_cast<std::size_t>(code->width) + 2 * kMargin) * kPixels;
  return compress(draw(*code, side), side);
}

}  // namespace qn::media
