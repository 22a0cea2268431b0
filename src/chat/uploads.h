#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/rate_limits.h"
#include "media/avatar_maker.h"
#include "media/disk_store.h"
#include "media/object_store.h"
#include "model/upload.h"
#include "store/upload_store.h"

namespace qn::chat {

struct UploadOptions {
  std::uint64_t max_bytes = 50ull << 20;     // of one file
  std::uint64_t bytes_per_day = 1ull << 30;  // of one user; a manager has ten times as much
  std::chrono::minutes utc_offset{8 * 60};   // when a day begins
};

enum class UploadPlace {
  kDisk,
  kBucket,  // of the object storage; the disk where there is none
};

// One upload that is about to begin.
struct UploadRequest {
  model::UploadOwner owner;
  // Where to: "a_b" is uploads/Diy/a/b; nothing is the uploads' own folder.
  std::optional<std::string> folder;
  std::uint64_t expected = 0;  // bytes, as far as anybody knows
  UploadPlace place = UploadPlace::kDisk;
};

struct StoredFile {
  std::string url;   // /public/uploads/Diy/chatImgs/20251003/1759472469123_40213377.png, or
                     // https://… in a bucket
  std::string path;  // below uploads/Diy, or uploads: chatImgs/20251003/…; the key in a bucket
  Time stored_at;
};

class UploadService;

// One file on its way to the disk. Owned by the request it comes with, on its
// loop, one call at a time. Destroyed before finish() has succeeded, it leaves
// neither a file nor a row. After an error nothing more may be called.
class Upload {
 public:
  Upload(UploadService& service, UploadRequest request);
  ~Upload();

  // The file begins: kRefused for its name, kUnavailable without disk space.
  Task<Result<void>> start(std::string filename);
  // The next bytes, which stay until the task has ended. kTooLarge.
  Task<Result<void>> write(std::string_view bytes);
  // All of it is there. kRefused: no file came, the content is not what the name
  // says, or the owner's day is full.
  // A bucket has a time of its own to take it.
  Task<Result<StoredFile>> finish(Deadline by);

 private:
  Task<Result<StoredFile>> finish_on_disk(Deadline by);
  Task<Result<StoredFile>> finish_in_bucket();

  UploadService& service_;
  const UploadRequest request_;
  std::string filename_;
  media::FileKind kind_;
  std::unique_ptr<media::TempFile> file_;  // once it has begun
};

// Who may upload what, and how much (defects S21, S22). Owned by app/; any loop.
class UploadService {
 public:
  struct Places {
    media::DiskStore& disk;
    media::ObjectStore* bucket = nullptr;
  };

  UploadService(store::UploadStore& uploads, Places places, media::AvatarMaker& avatars,
                RateLimits& limits, const Clock& clock, UploadOptions options);

  // Before any byte is read. kRefused: the folder's name, too often, or the
  // owner's day is full.
  Task<Result<std::unique_ptr<Upload>>> begin(UploadRequest request, Deadline by);

  std::uint64_t max_bytes() const { return options_.max_bytes; }

  // For files that come another way.

  // Counts an upload of so many bytes. kRefused: too often, or the owner's day is full.
  Task<Result<void>> check(model::UploadOwner owner, std::uint64_t expected, Deadline by);
  store::UploadQuota quota_of(const model::UploadOwner& owner) const;
  // The row of a published file, and its storing; without it the file goes too.
  model::Upload row_of(const model::UploadOwner& owner, std::string filename,
                       const media::Published& file) const;
  Task<Result<void>> note(model::UploadOwner owner, std::string filename, media::Published file,
                          Deadline by);
  // A published file nobody knows of.
  Task<void> drop(std::string path);
  // A small version of a picture, some time.
  void make_avatar(const media::FileKind& kind, const std::string& path);

 private:
  friend class Upload;
  // kRefused when the owner's day is full.
  Task<Result<void>> add(model::Upload row, Deadline by);

  store::UploadStore& uploads_;
  const Places places_;
  media::AvatarMaker& avatars_;
  RateLimits& limits_;
  const Clock& clock_;
  const UploadOptions options_;
};

// Where a file of the disk is served.
std::string local_url(std::string_view path);

}  // namespace qn::chat
