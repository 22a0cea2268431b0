#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "base/worker_pool.h"
#include "net/byte_range.h"
#include "net/http.h"
#include "net/unique_fd.h"

namespace qn::net {

// The files below one folder under one URL prefix: conditional requests, single
// ranges, no listings, no dot files, nothing outside the folder. Owned by app/;
// any loop may serve. All disk access is on the pool.
class StaticFiles {
 public:
  struct Options {
    std::string cache_control = "no-cache";
    // For what users uploaded: whatever could run script in our origin is
    // offered for saving and never shown.
    bool attachment_for_active_content = false;
  };

  // The prefix ends with '/', like "/public/"; the folder may appear later.
  StaticFiles(std::filesystem::path root, std::string prefix, Options options, WorkerPool& pool);

  // Nothing when it is no GET or HEAD of a file below the prefix: the caller
  // writes its own 404. Status 503 without a body when the pool is full.
  Task<std::optional<HttpReply>> serve(const HttpRequest& request);

 private:
  struct Ask;
  std::optional<HttpReply> answer(const Ask& ask) const;
  // The bytes themselves if they are few, else a source. False: unreadable.
  bool fill(HttpReply& reply, UniqueFd fd, std::uint64_t first, std::uint64_t length,
            bool is_head) const;
  bool fill_part(HttpReply& reply, UniqueFd fd, const ByteRange& range, std::uint64_t size) const;

  const std::filesystem::path root_;
  const std::string prefix_;
  const Options options_;
  WorkerPool& pool_;
};

// The file path that the rest of a URL path names, decoded. Nothing for dot
// files, "..", empty parts, encoded slashes and NUL.
std::optional<std::string> relative_file_path(std::string_view encoded);

}  // namespace qn::net
