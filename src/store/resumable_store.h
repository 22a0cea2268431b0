#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/upload.h"
#include "store/database.h"
#include "store/upload_store.h"

namespace qn::store {

// Table resumable_upload: one row per file that comes in several requests, until
// it has been left alone for long enough.
class ResumableStore {
 public:
  enum class Finished {
    kDone,
    kOverQuota,  // nothing is stored
    kTooLate,    // somebody else has finished it, or it is gone; nothing is stored
  };

  virtual ~ResumableStore() = default;
  // False, and nothing is stored, when the user has `most_open` unfinished ones, or
  // these and the stored files would together be over the quota.
  virtual Task<Result<bool>> begin(model::ResumableUpload upload, UploadQuota quota,
                                   std::size_t most_open, Deadline by) = 0;
  // Of that user only.
  virtual Task<Result<std::optional<model::ResumableUpload>>> find(std::string id, UserId user,
                                                                   Deadline by) = 0;
  // Something has come for it. False: it is gone.
  virtual Task<Result<bool>> touch(std::string id, UserId user, Time now, Deadline by) = 0;
  // Its file is published as `file`: both rows, or none.
  virtual Task<Result<Finished>> finish(std::string id, model::Upload file, UploadQuota quota,
                                        Deadline by) = 0;
  virtual Task<Result<void>> remove(std::string id, Deadline by) = 0;
  // Those nothing has come for since then; their number.
  virtual Task<Result<std::int64_t>> remove_older(Time than, Deadline by) = 0;
  // Of all that are not finished.
  virtual Task<Result<std::vector<std::string>>> open_ids(Deadline by) = 0;
};

std::unique_ptr<ResumableStore> make_resumable_store(Database& db);

}  // namespace qn::store
