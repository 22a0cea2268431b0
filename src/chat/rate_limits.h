#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/cache.h"

namespace qn::chat {

// At most `count` in each window of fixed length.
struct Rate {
  std::int64_t count = 0;
  std::chrono::milliseconds window{0};
};

struct RateOptions {
  bool per_address = true;  // false switches every per-address limit off
  Rate login_per_address{60, std::chrono::minutes(1)};
  Rate login_per_account{10, std::chrono::minutes(5)};  // failed attempts
  Rate register_per_address{30, std::chrono::hours(1)};
  Rate visitor_per_device{5, std::chrono::hours(1)};  // chat-http-api.md §2.1
  Rate visitor_per_address{120, std::chrono::hours(1)};
  Rate search_per_user{30, std::chrono::minutes(1)};
  Rate profile_per_address{600, std::chrono::minutes(1)};
  Rate upload_per_user{120, std::chrono::minutes(10)};  // users and managers
  Rate send_per_user{100, std::chrono::seconds(5)};
  Rate complaint_per_user{20, std::chrono::hours(1)};
  Rate qa_search_per_user{60, std::chrono::minutes(1)};
  Rate admin_login_per_address{20, std::chrono::minutes(1)};
  Rate admin_login_per_account{10, std::chrono::minutes(5)};  // failed attempts
};

// Which limit; one counter per limit and subject.
enum class Limit {
  kLoginAddress,
  kLoginAccount,
  kRegisterAddress,
  kVisitorDevice,
  kVisitorAddress,
  kSearchUser,
  kProfileAddress,
  kUploadUser,
  kSendUser,
  kComplaintUser,
  kAskSearch,
  kAdminLoginAddress,
  kAdminLoginAccount,
};

// Counts attempts in the cache (fixed window, one atomic step: defect S9). When
// the cache is away nothing is limited: being reachable matters more. Any loop.
class RateLimits {
 public:
  RateLimits(bus::Cache& cache, RateOptions options, Metrics& metrics);

  // Counts one and refuses above the limit, with the contract's text
  // 请求过于频繁，请1个小时后再试 for the window's length.
  Task<Result<void>> check(Limit limit, std::string subject);
  // Forgets what was counted, after a success.
  Task<void> reset(Limit limit, std::string subject);

 private:
  const Rate& rate(Limit limit) const;

  bus::Cache& cache_;
  const RateOptions options_;
  Counter& refused_;
};

}  // namespace qn::chat
