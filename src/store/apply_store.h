#pragma once

#include <cstddef>
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
#include "model/friend.h"
#include "store/database.h"
#include "store/tell.h"

namespace qn::store {

// What two people call each other; "" = nothing.
struct Remarks {
  std::string of_applicant;  // in the addressee's list
  std::string of_addressee;  // in the applicant's list
};

struct Friendship {
  Remarks remarks;      // as they are stored now
  bool is_new = false;  // they were not friends in both directions before
};

// Table goodfriendapply, and the friendships that requests turn into. Every
// function is one transaction of a constant number of statements, with what is
// told of the change; unique keys decide what happens at the same time (defect
// C13). Requests of deleted accounts are not listed.
class ApplyStore {
 public:
  virtual ~ApplyStore() = default;

  // kConflict: one in this direction is pending or agreed.
  virtual Task<Result<ApplyId>> create(UserId applicant, UserId addressee, std::string text,
                                       Time now, Tell<ApplyId> tell, Deadline by) = 0;

  struct Page {
    std::vector<model::ApplyEntry> entries;
    std::int64_t pending = 0;  // of all pages
  };
  // What was sent to `addressee`, newest first.
  virtual Task<Result<Page>> list(UserId addressee, std::int64_t limit, std::int64_t offset,
                                  Deadline by) = 0;
  virtual Task<Result<std::optional<model::Apply>>> find_pending(ApplyId id, UserId addressee,
                                                                 Deadline by) = 0;
  virtual Task<Result<std::optional<model::Apply>>> find_pending(UserId applicant, UserId addressee,
                                                                 Deadline by) = 0;

  // Refuses or ignores. False unless it is pending and for `addressee`.
  virtual Task<Result<bool>> settle(ApplyId id, UserId addressee, model::ApplyStatus status,
                                    Time now, Deadline by) = 0;
  // Agrees, and adds the rows of the friendship that are missing. kNotFound
  // unless it is pending and for `addressee`; kRefused, and nothing changes, when
  // one of the two would have more than `cap` friends.
  virtual Task<Result<Friendship>> agree(ApplyId id, UserId addressee, Remarks remarks,
                                         std::size_t cap, Time now, Tell<Friendship> tell,
                                         Deadline by) = 0;
  // Both steps at once. kConflict as create(), kRefused as agree().
  virtual Task<Result<Friendship>> create_agreed(UserId applicant, UserId addressee,
                                                 std::string text, Remarks remarks, std::size_t cap,
                                                 Time now, Tell<Friendship> tell, Deadline by) = 0;
};

std::unique_ptr<ApplyStore> make_apply_store(Database& db);

}  // namespace qn::store
