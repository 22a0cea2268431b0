#include "chat/sessions.h"

#include <charconv>

#include "base/log.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

// The expiry moves at most this often, so that reading costs no write.
constexpr std::chrono::hours kSlideStep{1};
constexpr int kSweepStep = 500;

std::string cache_key(const std::string& session) {
  return "session:" + session;
}

// One line of integers: user, token role, row role, may act, last seen, expires.
std::string encode(const model::SessionState& s) {
  std::string out;
  for (const std::int64_t n :
       {s.user.value, static_cast<std::int64_t>(s.token_role),
        static_cast<std::int64_t>(s.row_role), static_cast<std::int64_t>(s.may_act),
        to_millis(s.last_seen_at), to_millis(s.expires_at)}) {
    out += std::to_string(n) + ' ';
  }
  return out;
}

std::optional<model::SessionState> decode(std::string session, std::string_view text) {
  std::int64_t n[6];
  const char* at = text.data();
  const char* const end = at + text.size();
  for (auto& value : n) {
    const auto [next, failed] = std::from_chars(at, end, value);
    if (failed != std::errc() || next == end || *next != ' ') return std::nullopt;
    at = next + 1;
  }
  model::SessionState s;
  s.id = std::move(session);
  s.user = UserId(n[0]);
  s.token_role = static_cast<model::Role>(n[1]);
  s.row_role = static_cast<model::Role>(n[2]);
  s.may_act = n[3] != 0;
  s.last_seen_at = time_from_millis(n[4]);
  s.expires_at = time_from_millis(n[5]);
  return s;
}

// Expired ones are invalid for clients, who recover from that text only.
std::string_view text_of(SessionService::Refusal refusal) {
  switch (refusal) {
    case SessionService::Refusal::kNoToken:
      return texts::kNoToken;
    case SessionService::Refusal::kBadToken:
    case SessionService::Refusal::kExpired:
      return texts::kBadToken;
    case SessionService::Refusal::kDisabled:
      return texts::kUserDisabled;
  }
  return texts::kBadToken;
}

}  // namespace

Task<Result<std::string>> SessionService::start(UserId user, model::Role token_role, Origin origin,
                                                Deadline by) {
  const Time now = clock_.now();
  model::Session session;
  session.id = random_.hex(16);
  session.user = user;
  session.token_role = token_role;
  session.created_at = now;
  session.last_seen_at = now;
  session.expires_at = now + options_.idle;
  session.address = std::move(origin.address);
  session.user_agent = std::move(origin.user_agent);

  const TokenClaims claims{user, token_role, session.id, now, now + options_.max_age};
  CO_TRY(auto ended, co_await store_.replace_all(std::move(session), by));
  // A visitor who registers again is the same device: nobody is kicked out.
  const auto reason =
      token_role == model::Role::kVisitor ? EndReason::kLoggedOut : EndReason::kReplaced;
  co_await forget(std::move(ended), reason);
  co_return signer_.sign(claims);
}

Task<Result<Caller>> SessionService::authenticate(std::string token, Deadline by) {
  CO_TRY(auto checked, co_await check(std::move(token), by));
  if (auto* caller = std::get_if<Caller>(&checked)) co_return std::move(*caller);
  co_return refused(text_of(std::get<Refusal>(checked)));
}

Task<Result<std::variant<Caller, SessionService::Refusal>>> SessionService::check(std::string token,
                                                                                  Deadline by) {
  if (token.empty()) co_return Refusal::kNoToken;
  const auto claims = signer_.verify(token);
  const Time now = clock_.now();
  if (!claims) co_return Refusal::kBadToken;
  if (claims->expires <= now) co_return Refusal::kExpired;

  CO_TRY(auto state, co_await find_state(claims->session, by));
  if (!state || state->user != claims->user) co_return Refusal::kBadToken;
  if (state->expires_at <= now) co_return Refusal::kExpired;
  if (!state->may_act) co_return Refusal::kDisabled;
  co_return Caller{state->user, state->token_role, state->row_role, std::move(state->id),
                   state->expires_at};
}

Task<Result<bool>> SessionService::keep_alive(Caller caller, Deadline by) {
  CO_TRY(const auto state, co_await find_state(std::move(caller.session), by));
  co_return state && state->user == caller.user && state->may_act &&
      state->expires_at > clock_.now();
}

Task<Result<std::optional<model::SessionState>>> SessionService::find_state(std::string session,
                                                                            Deadline by) {
  const auto cached = co_await cache_.get(cache_key(session));
  if (cached.has_value() && cached->has_value()) {
    auto state = decode(session, **cached);
    if (state) co_return std::move(state);
  }
  CO_TRY(auto state, co_await load(session, by));
  co_return std::move(state);
}

Task<Result<std::optional<model::SessionState>>> SessionService::load(std::string session,
                                                                      Deadline by) {
  CO_TRY(auto state, co_await store_.find(session, by));
  if (!state) co_return std::move(state);
  const Time now = clock_.now();
  if (state->expires_at > now && now - state->last_seen_at >= kSlideStep) {
    state->last_seen_at = now;
    state->expires_at = now + options_.idle;
    CO_CHECK_OK(co_await store_.slide(session, now, state->expires_at, by));
  }
  // Not stored after a concurrent end: erase() left a tombstone. Losing the
  // entry only costs the next request a look at the store.
  static_cast<void>(co_await cache_.set_if_absent(cache_key(session), encode(*state), kCacheTime));
  co_return std::move(state);
}

Task<Result<void>> SessionService::end(Caller caller, Deadline by) {
  CO_TRY(const bool existed, co_await store_.end(caller.session, by));
  static_cast<void>(existed);
  std::vector<std::string> ended{std::move(caller.session)};
  co_await forget(std::move(ended), EndReason::kLoggedOut);
  co_return Result<void>();
}

Task<Result<void>> SessionService::end_others(Caller caller, Deadline by) {
  CO_TRY(auto ended, co_await store_.end_all(caller.user, std::move(caller.session), by));
  co_await forget(std::move(ended), EndReason::kReplaced);
  co_return Result<void>();
}

Task<void> SessionService::forget(std::vector<std::string> sessions, EndReason reason) {
  for (const auto& session : sessions) {
    const auto erased = co_await cache_.erase(cache_key(session));
    // Remembered and applied before the cache answers again (bus/cache.h).
    if (!erased.has_value()) {
      log::warn("session.forget_postponed", {{"detail", erased.error().detail}});
    }
  }
  if (on_ended_ && !sessions.empty()) on_ended_(std::move(sessions), reason);
}

Task<void> SessionService::forget_cached() {
  std::string prefix = "session:";
  const auto cleared = co_await cache_.clear(std::move(prefix));
  if (!cleared.has_value()) log::warn("session.clear_failed", {{"detail", cleared.error().detail}});
}

Task<Result<void>> SessionService::sweep(Deadline by) {
  std::int64_t removed = 0;
  do {
    CO_TRY(removed, co_await store_.sweep(clock_.now(), kSweepStep, by));
  } while (removed == kSweepStep && !by.passed());
  co_return Result<void>();
}

}  // namespace qn::chat
