#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/uploads.h"
#include "media/disk_store.h"
#include "media/partial_files.h"
#include "model/upload.h"
#include "store/resumable_store.h"

namespace qn::chat {

struct ResumableOptions {
  std::uint64_t max_bytes = 500ull << 20;  // of one file
};

struct NewResumable {
  std::string name;
  std::string folder;  // "a_b" is uploads/Diy/a/b
  std::uint64_t bytes = 0;
};

class ResumableUploads;

// The bytes of one request on their way to a partial file. Owned by the request,
// on its loop, one call at a time. What has come stays, however the request ends.
class ResumablePiece {
 public:
  ResumablePiece(ResumableUploads& service, model::ResumableUpload upload, std::uint64_t offset)
      : service_(service), upload_(std::move(upload)), offset_(offset) {}

  // The next bytes, which stay until the task has ended; those that have come
  // before are skipped. kRefused: some are missing, or they are too many.
  Task<Result<void>> write(std::string_view bytes);
  // Up to where the file is complete, durably.
  Task<Result<std::uint64_t>> finish(Deadline by);

 private:
  ResumableUploads& service_;
  const model::ResumableUpload upload_;
  std::uint64_t offset_;
};

// Uploads that survive broken connections and restarts of the server, for large
// files: begin, pieces, finish (additive; protocol.md). Every step may be repeated
// when its answer was lost. Only their own user sees them; left alone for a day
// they go. Owned by app/; any loop.
class ResumableUploads {
 public:
  static constexpr std::size_t kPiece = 4 << 20;      // what clients should send at once
  static constexpr std::size_t kMaxPiece = 64 << 20;  // what one request may have
  static constexpr std::size_t kMaxOpen = 10;         // unfinished ones of one user
  static constexpr std::chrono::hours kKept{24};

  struct Stores {
    store::ResumableStore& rows;
    media::PartialFiles& partials;
    media::DiskStore& disk;
  };

  ResumableUploads(Stores stores, UploadService& uploads, Random& random, const Clock& clock,
                   ResumableOptions options)
      : stores_(stores), uploads_(uploads), random_(random), clock_(clock), options_(options) {}

  // Its id. kRefused: the names, too often, too many, or the user's day is full;
  // kTooLarge.
  Task<Result<std::string>> begin(Caller caller, NewResumable upload, Deadline by);
  // How much of it is there. kRefused when the caller has no such upload, as below.
  Task<Result<std::uint64_t>> offset(Caller caller, std::string id, Deadline by);
  Task<Result<std::unique_ptr<ResumablePiece>>> open(Caller caller, std::string id,
                                                     std::uint64_t offset, Deadline by);
  // Publishes the file, or tells where it is. kRefused: it is not complete, not what
  // its name says (then it is gone), or the user's day is full.
  Task<Result<StoredFile>> finish(Caller caller, std::string id, Deadline by);

  // Removes what has been left alone; now and then.
  Task<Result<void>> sweep(Deadline by);

 private:
  friend class ResumablePiece;
  Task<Result<model::ResumableUpload>> get(UserId user, std::string id, Deadline by);
  Task<Result<media::Published>> publish(model::ResumableUpload upload, media::FileKind kind,
                                         Deadline by);
  // Both rows of a published file, or neither and no file.
  Task<Result<std::string>> note(model::ResumableUpload upload, media::Published file, Deadline by);
  Task<void> drop_partial(std::string id);

  const Stores stores_;
  UploadService& uploads_;
  Random& random_;
  const Clock& clock_;
  const ResumableOptions options_;
};

}  // namespace qn::chat
