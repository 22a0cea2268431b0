#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/task.h"
#include "base/worker_pool.h"
#include "media/disk_store.h"
#include "media/http_transfer.h"
#include "media/object_url.h"
#include "media/temp_file.h"
#include "media/upload_policy.h"

namespace qn::media {

struct ObjectOptions {
  ObjectTarget target;
  std::chrono::milliseconds time{60'000};   // of one upload, with its retries
  std::chrono::milliseconds pause{200};     // before the first retry; then twice as long
  std::chrono::minutes utc_offset{8 * 60};  // of the day in a key
};

// Uploaded files in a bucket: S3 and what speaks its language, or Aliyun OSS. A
// file is complete on the disk before it is sent from there, in pieces; the
// storage compares it with a digest. Owned by app/; any loop; transfers are on
// the pool.
class ObjectStore {
 public:
  ObjectStore(ObjectOptions options, WorkerPool& pool, Clock& clock, Random& random,
              Metrics& metrics);

  // Checks what the file holds and stores it below `folder` and today's date, under
  // a key that is never used again; a storage that is away or busy is asked three
  // times. kRefused for the content; kUnavailable, kDeadline, kOverloaded.
  Task<Result<Published>> publish(const TempFile& file, FileKind kind, std::string folder);
  Task<Result<void>> remove(std::string key);
  // Where everybody reads it.
  std::string url_of(std::string_view key) const { return options_.target.public_url_of(key); }

  // Ends what runs, so that the pool can stop.
  void stop() { is_stopping_ = true; }

 private:
  struct Request {
    std::string method;
    std::string key;
    std::string mime;    // of a body
    std::string digest;  // of the body: SHA-256 in hex for S3, MD5 in Base64 for OSS
    int body = -1;
    std::uint64_t size = 0;
  };
  struct Checked {
    std::string mime;
    std::string digest;
  };

  std::string new_key(const FileKind& kind, std::string_view folder);
  Result<Checked> check(const TempFile& file, const FileKind& kind) const;
  Task<Result<void>> send(Request request);
  Result<TransferReply> send_once(const Request& request, Deadline by) const;
  Transfer signed_transfer(const Request& request) const;

  const ObjectOptions options_;
  WorkerPool& pool_;
  Clock& clock_;
  Random& random_;
  Counter& stored_;
  Counter& failed_;
  Counter& retried_;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace qn::media
