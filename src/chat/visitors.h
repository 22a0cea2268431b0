#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "bus/cache.h"
#include "chat/accounts.h"
#include "chat/rate_limits.h"
#include "store/user_store.h"

namespace qn::chat {

// A signed request of a visitor's client (chat-http-api.md §2.1).
struct SignedDevice {
  std::string device_id;
  std::int64_t timestamp = 0;  // the client's clock, milliseconds
  std::string signature;       // header X-Security-Sign
};

// Lower-case hex SHA-256 of `deviceId=…&salt=…&timestamp=…APP_SECRET`. The salt
// is compiled into every client: a checksum, not a secret (defect S7).
std::string visitor_signature(std::string_view device_id, std::string_view salt,
                              std::int64_t timestamp);

// People without an account. A device has at most one visitor row; an account
// that grew out of one keeps its id and is never entered by device again
// (defects S4, S5). Any loop; owned by app/.
class VisitorService {
 public:
  VisitorService(store::UserStore& users, AccountService& accounts, PasswordHasher& passwords,
                 RateLimits& limits, bus::Cache& cache, Random& random, const Clock& clock,
                 std::string salt, AccountOptions options)
      : users_(users),
        accounts_(accounts),
        passwords_(passwords),
        limits_(limits),
        cache_(cache),
        random_(random),
        clock_(clock),
        salt_(std::move(salt)),
        options_(std::move(options)),
        reserved_(options_.reserved_names) {}

  // §2.2: the visitor of this device, made on first sight. The answer shows the
  // row as it was before `device`'s facts are noted.
  Task<Result<LoginResult>> enter(SignedDevice proof, model::Device device, Origin origin,
                                  Deadline by);
  // §2.3: an account for the visitor, in place: id, friends and groups stay.
  Task<Result<LoginResult>> register_visitor(SignedDevice proof, std::string username,
                                             std::string password, Origin origin, Deadline by);
  // §2.4: login with an account, from a visitor's device.
  Task<Result<LoginResult>> login(SignedDevice proof, std::string username, std::string password,
                                  Origin origin, Deadline by);

 private:
  Task<Result<void>> check(const SignedDevice& proof, const Origin& origin);
  Task<Result<model::User>> find_or_create(const model::Device& device, const Origin& origin,
                                           Deadline by);
  Task<Result<model::User>> create(const model::Device& device, std::string username,
                                   const Origin& origin, Deadline by);

  store::UserStore& users_;
  AccountService& accounts_;
  PasswordHasher& passwords_;
  RateLimits& limits_;
  bus::Cache& cache_;
  Random& random_;
  const Clock& clock_;
  const std::string salt_;
  const AccountOptions options_;
  const ReservedNames reserved_;
};

}  // namespace qn::chat
