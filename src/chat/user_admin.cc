#include "chat/user_admin.h"

#include <boost/json.hpp>
#include <limits>

#include "base/text.h"
#include "chat/avatars.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

namespace json = boost::json;
using store::UserAdminStore;

constexpr int kExportStep = 500;
constexpr std::size_t kMaxAtOnce = 1000;
constexpr std::size_t kPasswordLength = 12;
// Without those that look like another.
constexpr std::string_view kPasswordLetters =
    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

store::UserFilter filter_from(const UserAdmin::ListQuery& query) {
  return {fold_name(query.keyword), query.role, query.status};
}

std::string random_password(Random& random) {
  std::string password;
  for (std::size_t i = 0; i < kPasswordLength; ++i) {
    password += kPasswordLetters[random.below(kPasswordLetters.size())];
  }
  return password;
}

}  // namespace

Task<Result<UserAdminStore::Page>> UserAdmin::list(ListQuery query, Deadline by) {
  return stores_.admin.list(filter_from(query), query.order, query.limit, query.offset, by);
}

Task<Result<std::vector<model::User>>> UserAdmin::export_step(ListQuery query,
                                                              std::optional<UserId> before,
                                                              Deadline by) {
  const UserId start = before.value_or(UserId(std::numeric_limits<std::int64_t>::max()));
  return stores_.admin.list_before(filter_from(query), start, kExportStep, by);
}

Task<Result<void>> UserAdmin::note_export(Operator op, ListQuery query, Deadline by) {
  json::object filter;
  if (!query.keyword.empty()) filter["keyword"] = query.keyword;
  if (query.role) {
    const std::string_view role = model::to_string(*query.role);
    filter["role"] = json::string(role.data(), role.size());
  }
  if (query.status) filter["status"] = static_cast<int>(*query.status);
  return stores_.audit.append(actor_of(op, clock_.now()), "user.export", "user", 0, "",
                              json::serialize(filter), by);
}

Task<Result<std::optional<model::User>>> UserAdmin::find(UserId id, Deadline by) {
  return stores_.users.find(id, by);
}

Task<Result<std::optional<UserAdmin::Detail>>> UserAdmin::detail(UserId id, Deadline by) {
  return stores_.admin.find_detail(id, clock_.now(), by);
}

Task<Result<void>> UserAdmin::create(Operator op, std::string username, std::string password,
                                     std::string avatar, Deadline by) {
  if (avatar.empty()) {
    avatar = options_.default_avatar;
  } else {
    CO_CHECK_OK(check_avatar(avatar));
  }
  // Looked up first so that a taken name does not cost a password hash; the
  // unique key decides all the same.
  std::string key = fold_name(username);
  CO_TRY(const auto taken, co_await stores_.users.find_credentials(key, by));
  if (taken) co_return refused(texts::kUserNameTaken);

  store::NewUser row;
  CO_TRY(row.password_hash, co_await passwords_.hash(std::move(password)));
  row.uuid = random_.uuid();
  row.username = std::move(username);
  row.username_key = std::move(key);
  row.avatar = std::move(avatar);
  row.register_ip = op.origin.address;
  row.now = clock_.now();
  const auto created =
      co_await stores_.admin.create(std::move(row), actor_of(op, clock_.now()), by);
  if (created.has_value()) co_return Result<void>();
  if (created.error().code == ErrorCode::kConflict) co_return refused(texts::kUserNameTaken);
  co_return created.error();
}

Task<Result<void>> UserAdmin::update(Operator op, UserId id, Edit edit, Deadline by) {
  CO_TRY(const auto user, co_await stores_.users.find(id, by));
  if (!user) co_return refused(texts::kNoUserRecord);
  CO_TRY(auto change, co_await change_from(*user, std::move(edit), by));
  co_return co_await apply(std::move(op), id, std::move(change), by);
}

