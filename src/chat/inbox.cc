#include "chat/inbox.h"

#include <string_view>
#include <utility>
#include <variant>

#include "chat/guides.h"
#include "chat/profile_marker.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

std::string_view text_of(SessionService::Refusal refusal) {
  switch (refusal) {
    case SessionService::Refusal::kNoToken:
      return texts::kSocketNoToken;
    case SessionService::Refusal::kBadToken:
      return texts::kSocketBadToken;
    case SessionService::Refusal::kExpired:
      return texts::kSocketTokenExpired;
    case SessionService::Refusal::kDisabled:
      return texts::kSocketUserDisabled;
  }
  return texts::kSocketBadToken;
}

}  // namespace

Task<Result<Inbox::Welcome>> Inbox::enter(std::string token, Deadline by) {
  CO_TRY(auto checked, co_await sessions_.check(std::move(token), by));
  if (const auto* refusal = std::get_if<SessionService::Refusal>(&checked)) {
    co_return refused(text_of(*refusal));
  }
  Welcome welcome;
  welcome.caller = std::get<Caller>(std::move(checked));
  CO_TRY(auto arrival, co_await log_.find_arrival(welcome.caller.user, by));
  if (!arrival) co_return refused(texts::kSocketNoUser);
  welcome.arrival = std::move(*arrival);

  const Time now = clock_.now();
  for (const auto& guide : guides(welcome.caller.token_role, welcome.arrival, now, random_)) {
    welcome.guides.push_back(write_message_(guide));
  }
  const bool is_new_avatar = co_await take_avatar_marker(welcome.caller.user);
  if (is_new_avatar && welcome.caller.token_role == model::Role::kUser) {
    welcome.avatar_notice =
        write_message_(avatar_changed(welcome.arrival.person, random_.uuid(), now));
  }
  co_return std::move(welcome);
}

// Without the cache there is no notice, which is all that is lost.
Task<bool> Inbox::take_avatar_marker(UserId user) {
  const auto found = co_await cache_.get(profile_marker_key(user));
  if (!found.has_value() || !found->has_value()) co_return false;
  static_cast<void>(co_await cache_.erase(profile_marker_key(user)));
  co_return **found == "avatar";
}

Task<Result<bool>> Inbox::is_valid(std::string token, Deadline by) {
  CO_TRY(const auto checked, co_await sessions_.check(std::move(token), by));
  co_return std::holds_alternative<Caller>(checked);
}

Task<Result<bool>> Inbox::keep_alive(Caller caller, Deadline by) {
  co_return co_await sessions_.keep_alive(std::move(caller), by);
}

}  // namespace qn::chat
