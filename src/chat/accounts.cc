#include "chat/accounts.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {

ReservedNames::ReservedNames(const std::vector<std::string>& names) {
  for (const auto& name : names) keys_.push_back(fold_name(name));
  std::sort(keys_.begin(), keys_.end());
}

bool ReservedNames::contains(std::string_view name) const {
  std::string key = fold_name(name);
  std::erase_if(key, [](char c) { return c == ' ' || c == '\t'; });
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

AccountService::AccountService(store::UserStore& users, SessionService& sessions,
                               PasswordHasher& passwords, RateLimits& limits, Random& random,
                               const Clock& clock, AccountOptions options)
    : users_(users),
      sessions_(sessions),
      passwords_(passwords),
      limits_(limits),
      random_(random),
      clock_(clock),
      options_(std::move(options)),
      reserved_(options_.reserved_names) {}

Task<Result<LoginResult>> AccountService::register_user(std::string username, std::string password,
                                                        Origin origin, Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kRegisterAddress, origin.address));
  if (reserved_.contains(username)) co_return refused(texts::kNameTaken);

  // Looked up first so that a taken name does not cost a password hash; the
  // unique key decides all the same.
  std::string key = fold_name(username);
  CO_TRY(const auto taken, co_await users_.find_credentials(key, by));
  if (taken) co_return refused(texts::kNameTaken);

  store::NewUser row;
  CO_TRY(row.password_hash, co_await passwords_.hash(std::move(password)));
  row.uuid = random_.uuid();
  row.username = std::move(username);
  row.username_key = std::move(key);
  row.avatar = options_.default_avatar;
  row.register_ip = origin.address;
  row.now = clock_.now();
  const auto created = co_await users_.create(std::move(row), by);
  if (!created.has_value()) {
    if (created.error().code == ErrorCode::kConflict) co_return refused(texts::kNameTaken);
    co_return created.error();
  }
  co_return co_await start_session(created->id, created->role, std::move(origin), by);
}

Task<Result<LoginResult>> AccountService::login(std::string username, std::string password,
                                                Origin origin, Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kLoginAddress, origin.address));
  std::string key = fold_name(username);
  CO_TRY(auto account, co_await users_.find_credentials(key, by));
  if (!account || !account->user.may_act()) co_return refused(texts::kNoAccount);

  std::string subject = std::to_string(account->user.id.value) + '|' + origin.address;
  CO_CHECK_OK(co_await check_password(*account, std::move(password), std::move(subject), by));
  co_return co_await start_session(account->user.id, account->user.role, std::move(origin), by);
}

Task<Result<void>> AccountService::check_password(const store::Credentials& account,
                                                  std::string password, std::string limit_subject,
                                                  Deadline by) {
  // Counts the attempt before the costly hash and forgets the count after a
  // success, so only failures add up. Bound to the address: a stranger cannot
  // lock the owner out.
  CO_CHECK_OK(co_await limits_.check(Limit::kLoginAccount, limit_subject));
  CO_TRY(const auto match, co_await passwords_.match(password, account.password_hash));
  if (match == PasswordMatch::kNo) co_return refused(texts::kWrongPassword);
  co_await limits_.reset(Limit::kLoginAccount, std::move(limit_subject));
  if (match == PasswordMatch::kYes) co_return Result<void>();

  auto fresh = co_await passwords_.hash(std::move(password));
  if (fresh.has_value()) {
    const auto replaced = co_await users_.replace_password_hash(
        account.user.id, account.password_hash, std::move(*fresh), by);
    if (replaced.has_value()) co_return Result<void>();
  }
  // The login itself is fine; the upgrade is tried again at the next one.
  log::warn("password.upgrade_failed", {{"user", account.user.id.value}});
  co_return Result<void>();
}

Task<Result<LoginResult>> AccountService::start_session(UserId user, model::Role token_role,
                                                        Origin origin, Deadline by) {
  auto token = co_await sessions_.start(user, token_role, origin, by);
  if (!token.has_value()) {
    if (token.error().code == ErrorCode::kNotFound) co_return refused(texts::kNoAccount);
    co_return std::move(token).error();
  }
  CO_TRY(auto row, co_await users_.touch_login(user, std::move(origin.address), clock_.now(), by));
  row.role = token_role;
  co_return LoginResult{std::move(row), std::move(*token)};
}

Task<Result<void>> AccountService::logout(Caller caller, Deadline by) {
  return sessions_.end(std::move(caller), by);
}

Task<Result<void>> AccountService::change_password(Caller caller, PasswordChange change,
                                                   Deadline by) {
  if (change.new_password != change.repeated) co_return refused(texts::kPasswordsDiffer);
  if (caller.token_role == model::Role::kVisitor && caller.row_role != caller.token_role) {
    co_return refused(texts::kNotLoggedIn);
  }
  CO_TRY(const auto account, co_await users_.find_credentials(caller.user, by));
  if (!account || !account->user.may_act()) co_return refused(texts::kNoUserForPassword);

  const std::string subject = "password|" + std::to_string(caller.user.value);
  CO_CHECK_OK(co_await limits_.check(Limit::kLoginAccount, subject));
  CO_TRY(const auto match,
         co_await passwords_.match(std::move(change.old_password), account->password_hash));
  if (match == PasswordMatch::kNo) co_return refused(texts::kWrongOldPassword);
  co_await limits_.reset(Limit::kLoginAccount, subject);

  CO_TRY(auto hash, co_await passwords_.hash(std::move(change.new_password)));
  CO_CHECK_OK(co_await users_.set_password_hash(caller.user, std::move(hash), clock_.now(), by));
  co_return co_await sessions_.end_others(std::move(caller), by);
}

}  // namespace qn::chat
