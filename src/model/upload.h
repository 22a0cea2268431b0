#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace qn::model {

// Whose an uploaded file is: one of two tables with ids of their own.
struct UploadOwner {
  enum class Kind { kUser, kManager };
  Kind kind = Kind::kUser;
  std::int64_t id = 0;
};

// A stored file, as its row keeps it.
struct Upload {
  UploadOwner owner;
  std::string url;   // /public/uploads/…, or https://… in a bucket
  std::string name;  // as the client called it
  std::string mime;  // as found in the bytes
  std::uint64_t bytes = 0;
  Time created_at;
};

// A file of a user that comes in several requests.
struct ResumableUpload {
  std::string id;
  UserId user;
  std::string folder;  // below uploads/Diy
  std::string name;    // as the client calls it
  std::uint64_t bytes = 0;
  std::string url;  // "" until it is finished
  Time created_at;
};

}  // namespace qn::model
