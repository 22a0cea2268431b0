#pragma once

#include <filesystem>
#include <memory>

#include "app/settings.h"
#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/worker_pool.h"
#include "chat/rate_limits.h"
#include "chat/resumable_uploads.h"
#include "chat/uploads.h"
#include "chat/video_covers.h"
#include "media/avatar_maker.h"
#include "media/cover_maker.h"
#include "media/disk_store.h"
#include "media/object_store.h"
#include "media/partial_files.h"
#include "store/resumable_store.h"
#include "store/upload_store.h"

namespace qn::app {

// Everything of a server that deals with uploaded files, in the order it is made.
// Owned by the server, which stops it after HTTP and before the database.
class MediaParts {
 public:
  struct Needs {
    const Settings& settings;
    std::filesystem::path root;  // public/uploads
    store::Database& db;
    chat::RateLimits& limits;
    WorkerPool& writers;
    WorkerPool& tools;
    Clock& clock;
    Random& random;
    Metrics& metrics;
  };

  // Removes what an earlier process has left unfinished; blocks.
  explicit MediaParts(const Needs& needs);

  // Starts what runs now and then.
  void start_timers(EventLoops& loops);
  // Ends tools and transfers, also those on the pool of tools.
  void stop();

 private:
  WorkerPool cover_pool_;
  WorkerPool object_pool_;
  const std::unique_ptr<store::UploadStore> upload_rows_;
  const std::unique_ptr<store::ResumableStore> resumable_rows_;
  media::DiskStore disk_;
  media::PartialFiles partials_;
  const std::unique_ptr<media::ObjectStore> bucket_;  // none: files stay on the disk
  media::AvatarMaker avatars_;
  media::CoverMaker cover_maker_;

 public:
  chat::UploadService uploads;
  chat::ResumableUploads resumables;
  chat::VideoCovers covers;
};

}  // namespace qn::app
