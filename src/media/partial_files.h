#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "base/worker_pool.h"
#include "media/disk_store.h"

namespace qn::media {

// Files that come in several requests, as <root>/.partial/<id>: they only grow,
// and a restart leaves them alone. Whatever is there is a beginning of the file,
// also after a write that was broken off, so that its size says where to go on.
// Ids are plain names of the caller's choice. Owned by app/; any loop; all disk
// access is on the pool. kUnavailable, with a text when the disk is full.
class PartialFiles {
 public:
  PartialFiles(DiskOptions options, WorkerPool& pool) : options_(std::move(options)), pool_(pool) {}

  // How much of it is there; 0 before the first byte.
  Task<Result<std::uint64_t>> size(std::string id);
  // `bytes`, which stay until the task has ended, belong at `offset`; those that
  // have come before are skipped. kRefused, with a text, when some are missing
  // before them.
  Task<Result<void>> write(std::string id, std::uint64_t offset, std::string_view bytes);
  // What has been written stays. The size.
  Task<Result<std::uint64_t>> sync(std::string id);
  Task<Result<void>> remove(std::string id);
  // The ids of all that are there.
  Task<Result<std::vector<std::string>>> list();

  std::filesystem::path path_of(std::string_view id) const;

 private:
  Result<void> write_now(const std::string& id, std::uint64_t offset, std::string_view bytes) const;

  const DiskOptions options_;
  WorkerPool& pool_;
};

}  // namespace qn::media
