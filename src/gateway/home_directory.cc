#include "gateway/home_directory.h"

namespace qn::gateway {

HomeDirectory::Entered HomeDirectory::enter(UserId user, std::size_t here) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  const auto [it, is_new] = s.places.try_emplace(user);
  Place& place = it->second;
  if (is_new) place.home = static_cast<std::uint32_t>(here);
  const bool had_sockets = place.sockets > 0;
  ++place.sockets;
  ++sockets_;
  if (!had_sockets) ++users_;
  return {place.home, had_sockets};
}

void HomeDirectory::leave(UserId user) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  Place& place = s.places.at(user);
  --sockets_;
  if (--place.sockets == 0) --users_;
  forget_if_empty(s, user);
}

void HomeDirectory::hold(UserId user) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  ++s.places.at(user).sessions;
}

void HomeDirectory::release(UserId user) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  --s.places.at(user).sessions;
  forget_if_empty(s, user);
}

void HomeDirectory::forget_if_empty(Shard& s, UserId user) {
  const auto it = s.places.find(user);
  if (it->second.sockets == 0 && it->second.sessions == 0) s.places.erase(it);
}

std::optional<std::size_t> HomeDirectory::remember_fetch(UserId user, const std::string& session,
                                                         Instant now, Instant until) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  if (s.fetches.size() >= kMaxFetches) {
    std::erase_if(s.fetches, [&](const auto& fetch) { return fetch.second <= now; });
  }
  if (s.fetches.size() < kMaxFetches || s.fetches.contains(session)) s.fetches[session] = until;
  const auto it = s.places.find(user);
  if (it == s.places.end()) return std::nullopt;
  return it->second.home;
}

bool HomeDirectory::take_fetch(UserId user, const std::string& session, Instant now) {
  Shard& s = shard(user);
  const std::lock_guard lock(s.mu);
  const auto it = s.fetches.find(session);
  if (it == s.fetches.end()) return false;
  const bool is_good = now < it->second;
  s.fetches.erase(it);
  return is_good;
}

}  // namespace qn::gateway
