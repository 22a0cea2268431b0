#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/task.h"
#include "base/worker_pool.h"
#include "media/disk_store.h"
#include "media/run_tool.h"

namespace qn::media {

// Which picture of which film.
struct CoverOrder {
  std::string film;                    // path below the uploads
  std::chrono::milliseconds at{0};     // since its beginning
  std::optional<std::uint32_t> width;  // nothing: as it is; the height follows
  std::string format;                  // png, jpg, jpeg
};

struct Cover {
  Published file;  // Diy/VideoScreenshot/screenshot_1759472469123_k3x90a.png
  std::string bytes;
};

// Takes single pictures out of uploaded films with ffmpeg (defect S20): the film
// is its standard input, no protocol but files and no format that names other
// files is allowed, and it runs as run_tool() has it. Owned by app/; any loop.
class CoverMaker {
 public:
  // The pool's threads run one tool each. `ffmpeg` is nothing where it is not installed.
  CoverMaker(DiskStore& disk, WorkerPool& pool, const Clock& clock, Random& random,
             Metrics& metrics, std::optional<std::filesystem::path> ffmpeg = find_tool("ffmpeg"));

  // kNotFound: no such film. kRefused: it gives no such picture, in time and
  // memory, or the tool is not installed. kOverloaded, kUnavailable.
  Task<Result<Cover>> make(CoverOrder order, Deadline by);
  // Ends the tools that run, so that the pool can stop.
  void stop() { is_stopping_ = true; }

 private:
  Result<Cover> make_now(const CoverOrder& order, Deadline by);
  Result<std::string> picture_of(const CoverOrder& order, int film, Deadline by) const;

  DiskStore& disk_;
  WorkerPool& pool_;
  const Clock& clock_;
  Random& random_;
  const std::optional<std::filesystem::path> ffmpeg_;
  Counter& made_;
  Counter& failed_;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace qn::media
