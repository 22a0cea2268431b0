#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qn::media {

// A file under a name nobody knows, while it is written (mode 0600). Unless it
// is published, it goes away with its object. Owned by whoever writes; one
// thread at a time; every call may block.
class TempFile {
 public:
  // In an existing folder; kUnavailable with a detail.
  static Result<TempFile> make(const std::filesystem::path& folder, std::string_view name);
  // Another name of a file that exists, and its content; the other name stays.
  static Result<TempFile> link(const std::filesystem::path& existing,
                               const std::filesystem::path& folder, std::string_view name);
  TempFile(TempFile&& other) noexcept;
  TempFile& operator=(TempFile&&) = delete;
  ~TempFile();

  int fd() const { return fd_; }
  std::uint64_t size() const { return size_; }

  // Appends. kUnavailable, with a text when the disk is full.
  Result<void> write(std::string_view bytes);
  // The first bytes, up to `most`.
  Result<std::string> head(std::size_t most) const;
  // Readable for everybody, and on the disk.
  Result<void> seal();
  // Under this name from now on, if it is free: false when it is taken. Once it
  // has a name the file stays.
  Result<bool> publish(const std::filesystem::path& path);

 private:
  TempFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
};

// Bytes an unprivileged process may still write on that file system.
Result<std::uint64_t> free_space(int fd);

// Makes the folder and those above it up to `root`, which exists; what was made
// is on the disk afterwards.
Result<void> make_folders(const std::filesystem::path& root, const std::filesystem::path& below);
// Writes down which files a folder holds.
Result<void> sync_folder(const std::filesystem::path& folder);

// kUnavailable for the text of errno, with words for the user when the disk is full.
Error disk_error(std::string_view what, int error);

}  // namespace qn::media
