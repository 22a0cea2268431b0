#include "store/sql/member_lists.h"

#include <utility>

namespace qn::store {

UserList MemberLists::find(model::ConversationId conversation, std::int64_t version) {
  const std::lock_guard lock(mu_);
  const auto known = by_conversation_.find(conversation);
  if (known == by_conversation_.end() || known->second->version != version) return nullptr;
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->users;
}

void MemberLists::keep(model::ConversationId conversation, std::int64_t version, UserList users) {
  const std::lock_guard lock(mu_);
  if (const auto known = by_conversation_.find(conversation); known != by_conversation_.end()) {
    if (known->second->version >= version) return;
    erase(known->second);
  }
  users_ += users->size();
  entries_.push_front({conversation, version, std::move(users)});
  by_conversation_[conversation] = entries_.begin();
  while (entries_.size() > max_groups_ || users_ > max_users_) erase(std::prev(entries_.end()));
}

void MemberLists::erase(Entries::iterator entry) {
  users_ -= entry->users->size();
  by_conversation_.erase(entry->conversation);
  entries_.erase(entry);
}

}  // namespace qn::store
