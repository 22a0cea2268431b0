#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/task.h"
#include "base/worker_pool.h"

namespace qn::chat {

// Argon2id parameters (RFC 9106): t passes over m bytes, one lane. The default
// is one of OWASP's, about 21 ms of CPU. Stored inside each hash, so they can be
// raised at any time: an older hash is upgraded at its owner's next login.
struct PasswordCost {
  unsigned passes = 3;
  std::size_t memory = 12_MiB;
};

enum class PasswordMatch {
  kNo,
  kYes,
  kYesOutdated,  // right, but stored in a form to be replaced
};

// Blocking and slow on purpose: worker threads and operator commands only.
// kUnavailable when memory runs out.
Result<std::string> hash_password(std::string_view password, PasswordCost cost);
// Reads Argon2id hashes and the reference's unsalted SHA-256 in 64 hex digits
// (defect S3). Anything else, like kNoPassword, matches nothing.
PasswordMatch match_password(std::string_view password, std::string_view stored, PasswordCost cost);

// Stored for accounts that cannot log in with a password (visitors, defect S10).
inline constexpr std::string_view kNoPassword = "!";

// The same on a worker pool of bounded width: a login storm costs its own users
// time, not everybody else. Owned by app/; any loop.
class PasswordHasher {
 public:
  PasswordHasher(WorkerPool& pool, PasswordCost cost) : pool_(pool), cost_(cost) {}

  // kOverloaded when too many wait already.
  Task<Result<std::string>> hash(std::string password);
  Task<Result<PasswordMatch>> match(std::string password, std::string stored);

 private:
  WorkerPool& pool_;
  const PasswordCost cost_;
};

}  // namespace qn::chat
