#include "media/temp_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace qn::media {
namespace {

constexpr mode_t kPrivate = 0600;
constexpr mode_t kPublic = 0644;
constexpr mode_t kFolder = 0755;
constexpr std::string_view kDiskFull = "服务器存储空间不足，请稍后再试";

}  // namespace

Error disk_error(std::string_view what, int error) {
  const bool is_full = error == ENOSPC || error == EDQUOT;
  return {ErrorCode::kUnavailable, is_full ? std::string(kDiskFull) : std::string(),
          std::string(what) + ": " + std::strerror(error)};
}

Result<TempFile> TempFile::make(const std::filesystem::path& folder, std::string_view name) {
  auto path = folder / name;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kPrivate);
  if (fd < 0) return disk_error("cannot make a temporary file", errno);
  return TempFile(fd, std::move(path));
}

Result<TempFile> TempFile::link(const std::filesystem::path& existing,
                                const std::filesystem::path& folder, std::string_view name) {
  auto path = folder / name;
  if (::link(existing.c_str(), path.c_str()) != 0) return disk_error("cannot link a file", errno);
  TempFile file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW), path);
  struct stat facts {};
  if (file.fd_ < 0 || ::fstat(file.fd_, &facts) != 0) {
    const int reason = errno;
    ::unlink(path.c_str());
    return disk_error("cannot open a file", reason);
  }
  file.size_ = static_cast<std::uint64_t>(facts.st_size);
  return file;
}

TempFile::TempFile(TempFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), size_(other.size_) {}

TempFile::~TempFile() {
  if (fd_ < 0) return;
  if (!path_.empty()) ::unlink(path_.c_str());
  ::close(fd_);
}

Result<void> TempFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return disk_error("cannot write an upload", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
    size_ += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<std::string> TempFile::head(std::size_t most) const {
  std::string out(most, '\0');
  std::size_t have = 0;
  while (have < most) {
    const ssize_t n = ::pread(fd_, out.data() + have, most - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return disk_error("cannot read an upload", errno);
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.resize(have);
  return out;
}

Result<void> TempFile::seal() {
  if (::fchmod(fd_, kPublic) != 0) return disk_error("cannot publish an upload", errno);
  if (::fsync(fd_) != 0) return disk_error("cannot write an upload", errno);
  return {};
}

Result<bool> TempFile::publish(const std::filesystem::path& path) {
  if (::link(path_.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return false;
    return disk_error("cannot publish an upload", errno);
  }
  ::unlink(path_.c_str());
  path_.clear();
  return true;
}

Result<std::uint64_t> free_space(int fd) {
  struct statvfs st {};
  if (::fstatvfs(fd, &st) != 0) return disk_error("cannot ask for free space", errno);
  return static_cast<std::uint64_t>(st.f_bavail) * st.f_frsize;
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return disk_error("cannot open a folder", errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return disk_error("cannot write a folder", failed);
  return {};
}

Result<void> make_folders(const std::filesystem::path& root, const std::filesystem::path& below) {
  std::filesystem::path folder = root;
  for (const auto& name : below) {
    const auto parent = folder;
    folder /= name;
    if (::mkdir(folder.c_str(), kFolder) == 0) {
      CHECK_OK(sync_folder(parent));
    } else if (errno != EEXIST) {
      return disk_error("cannot make a folder", errno);
    }
  }
  return {};
}

}  // namespace qn::media
