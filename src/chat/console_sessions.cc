#include "chat/console_sessions.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

constexpr std::size_t kRandomBytes = 32;  // of a cookie, and of a CSRF value
// The expiry moves at most this often, so that most requests cost one read.
constexpr std::chrono::minutes kSlideStep{1};
constexpr int kSweepStep = 500;
constexpr std::size_t kNotedName = 64;  // characters of a name that nobody checked

// The first characters of a text in UTF-8.
std::string first_characters(std::string_view text, std::size_t count) {
  std::size_t size = 0;
  while (size < text.size()) {
    const bool begins_one = (static_cast<unsigned char>(text[size]) & 0xc0) != 0x80;
    if (begins_one && count-- == 0) break;
    ++size;
  }
  return std::string(text.substr(0, size));
}

}  // namespace

Task<Result<std::string>> ConsoleSessions::login(std::string username, std::string password,
                                                 Origin origin, Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kAdminLoginAddress, origin.address));
  CO_TRY(const auto account,
         co_await check_password(std::move(username), std::move(password), origin, by));
  co_return co_await start(account.manager, std::move(origin), by);
}

Task<Result<ConsoleSessions::Credentials>> ConsoleSessions::check_password(std::string username,
                                                                           std::string password,
                                                                           Origin origin,
                                                                           Deadline by) {
  // Counted by the name that was typed, whether it exists or not, and bound to
  // the address: a stranger can neither find names nor lock their owner out.
  std::string key = fold_name(username);
  std::string subject = first_characters(key, kNotedName) + '|' + origin.address;
  CO_CHECK_OK(co_await limits_.check(Limit::kAdminLoginAccount, subject));

  CO_TRY(auto account, co_await stores_.managers.find_credentials(std::move(key), by));
  if (!account || !account->manager.enabled) {
    // As slow as a wrong password.
    CO_TRY(const auto unused, co_await passwords_.hash(std::move(password)));
    static_cast<void>(unused);
    CO_CHECK_OK(co_await note_failure(std::move(username), std::move(origin.address), by));
    co_return refused(texts::kNoSuchManager);
  }
  CO_TRY(const auto match, co_await passwords_.match(password, account->password_hash));
  if (match == PasswordMatch::kNo) {
    CO_CHECK_OK(co_await note_failure(std::move(username), std::move(origin.address), by));
    co_return refused(texts::kWrongManagerPassword);
  }
  co_await limits_.reset(Limit::kAdminLoginAccount, std::move(subject));
  if (match == PasswordMatch::kYesOutdated) {
    co_await upgrade_hash(*account, std::move(password), by);
  }
  co_return std::move(*account);
}

Task<void> ConsoleSessions::upgrade_hash(const Credentials& account, std::string password,
                                         Deadline by) {
  auto fresh = co_await passwords_.hash(std::move(password));
  if (fresh.has_value()) {
    const auto replaced = co_await stores_.managers.replace_password_hash(
        account.manager.id, account.password_hash, std::move(*fresh), by);
    if (replaced.has_value()) co_return;
  }
  // The login itself is fine; the upgrade is tried again at the next one.
  log::warn("password.upgrade_failed", {{"manager", account.manager.id.value}});
}

Task<Result<void>> ConsoleSessions::note_failure(std::string username, std::string address,
                                                 Deadline by) {
  std::string name = first_characters(username, kNotedName);
  store::Actor nobody{{}, "", std::move(address), clock_.now()};
  return stores_.audit.append(std::move(nobody), "manager.login_failed", "manager", 0,
                              std::move(name), "", by);
}

Task<Result<std::string>> ConsoleSessions::start(const model::Manager& manager, Origin origin,
                                                 Deadline by) {
  const Time now = clock_.now();
  std::string cookie = random_.hex(kRandomBytes);
  store::Actor actor{manager.id, manager.username, origin.address, now};
  store::ManagerStore::NewSession session{.id = sha256_hex(cookie),
                                          .manager = manager.id,
                                          .csrf = random_.hex(kRandomBytes),
                                          .now = now,
                                          .expires_at = now + options_.idle,
                                          .address = std::move(origin.address),
                                          .user_agent = std::move(origin.user_agent)};
  const auto started =
      co_await stores_.managers.start_session(std::move(session), std::move(actor), by);
  if (started.has_value()) co_return cookie;
  if (started.error().code == ErrorCode::kNotFound) co_return refused(texts::kNoSuchManager);
  co_return started.error();
}

Task<Result<std::optional<Operator>>> ConsoleSessions::authenticate(std::string cookie,
                                                                    Origin origin, Deadline by) {
  std::optional<Operator> op;
  if (cookie.size() != 2 * kRandomBytes) co_return op;
  const Time now = clock_.now();
  CO_TRY(auto session, co_await stores_.managers.find_session(sha256_hex(cookie), now, by));
  if (!session) co_return op;
  if (now - session->last_seen_at >= kSlideStep) co_await slide(session->id, now, by);
  op = Operator{std::move(session->manager), std::move(session->id), std::move(session->csrf),
                std::move(origin)};
  co_return op;
}

Task<void> ConsoleSessions::slide(const std::string& id, Time now, Deadline by) {
  const auto done = co_await stores_.managers.slide_session(id, now, now + options_.idle, by);
  // Who is logged in may look even while the store takes no writes.
  if (!done.has_value()) log::warn("console.slide_failed", {{"detail", done.error().detail}});
}

Task<Result<void>> ConsoleSessions::logout(Operator op, Deadline by) {
  store::Actor actor = actor_of(op, clock_.now());
  co_return co_await stores_.managers.end_session(std::move(op.session), std::move(actor), by);
}

Task<Result<void>> ConsoleSessions::sweep(Deadline by) {
  std::int64_t removed = 0;
  do {
    CO_TRY(removed, co_await stores_.managers.sweep_sessions(clock_.now(), kSweepStep, by));
  } while (removed == kSweepStep && !by.passed());
  co_return Result<void>();
}

}  // namespace qn::chat
