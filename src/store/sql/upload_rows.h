#pragma once

// Shared by the stores of this folder; not part of the library.

#include <string_view>

#include "model/upload.h"
#include "store/database.h"
#include "store/upload_store.h"

namespace qn::store {

// The column owner_type.
std::string_view upload_owner_type(const model::UploadOwner& owner);

// One row in one statement. False, and there is none, when the owner would be
// over the quota.
Result<bool> add_upload(Connection& c, const model::Upload& upload, const UploadQuota& quota);

}  // namespace qn::store
