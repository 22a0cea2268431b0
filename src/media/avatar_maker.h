#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "base/worker_pool.h"
#include "media/disk_store.h"
#include "media/run_tool.h"

namespace qn::media {

// What the small version of a picture is called: this behind the picture's name.
inline constexpr std::string_view kAvatarSuffix = ".avatar.webp";

struct PictureSize {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
};
// From what vipsheader says: "600x400 uchar, …".
std::optional<PictureSize> parse_picture_size(std::string_view text);

// Makes a small square version (at most 192 pixels a side) of uploaded pictures
// with the vips tools, after the upload has been answered. Pictures that claim
// to be huge get none, nor does anybody when the tools are not installed or the
// queue is full: whoever asks for the small one is sent to the original. Owned
// by app/; any thread.
class AvatarMaker {
 public:
  // The pool's threads run one tool each.
  AvatarMaker(DiskStore& disk, WorkerPool& pool, Metrics& metrics);

  // `path` of a published picture. Returns at once.
  void request(std::string path);
  // Ends the tool that runs and drops what waits, so that the pool can stop.
  void stop() { is_stopping_ = true; }

 private:
  Result<void> make(const std::string& path) const;
  Result<void> check_size(int picture) const;
  ToolRun run_of(const std::filesystem::path& program, int picture) const;

  DiskStore& disk_;
  WorkerPool& pool_;
  const std::optional<std::filesystem::path> measure_;
  const std::optional<std::filesystem::path> shrink_;
  Counter& made_;
  Counter& failed_;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace qn::media
