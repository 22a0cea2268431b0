#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/complaint.h"
#include "store/audit_store.h"
#include "store/database.h"

namespace qn::store {

struct NewComplaint {
  UserId user;
  model::ComplaintTarget target_type = model::ComplaintTarget::kSingle;
  std::int64_t target_id = 0;
  std::string target_name;
  std::string reason;
  std::string content;
  std::vector<std::string> images;
  std::string quotes;  // JSON array
  Time now;
};

// Table chat_complaint. Complaints their authors deleted do not exist here, and
// for other users none but their own do. What operators do is written to the
// audit log in the same transaction.
class ComplaintStore {
 public:
  virtual ~ComplaintStore() = default;

  // Nothing: there is no such user or group.
  virtual Task<Result<std::optional<ComplaintId>>> create(NewComplaint complaint, Deadline by) = 0;
  // The author's, newest first. `quotes` is not read, here and in `list`.
  virtual Task<Result<std::vector<model::Complaint>>> list_of(UserId user, int limit,
                                                              Deadline by) = 0;
  virtual Task<Result<std::optional<model::Complaint>>> find_own(UserId user, ComplaintId id,
                                                                 Deadline by) = 0;
  struct Edit {
    std::optional<std::string> content{};  // nothing: stays
    std::optional<std::vector<std::string>> images{};
    Time now{};
  };
  enum class Edited { kYes, kMissing, kNotPending };
  virtual Task<Result<Edited>> edit(UserId user, ComplaintId id, Edit edit, Deadline by) = 0;
  // False: there is none.
  virtual Task<Result<bool>> remove(UserId user, ComplaintId id, Time now, Deadline by) = 0;

  // For operators. All conditions hold together.
  struct Filter {
    // Part of reason, content, the target's name or the author's account, or
    // exactly the id of complaint or target; "" = all.
    std::string keyword{};
    std::optional<model::ComplaintStatus> status{};
    std::optional<model::ComplaintTarget> target_type{};
  };
  struct Page {
    std::vector<model::Complaint> complaints;  // newest first
    std::int64_t total = 0;
  };
  virtual Task<Result<Page>> list(Filter filter, int limit, std::int64_t offset, Deadline by) = 0;
  virtual Task<Result<std::optional<model::Complaint>>> find(ComplaintId id, Deadline by) = 0;
  // An empty reply keeps the one there is. False: there is no such complaint.
  virtual Task<Result<bool>> set_status(ComplaintId id, model::ComplaintStatus status,
                                        std::string reply, Actor actor, Deadline by) = 0;
};

std::unique_ptr<ComplaintStore> make_complaint_store(Database& db);

}  // namespace qn::store
