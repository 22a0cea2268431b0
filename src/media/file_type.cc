#include "media/file_type.h"

#include <magic.h>

#include <memory>

namespace qn::media {
namespace {

struct Close {
  void operator()(magic_t cookie) const { magic_close(cookie); }
};
using Magic = std::unique_ptr<std::remove_pointer_t<magic_t>, Close>;

// Nothing that unpacks or follows structures: only what the first bytes say.
constexpr int kFlags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF |
                       MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TAR;

Magic open_magic() {
  Magic magic(magic_open(kFlags));
  if (magic && magic_load(magic.get(), nullptr) != 0) magic.reset();
  return magic;
}

}  // namespace

Result<std::string> file_type(std::string_view head) {
  thread_local const Magic magic = open_magic();
  if (!magic) return internal_error("libmagic: the database of file types cannot be loaded");
  const char* type = magic_buffer(magic.get(), head.data(), std::min(head.size(), kTypeHead));
  if (type == nullptr) return std::string("application/octet-stream");
  return std::string(type);
}

}  // namespace qn::media
