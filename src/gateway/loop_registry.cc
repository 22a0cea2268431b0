#include "gateway/loop_registry.h"

#include <utility>

namespace qn::gateway {

OnlineSession* LoopRegistry::find(std::string_view id) const {
  const auto it = sessions_.find(id);
  return it == sessions_.end() ? nullptr : it->second.get();
}

void LoopRegistry::add(std::shared_ptr<OnlineSession> session) {
  auto& first = users_[session->user()];
  session->next_of_user = first;
  first = session.get();
  const std::string_view id = session->id;
  sessions_.emplace(id, std::move(session));
}

void LoopRegistry::remove(OnlineSession& session) {
  const auto user = users_.find(session.user());
  OnlineSession** link = &user->second;
  while (*link != &session) link = &(*link)->next_of_user;
  *link = session.next_of_user;
  if (!user->second) users_.erase(user);
  sessions_.erase(sessions_.find(session.id));
}

void LoopRegistry::remember_end(const std::string& id, chat::EndReason reason, Instant until) {
  if (ended_.size() < kMaxEnds) ended_[id] = {reason, until};
}

std::optional<chat::EndReason> LoopRegistry::find_end(const std::string& id, Instant now) const {
  const auto it = ended_.find(id);
  if (it == ended_.end() || it->second.until <= now) return std::nullopt;
  return it->second.reason;
}

void LoopRegistry::forget_ends(Instant now) {
  std::erase_if(ended_, [&](const auto& end) { return end.second.until <= now; });
}

}  // namespace qn::gateway
