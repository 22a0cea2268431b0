#pragma once

#include <filesystem>

#include "base/result.h"

namespace qn::store {

// A file in the making, readable by its owner only (mode 0600), beside the place
// it is meant for and removed with SQLite's companions unless it gets there.
// Errors are kRefused with a text for the operator.
class PrivateFile {
 public:
  static Result<PrivateFile> create_beside(const std::filesystem::path& target);

  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  const std::filesystem::path& path() const { return path_; }

  // Gives it its name unless that is taken, which is no error: another process
  // was faster. Survives a power failure once it returned.
  Result<void> publish(const std::filesystem::path& target);
  // The same, in place of whatever has that name.
  Result<void> replace(const std::filesystem::path& target);

 private:
  explicit PrivateFile(std::filesystem::path path);

  std::filesystem::path path_;  // empty once it was moved away
};

}  // namespace qn::store
