#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/paging.h"
#include "chat/write_message.h"
#include "model/friend.h"
#include "store/apply_store.h"
#include "store/user_store.h"

namespace qn::chat {

struct FriendOptions {
  std::size_t max_friends = 5'000;  // of one user (defect X11)
};

// How people become friends (chat-http-api.md §4.1 to §4.5). Both learn of it
// through the message log, in the transaction of the change (defect C12). Refusals
// are kRefused with the contract's texts. Any loop; owned by app/.
class FriendRequestService {
 public:
  static constexpr std::int64_t kMaxPerPage = 200;  // defect C21

  struct Stores {
    store::ApplyStore& applies;
    store::UserStore& users;
  };
  FriendRequestService(Stores stores, WriteMessage write_message, Random& random,
                       const Clock& clock, FriendOptions options)
      : stores_(stores),
        write_message_(write_message),
        random_(random),
        clock_(clock),
        options_(options) {}

  // Asks; E4 to the other.
  Task<Result<void>> apply(Caller caller, UserId to, std::string text, Deadline by);
  // What was asked of the caller, newest first.
  Task<Result<store::ApplyStore::Page>> list(Caller caller, Paging paging, Deadline by);
  // The pending request of the user with this uuid towards the caller.
  Task<Result<model::Apply>> get_from(Caller caller, std::string uuid, Deadline by);

  struct Answer {
    model::ApplyStatus status = model::ApplyStatus::kPending;  // kPending: leaves it as it is
    std::string remark;                                        // what the applicant is called
  };
  // Answers a request to the caller, once. E5 to both when they are friends now.
  Task<Result<void>> handle(Caller caller, ApplyId id, Answer answer, Deadline by);
  // Asks and agrees for somebody who wants no confirmation. E5 to both.
  Task<Result<void>> add_at_once(Caller caller, UserId to, std::string text, Deadline by);

 private:
  // Somebody who may be asked, and is not the caller.
  Task<Result<model::User>> find_addressee(Caller caller, UserId to, Deadline by);
  Task<Result<model::User>> get_user(UserId user, Deadline by);
  Task<Result<void>> agree(Caller caller, model::Apply request, std::string remark, Deadline by);

  const Stores stores_;
  const WriteMessage write_message_;
  Random& random_;
  const Clock& clock_;
  const FriendOptions options_;
};

}  // namespace qn::chat
