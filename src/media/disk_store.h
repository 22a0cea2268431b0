#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/worker_pool.h"
#include "media/temp_file.h"
#include "media/upload_policy.h"

namespace qn::media {

struct DiskOptions {
  std::filesystem::path root;               // data_dir/public/uploads; made when needed
  std::uint64_t min_free = 0;               // bytes that uploads leave free
  std::chrono::minutes utc_offset{8 * 60};  // of the day in a folder's name
};

// Where a stored file is.
struct Published {
  std::string path;  // below the root: Diy/chatImgs/20251003/1759472469123_40213377.png
  std::string mime;  // by its content
  std::uint64_t bytes = 0;
};

// The uploaded files on the local disk. They are written as <root>/.tmp/… and
// get their name, which never changes again, once they are complete and durable.
// Owned by app/; any loop; all disk access is on the pool.
class DiskStore {
 public:
  DiskStore(DiskOptions options, WorkerPool& pool, Clock& clock, Random& random);

  // Removes what an earlier process has left unfinished. Before the first file;
  // blocks.
  void sweep();

  // A file of about `expected` bytes. kUnavailable, with a text, when that would
  // leave too little space.
  Task<Result<std::unique_ptr<TempFile>>> create(std::uint64_t expected);
  // Appends; `bytes` stays until the task has ended.
  Task<Result<void>> write(TempFile& file, std::string_view bytes);
  // Checks what the file holds, makes it durable and gives it a name below
  // `folder` ("" is the root itself) and today's date. kRefused for the content.
  Task<Result<Published>> publish(TempFile& file, FileKind kind, std::string folder);
  Task<Result<void>> remove(std::string path);

  // For a file made from a published one: on a thread that may block.
  Result<TempFile> make_temporary();
  const std::filesystem::path& root() const { return options_.root; }

 private:
  Result<void> check_space(int fd, std::uint64_t expected) const;
  Result<Published> publish_now(TempFile& file, const FileKind& kind, const std::string& folder);
  Result<std::string> link_as(TempFile& file, const std::filesystem::path& folder,
                              const std::string& extension);

  const DiskOptions options_;
  WorkerPool& pool_;
  Clock& clock_;
  Random& random_;
};

// 20251003, of that moment at that offset.
std::string day_of(Time time, std::chrono::minutes utc_offset);

}  // namespace qn::media
