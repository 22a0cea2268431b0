#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::media {

// Message authentication codes (RFC 2104), raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string hmac_sha1(std::string_view key, std::string_view text);

// Raw digests of a whole file, read in pieces. Block. kUnavailable.
Result<std::string> sha256_of_file(int fd);
Result<std::string> md5_of_file(int fd);

}  // namespace qn::media
