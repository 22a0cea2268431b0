#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/operator.h"
#include "store/audit_store.h"

namespace qn::chat {

// What operators did, for whoever may read it. Entries are written with the
// changes themselves, in the store. Any loop; owned by app/.
class AuditLog {
 public:
  using Query = store::AuditStore::Query;
  using Page = store::AuditStore::Page;

  AuditLog(store::AuditStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // Newest first.
  Task<Result<Page>> find(Query query, Deadline by) { return store_.find(std::move(query), by); }

  // An operator put a file on this server.
  Task<Result<void>> note_upload(const Operator& op, std::string url, Deadline by) {
    return store_.append(actor_of(op, clock_.now()), "upload.create", "upload", 0, std::move(url),
                         "", by);
  }
  // An operator is about to cut a user's connection.
  Task<Result<void>> note_disconnect(const Operator& op, UserId user, std::string username,
                                     Deadline by) {
    return store_.append(actor_of(op, clock_.now()), "user.disconnect", "user", user.value,
                         std::move(username), "", by);
  }

 private:
  store::AuditStore& store_;
  const Clock& clock_;
};

}  // namespace qn::chat
