#include "media/digests.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "media/temp_file.h"

namespace qn::media {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  ::HMAC(hash, key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(out.data()), &size);
  out.resize(size);
  return out;
}

struct Free {
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

Result<std::string> digest_of_file(const EVP_MD* hash, int fd) {
  const std::unique_ptr<EVP_MD_CTX, Free> context(::EVP_MD_CTX_new());
  if (!context || ::EVP_DigestInit_ex(context.get(), hash, nullptr) != 1) {
    return internal_error("no such digest");
  }
  std::vector<char> piece(kPiece);
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(fd, piece.data(), piece.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return disk_error("cannot read an upload", errno);
    if (n == 0) break;
    ::EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(n));
    at += n;
  }
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  ::EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size);
  out.resize(size);
  return out;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac(::EVP_sha256(), key, text);
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  return hmac(::EVP_sha1(), key, text);
}

Result<std::string> sha256_of_file(int fd) {
  return digest_of_file(::EVP_sha256(), fd);
}

Result<std::string> md5_of_file(int fd) {
  return digest_of_file(::EVP_md5(), fd);
}

}  // namespace qn::media
