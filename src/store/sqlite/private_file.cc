#include "store/sqlite/private_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace qn::store {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& file, std::string_view action, int error) {
  return refused(file.string() + " cannot be " + std::string(action) + ": " +
                 std::generic_category().message(error));
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// A new name is durable only when its folder is.
void sync_folder(const fs::path& file) {
  const int fd = open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

int rename_if_free(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Not every file system can do that; those can link.
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());
  return 0;
}

}  // namespace

Result<PrivateFile> PrivateFile::create_beside(const fs::path& target) {
  std::string name = (folder_of(target) / ("." + target.filename().string() + ".XXXXXX")).string();
  const int fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return failed(target, "created", errno);
  close(fd);
  return PrivateFile(name);
}

PrivateFile::PrivateFile(fs::path path) : path_(std::move(path)) {}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

PrivateFile::~PrivateFile() {
  if (path_.empty()) return;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    unlink((path_.string() + suffix).c_str());
  }
}

Result<void> PrivateFile::publish(const fs::path& target) {
  const int error = rename_if_free(path_, target);
  if (error != 0 && error != EEXIST) return failed(target, "created", error);
  if (error == 0) path_.clear();
  sync_folder(target);
  return {};
}

Result<void> PrivateFile::replace(const fs::path& target) {
  if (rename(path_.c_str(), target.c_str()) != 0) return failed(target, "written", errno);
  path_.clear();
  sync_folder(target);
  return {};
}

}  // namespace qn::store
