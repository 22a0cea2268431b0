#include "media/stored_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

namespace qn::media {
namespace {

constexpr int kFolderFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr int kFileFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

bool is_plain_file(int fd) {
  struct stat facts {};
  return ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

Descriptor open_stored(const std::filesystem::path& root, std::string_view path) {
  Descriptor folder(::open(root.c_str(), kFolderFlags));
  while (folder) {
    const auto slash = path.find('/');
    const std::string part(path.substr(0, slash));
    if (part.empty() || part.front() == '.' || part.find('\0') != std::string::npos) break;
    const bool is_last = slash == std::string_view::npos;
    const int flags = (is_last ? kFileFlags : kFolderFlags) | O_NOFOLLOW;
    Descriptor next(::openat(folder.get(), part.c_str(), flags));
    if (is_last) return next && is_plain_file(next.get()) ? std::move(next) : Descriptor();
    folder = std::move(next);
    path.remove_prefix(slash + 1);
  }
  return Descriptor();
}

}  // namespace qn::media
