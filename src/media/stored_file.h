#pragma once

#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <utility>

namespace qn::media {

// Owns a descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Opens a published file for reading. No part of `path`, which is below `root`,
// may be a link, "..", or begin with a dot, and its end must be a plain file:
// else nothing is opened. Blocks.
Descriptor open_stored(const std::filesystem::path& root, std::string_view path);

}  // namespace qn::media
