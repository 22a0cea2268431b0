#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/manager.h"
#include "store/database.h"

namespace qn::store {

// Who does something, for the audit log: written in the same transaction as the
// change, so that neither exists without the other.
struct Actor {
  ManagerId manager;  // none: nobody was logged in
  std::string name;
  std::string address;
  Time now;
};

// Table audit_log. There is no function that changes or deletes an entry.
class AuditStore {
 public:
  virtual ~AuditStore() = default;

  struct Query {
    std::string keyword{};      // part of a manager's, a target's or an address's text; "" = all
    std::string action{};       // exactly; a trailing '.' means all that begin so; "" = all
    std::string target_type{};  // "" = all
    std::int64_t target_id = 0;
    int limit = 10;
    std::int64_t offset = 0;
  };
  struct Page {
    std::vector<model::AuditEntry> entries;  // newest first
    std::int64_t total = 0;
  };
  virtual Task<Result<Page>> find(Query query, Deadline by) = 0;
  // An entry of its own, for what changes no row: logins, exports, uploads.
  virtual Task<Result<void>> append(Actor actor, std::string action, std::string target_type,
                                    std::int64_t target_id, std::string target_name,
                                    std::string after, Deadline by) = 0;
};

std::unique_ptr<AuditStore> make_audit_store(Database& db);

}  // namespace qn::store
