#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "model/upload.h"
#include "store/database.h"

namespace qn::store {

// How much one owner may upload from a moment on.
struct UploadQuota {
  Time since;
  std::uint64_t bytes = 0;
};

// Table upload: one row per stored file.
class UploadStore {
 public:
  virtual ~UploadStore() = default;
  // False, and nothing is stored, when the owner would be over the quota.
  virtual Task<Result<bool>> add(model::Upload upload, UploadQuota quota, Deadline by) = 0;
  // Bytes of the owner's files from that moment on.
  virtual Task<Result<std::uint64_t>> used(model::UploadOwner owner, Time since, Deadline by) = 0;
};

std::unique_ptr<UploadStore> make_upload_store(Database& db);

}  // namespace qn::store
