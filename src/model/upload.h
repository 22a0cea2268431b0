#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

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
  std::string url;   // /public/uploads/…
  std::string name;  // as the client called it
  std::string mime;  // as found in the bytes
  std::uint64_t bytes = 0;
  Time created_at;
};

}  // namespace qn::model
