#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::media {

// The text as a PNG of its QR code: 10 pixels a module, a margin of 4 modules,
// error correction M, black on white, one bit a pixel (chat-http-api.md §8).
// Any thread; a long text takes some milliseconds. kTooLarge: more than such a
// code can hold, about 2,300 bytes.
Result<std::string> qr_png(std::string_view text);

}  // namespace qn::media
