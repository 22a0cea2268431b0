#include "media/partial_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "media/stored_file.h"

namespace qn::media {
namespace {

constexpr std::string_view kFolder = ".partial";
constexpr std::string_view kBadOffset = "上传位置与已收到的数据不符";
constexpr mode_t kPrivate = 0600;

template <class T>
Result<T> flat(Result<Result<T>> nested) {
  if (!nested.has_value()) return std::move(nested).error();
  return std::move(*nested);
}

Result<std::uint64_t> size_of(int fd) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return disk_error("cannot look at an upload", errno);
  return static_cast<std::uint64_t>(facts.st_size);
}

Result<void> write_at(int fd, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return disk_error("cannot write an upload", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace

std::filesystem::path PartialFiles::path_of(std::string_view id) const {
  return options_.root / kFolder / id;
}

Task<Result<std::uint64_t>> PartialFiles::size(std::string id) {
  auto job = [path = path_of(id)]() -> Result<std::uint64_t> {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) == 0) return static_cast<std::uint64_t>(facts.st_size);
    if (errno == ENOENT) return std::uint64_t{0};
    return disk_error("cannot look at an upload", errno);
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<void>> PartialFiles::write(std::string id, std::uint64_t offset,
                                       std::string_view bytes) {
  auto job = [this, id, offset, bytes] { return write_now(id, offset, bytes); };
  co_return flat(co_await pool_.run(std::move(job)));
}

Result<void> PartialFiles::write_now(const std::string& id, std::uint64_t offset,
                                     std::string_view bytes) const {
  std::error_code failed;
  std::filesystem::create_directories(options_.root / kFolder, failed);
  if (failed) return disk_error("cannot make a folder", failed.value());
  const Descriptor file(
      ::open(path_of(id).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivate));
  if (!file) return disk_error("cannot open an upload", errno);
  if (options_.min_free != 0) {
    TRY(const std::uint64_t left, free_space(file.get()));
    if (left < options_.min_free + bytes.size()) return disk_error("media.min_free", ENOSPC);
  }
  // Held for this piece only: a client that comes back need not wait until the
  // end of its first connection has been noticed.
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return disk_error("cannot lock an upload", errno);
  }
  TRY(const std::uint64_t have, size_of(file.get()));
  if (offset > have) return refused(kBadOffset);
  if (offset + bytes.size() <= have) return {};
  bytes.remove_prefix(static_cast<std::size_t>(have - offset));
  return write_at(file.get(), have, bytes);
}

Task<Result<std::uint64_t>> PartialFiles::sync(std::string id) {
  auto job = [this, path = path_of(id)]() -> Result<std::uint64_t> {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT) return std::uint64_t{0};
    if (!file) return disk_error("cannot open an upload", errno);
    TRY(const std::uint64_t size, size_of(file.get()));  // before: as much is on the disk
    if (::fsync(file.get()) != 0) return disk_error("cannot write an upload", errno);
    CHECK_OK(sync_folder(options_.root / kFolder));
    return size;
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<void>> PartialFiles::remove(std::string id) {
  auto job = [path = path_of(id)]() -> Result<void> {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return disk_error("cannot remove an upload", errno);
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<std::vector<std::string>>> PartialFiles::list() {
  auto job = [folder = options_.root / kFolder]() -> Result<std::vector<std::string>> {
    std::vector<std::string> out;
    std::error_code failed;
    std::filesystem::directory_iterator files(folder, failed);
    for (; !failed && files != std::filesystem::directory_iterator(); files.increment(failed)) {
      out.push_back(files->path().filename().string());
    }
    if (failed && failed.value() != ENOENT) {
      return disk_error("cannot list the uploads", failed.value());
    }
    return out;
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

}  // namespace qn::media
