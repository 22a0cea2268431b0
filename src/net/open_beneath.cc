#include "net/open_beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <cerrno>
#include <string_view>

namespace qn::net {
namespace {

constexpr int kFileFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kFolderFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr int kMaxRaces = 8;  // renames while the kernel resolves

UniqueFd open_by_kernel(int root, const std::string& relative) {
  open_how how{};
  how.flags = kFileFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int i = 0; i < kMaxRaces; ++i) {
    const long fd = ::syscall(SYS_openat2, root, relative.c_str(), &how, sizeof how);
    if (fd >= 0 || errno != EAGAIN) return UniqueFd(static_cast<int>(fd));
  }
  return UniqueFd();
}

UniqueFd open_part_by_part(UniqueFd folder, std::string_view relative) {
  for (;;) {
    const auto slash = relative.find('/');
    const std::string part(relative.substr(0, slash));
    if (part.empty() || part == "." || part == "..") {
      errno = ENOENT;
      return UniqueFd();
    }
    const bool is_last = slash == std::string_view::npos;
    const int flags = (is_last ? kFileFlags : kFolderFlags) | O_NOFOLLOW;
    UniqueFd next(::openat(folder.get(), part.c_str(), flags));
    if (!next || is_last) return next;
    folder = std::move(next);
    relative.remove_prefix(slash + 1);
  }
}

}  // namespace

UniqueFd open_beneath(const std::filesystem::path& root, const std::string& relative,
                      Resolver resolver) {
  UniqueFd folder(::open(root.c_str(), kFolderFlags));
  if (!folder) return folder;
  if (resolver == Resolver::kKernel) {
    auto file = open_by_kernel(folder.get(), relative);
    const bool unsupported = errno == ENOSYS || errno == EPERM || errno == E2BIG;
    if (file || !unsupported) return file;
  }
  return open_part_by_part(std::move(folder), relative);
}

}  // namespace qn::net