// What is as it was is not checked again: rows with an old form stay editable.
Task<Result<UserAdminStore::Change>> UserAdmin::change_from(const model::User& user, Edit edit,
                                                            Deadline by) {
  UserAdminStore::Change change;
  if (edit.username != user.username) {
    std::string key = fold_name(edit.username);
    CO_TRY(const auto other, co_await stores_.users.find_credentials(key, by));
    if (other && other->user.id != user.id) co_return refused(texts::kUserNameTakenByOther);
    change.username_key = std::move(key);
    change.username = std::move(edit.username);
  }
  if (!edit.avatar.empty() && edit.avatar != user.avatar) {
    CO_CHECK_OK(check_avatar(edit.avatar));
    change.avatar = std::move(edit.avatar);
  }
  if (edit.password.empty()) co_return change;
  CO_TRY(change.password_hash, co_await passwords_.hash(std::move(edit.password)));
  co_return change;
}

Task<Result<void>> UserAdmin::apply(Operator op, UserId id, UserAdminStore::Change change,
                                    Deadline by) {
  auto ended = co_await stores_.admin.update(id, std::move(change), actor_of(op, clock_.now()), by);
  if (ended.has_value()) {
    co_await sessions_.forget(std::move(*ended), EndReason::kReplaced);
    co_return Result<void>();
  }
  if (ended.error().code == ErrorCode::kNotFound) co_return refused(texts::kNoUserRecord);
  if (ended.error().code == ErrorCode::kConflict) co_return refused(texts::kUserNameTakenByOther);
  co_return ended.error();
}

Task<Result<std::string>> UserAdmin::reset_password(Operator op, UserId id, Deadline by) {
  CO_TRY(const auto user, co_await stores_.users.find(id, by));
  if (!user) co_return refused(texts::kNoUserRecord);
  std::string password = random_password(random_);
  UserAdminStore::Change change;
  CO_TRY(change.password_hash, co_await passwords_.hash(password));
  CO_CHECK_OK(co_await apply(std::move(op), id, std::move(change), by));
  co_return password;
}

Task<Result<int>> UserAdmin::set_status(Operator op, std::vector<UserId> ids,
                                        model::UserStatus status, Deadline by) {
  if (ids.size() > kMaxAtOnce) co_return refused(texts::kTooManyUsers);
  CO_TRY(auto outcome,
         co_await stores_.admin.set_status(std::move(ids), status, actor_of(op, clock_.now()), by));
  co_await sessions_.forget(std::move(outcome.ended), EndReason::kDisabled);
  co_return static_cast<int>(outcome.users.size());
}

Task<Result<int>> UserAdmin::remove(Operator op, std::vector<UserId> ids, Deadline by) {
  if (ids.size() > kMaxAtOnce) co_return refused(texts::kTooManyUsers);
  CO_TRY(auto outcome,
         co_await stores_.admin.remove(std::move(ids), actor_of(op, clock_.now()), by));
  co_await sessions_.forget(std::move(outcome.ended), EndReason::kDisabled);
  co_return static_cast<int>(outcome.users.size());
}

Task<Result<bool>> UserAdmin::mute(Operator op, UserId id, std::optional<Time> until, Deadline by) {
  return stores_.admin.mute(id, until, actor_of(op, clock_.now()), by);
}

Task<Result<bool>> UserAdmin::end_session(Operator op, UserId id, std::string session,
                                          Deadline by) {
  CO_TRY(const bool ended,
         co_await stores_.admin.end_session(id, session, actor_of(op, clock_.now()), by));
  if (!ended) co_return false;
  std::vector<std::string> sessions{std::move(session)};
  co_await sessions_.forget(std::move(sessions), EndReason::kReplaced);
  co_return true;
}

Task<Result<std::vector<model::Contact>>> UserAdmin::friends(UserId id, int limit, Deadline by) {
  return stores_.friends.list(id, limit, 0, by);
}

}  // namespace qn::chat
