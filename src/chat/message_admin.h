#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/operator.h"
#include "store/audit_store.h"
#include "store/group_admin_store.h"
#include "store/message_admin_store.h"
#include "store/user_admin_store.h"

namespace qn::chat {

// What operators see of people's messages. Whoever gets to see what a message says
// stands in the audit log before it is read; who may is decided by console/. Any
// loop; owned by app/.
class MessageAdmin {
 public:
  struct Stores {
    store::MessageAdminStore& messages;
    store::UserAdminStore& users;
    store::GroupAdminStore& groups;
    store::AuditStore& audit;
  };
  MessageAdmin(Stores stores, const Clock& clock) : stores_(stores), clock_(clock) {}

  using Content = store::MessageAdminStore::Content;
  using Detail = store::MessageAdminStore::Detail;

  struct Query {
    std::string user{};   // the sender, as typed: an id, or a name or part of one; "" = anybody
    std::string group{};  // the same of a group
    model::ConversationId conversation{};
    std::optional<Time> from{};
    std::optional<Time> until{};
    std::string type{};
    std::string text{};             // looked for only when the content may be seen
    model::LogPosition before = 0;  // 0: the newest
    int limit = 20;
  };
  struct Found {
    store::MessageAdminStore::Page page{};
    // A text alone is looked for nowhere: a user, a group, a conversation or the
    // beginning of a time has to go with it.
    bool is_too_wide = false;
    bool is_ambiguous = false;  // more users or groups have that name than are looked at
  };
  Task<Result<Found>> list(Operator op, Query query, Content content, Deadline by);
  // With the messages around it.
  Task<Result<std::optional<Detail>>> find(Operator op, model::LogPosition position,
                                           Content content, Deadline by);

 private:
  // False: nobody has that name.
  Task<Result<bool>> find_senders(std::string name, store::MessageFilter& filter, Found& found,
                                  Deadline by);
  Task<Result<bool>> find_groups(std::string name, store::MessageFilter& filter, Found& found,
                                 Deadline by);
  Task<Result<void>> note_search(const Operator& op, const Query& query, Deadline by);

  const Stores stores_;
  const Clock& clock_;
};

}  // namespace qn::chat
