#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace qn::app {

// The folder that holds the database and the generated secrets, for as long as
// a command uses it. If opening made the folder, the destructor removes it with
// what is inside, unless keep() was called or another process uses it by then:
// a failed first start leaves nothing behind. One thread.
class DataFolder {
 public:
  // Makes the folder (mode 0700) and those above it when missing. kRefused with
  // a text for the operator when that or writing into it is not possible.
  static Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;

  // Absolute.
  const std::filesystem::path& path() const { return path_; }

  // Makes this process the one server of the folder until it ends. kRefused when
  // another one is: two would not see each other's sessions.
  Result<void> claim();

  // The command succeeded: what it made stays.
  void keep() { created_.clear(); }

  // The content of the file `name`; on first use 64 random hexadecimal digits,
  // written with mode 0600. kRefused with a text when the file is unusable.
  Result<std::string> secret(std::string_view name, Random& random) const;

 private:
  explicit DataFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path path_;
  int lock_ = -1;                               // the folder, with a shared flock
  int server_lock_ = -1;                        // the file `lock`, exclusively, after claim()
  std::vector<std::filesystem::path> created_;  // outermost first
};

}  // namespace qn::app
