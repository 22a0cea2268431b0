#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
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
                     // in a bucket, its key: images/20251003/1759472469123_1f2e3d4c5b6a.png
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
  // A file that is complete under another name, which stays.
  Task<Result<std::unique_ptr<TempFile>>> adopt(std::filesystem::path existing);

  // For files made from published ones: on a thread that may block.
  Result<TempFile> make_temporary();
  // Under a name of `make_name`'s below `folder`. The name's kind must fit the bytes.
  Result<Published> publish_made(std::string_view bytes, const FileKind& kind,
                                 const std::filesystem::path& folder,
                                 const std::function<std::string()>& make_name);
  const std::filesystem::path& root() const { return options_.root; }

 private:
  Result<std::filesystem::path> temporary_folder() const;
  Result<void> check_space(int fd, std::uint64_t expected) const;
  Result<Published> publish_now(TempFile& file, const FileKind& kind, const std::string& folder);
  // Durable, and under a name that was free.
  Result<std::string> link_below(TempFile& file, const std::filesystem::path& below,
                                 const std::function<std::string()>& make_name);

  const DiskOptions options_;
  WorkerPool& pool_;
  Clock& clock_;
  Random& random_;
};

// What the file holds, which must fit its name. kRefused with a text. Blocks.
Result<std::string> check_file(const TempFile& file, const FileKind& kind);

// 20251003, of that moment at that offset.
std::string day_of(Time time, std::chrono::minutes utc_offset);

}  // namespace qn::media
