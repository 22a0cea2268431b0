#include "app/media_parts.h"

#include "base/log.h"
#include "chat/caller.h"
#include "media/object_url.h"

namespace qn::app {
namespace {

constexpr std::chrono::minutes kSweepEvery{10};
constexpr std::size_t kCoverThreads = 2;
constexpr std::size_t kMaxCovers = 16;
constexpr std::size_t kObjectThreads = 4;
constexpr std::size_t kMaxObjects = 64;

media::DiskOptions disk_options(const MediaParts::Needs& needs) {
  return {needs.root, needs.settings.min_free, needs.settings.utc_offset};
}

chat::UploadOptions upload_options(const Settings& settings) {
  auto options = settings.uploads;
  options.utc_offset = settings.utc_offset;
  return options;
}

// The setting has been checked when it was read.
std::unique_ptr<media::ObjectStore> make_bucket(const MediaParts::Needs& needs, WorkerPool& pool) {
  auto target = media::parse_media_url(needs.settings.media_url);
  if (!target.has_value() || !*target) return nullptr;
  media::ObjectOptions options;
  options.target = std::move(**target);
  options.time = needs.settings.object_time;
  options.utc_offset = needs.settings.utc_offset;
  return std::make_unique<media::ObjectStore>(std::move(options), pool, needs.clock, needs.random,
                                              needs.metrics);
}

Task<void> sweep_resumables(chat::ResumableUploads& resumables) {
  for (;;) {
    const auto swept = co_await resumables.sweep(Deadline::after(chat::kRequestTime));
    // A full pool has better things to do, or is about to stop: next time.
    if (!swept.has_value() && swept.error().code != ErrorCode::kOverloaded) {
      log::warn("upload.sweep_failed", {{"detail", swept.error().detail}});
    }
    co_await sleep_for(kSweepEvery);
  }
}

}  // namespace

MediaParts::MediaParts(const Needs& needs)
    : cover_pool_({.name = "covers", .threads = kCoverThreads, .max_queue = kMaxCovers},
                  needs.metrics),
      object_pool_({.name = "objects", .threads = kObjectThreads, .max_queue = kMaxObjects},
                   needs.metrics),
      upload_rows_(store::make_upload_store(needs.db)),
      resumable_rows_(store::make_resumable_store(needs.db)),
      disk_(disk_options(needs), needs.writers, needs.clock, needs.random),
      partials_(disk_options(needs), needs.writers),
      bucket_(make_bucket(needs, object_pool_)),
      avatars_(disk_, needs.tools, needs.metrics),
      cover_maker_(disk_, cover_pool_, needs.clock, needs.random, needs.metrics),
      uploads(*upload_rows_, {disk_, bucket_.get()}, avatars_, needs.limits, needs.clock,
              upload_options(needs.settings)),
      resumables({*resumable_rows_, partials_, disk_}, uploads, needs.random, needs.clock,
                 needs.settings.resumables),
      covers(uploads, cover_maker_, needs.settings.covers) {
  disk_.sweep();
}

void MediaParts::start_timers(EventLoops& loops) {
  loops.spawn(0, sweep_resumables(resumables));
}

void MediaParts::stop() {
  avatars_.stop();
  cover_maker_.stop();
  if (bucket_) bucket_->stop();
  cover_pool_.stop();
  object_pool_.stop();
}

}  // namespace qn::app
