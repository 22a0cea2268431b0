#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>

#include "model/message_log.h"
#include "store/sql/conversation_rows.h"

namespace qn::store {

// Who is in which group, remembered between messages. Entries carry the version
// they are true for, so nothing has to be forgotten when somebody comes or goes.
// Bounded: what has not been used for longest goes first. Owned by the message
// log; any thread.
class MemberLists {
 public:
  explicit MemberLists(std::size_t max_groups = 10'000, std::size_t max_users = 2'000'000)
      : max_groups_(max_groups), max_users_(max_users) {}

  // Null when it is not known at this version.
  UserList find(model::ConversationId conversation, std::int64_t version);
  // Only for a version that is committed: one that was undone will be given again
  // to other members. A list that alone exceeds the bound is not kept.
  void keep(model::ConversationId conversation, std::int64_t version, UserList users);

 private:
  struct Entry {
    model::ConversationId conversation;
    std::int64_t version = 0;
    UserList users;
  };
  using Entries = std::list<Entry>;

  void erase(Entries::iterator entry);

  const std::size_t max_groups_;
  const std::size_t max_users_;

  std::mutex mu_;
  Entries entries_;  // guarded by mu_, as is all below; last used first
  std::unordered_map<model::ConversationId, Entries::iterator> by_conversation_;
  std::size_t users_ = 0;  // in all entries
};

}  // namespace qn::store
