#include "app/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace qn::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSecretBytes = 32;

Error unusable(const fs::path& path, std::string_view why) {
  return refused("data_dir: " + path.string() + " cannot be used: " + std::string(why));
}

// Makes the missing folders of `path`; appends each to `created` at once, so
// that a failure half-way can be undone.
Result<void> make_folders(const fs::path& path, std::vector<fs::path>& created) {
  if (mkdir(path.c_str(), 0700) == 0) {
    created.push_back(path);
    return {};
  }
  if (errno == EEXIST) return {};
  if (errno != ENOENT || !path.has_relative_path()) return unusable(path, std::strerror(errno));
  const fs::path above = path.parent_path();
  struct stat info;
  // A missing entry in a folder that exists cannot be made (as in /proc).
  if (stat(above.c_str(), &info) == 0) return unusable(path, std::strerror(ENOENT));
  CHECK_OK(make_folders(above, created));
  return make_folders(path, created);
}

// Opens and locks the folder; -1 when it is no longer the one at `path`,
// because its maker took it away in between.
Result<int> lock_folder(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return -1;
  if (fd < 0) return unusable(path, std::strerror(errno));
  struct stat locked;
  struct stat current;
  if (flock(fd, LOCK_SH) == 0 && fstat(fd, &locked) == 0 && stat(path.c_str(), &current) == 0 &&
      locked.st_ino == current.st_ino && locked.st_dev == current.st_dev) {
    return fd;
  }
  close(fd);
  return -1;
}

Result<void> check_writable(const fs::path& path) {
  if (access(path.c_str(), W_OK | X_OK) != 0) return unusable(path, std::strerror(errno));
  return {};
}

// Writes a new file whole or not at all; an existing one stays as it is.
Result<void> write_new_file(const fs::path& file, std::string_view text) {
  const fs::path draft = file.string() + "." + std::to_string(getpid());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return unusable(draft, std::strerror(errno));
  const bool written =
      write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
  const bool linked = written && (link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int reason = errno;
  close(fd);
  unlink(draft.c_str());
  if (!linked) return unusable(file, std::strerror(reason));
  return {};
}

}  // namespace

Result<std::unique_ptr<DataFolder>> DataFolder::open(const fs::path& path) {
  constexpr int kAttempts = 10;
  fs::path folder = fs::absolute(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  std::unique_ptr<DataFolder> opened(new DataFolder(std::move(folder)));
  for (int i = 0; i < kAttempts && opened->lock_ < 0; ++i) {
    CHECK_OK(make_folders(opened->path_, opened->created_));
    TRY(opened->lock_, lock_folder(opened->path_));
  }
  if (opened->lock_ < 0) return unusable(opened->path_, "another process keeps removing it");
  CHECK_OK(check_writable(opened->path_));
  return opened;
}

Result<void> DataFolder::claim() {
  const fs::path file = path_ / "lock";
  server_lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (server_lock_ < 0) return unusable(file, std::strerror(errno));
  if (flock(server_lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return unusable(path_, "another qingniao is serving from it");
}

DataFolder::~DataFolder() {
  std::error_code ignored;
  if (server_lock_ >= 0) close(server_lock_);
  const bool made = !created_.empty() && created_.back() == path_ && lock_ >= 0;
  const bool in_use = made && flock(lock_, LOCK_EX | LOCK_NB) != 0;
  if (in_use) created_.clear();
  if (made && !in_use) fs::remove_all(path_, ignored);
  // Those above it go as well, unless somebody put something there.
  for (; !created_.empty(); created_.pop_back()) fs::remove(created_.back(), ignored);
  if (lock_ >= 0) close(lock_);
}

Result<std::string> DataFolder::secret(std::string_view name, Random& random) const {
  const fs::path file = path_ / name;
  std::error_code error;
  if (!fs::exists(file, error)) {
    CHECK_OK(write_new_file(file, random.hex(kSecretBytes) + "\n"));
  }
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!in || text.size() < kSecretBytes) {
    return refused(file.string() +
                   " must hold at least 32 bytes; remove it to have a new one made");
  }
  return text;
}

}  // namespace qn::app
