#include "chat/managers.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/text.h"
#include "chat/avatars.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

using Outcome = store::ManagerStore::Outcome;

constexpr std::size_t kMaxName = 30;
constexpr std::size_t kMinPassword = 6;
constexpr std::size_t kMaxPassword = 64;
// Whom the audit log names for the first administrator, when nobody is logged in.
constexpr std::string_view kSetUpActor = "/admin/setup";

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_name(std::string_view name) {
  return is_utf8(name) && !name.empty() && count_code_points(name) <= kMaxName &&
         !has_control_character(name) && name.front() != ' ' && name.back() != ' ';
}

bool is_password(std::string_view password, std::size_t min) {
  const std::size_t length = is_utf8(password) ? count_code_points(password) : 0;
  return length >= min && length <= kMaxPassword;
}

bool may_touch(const Operator& op, ManagerId id) {
  return op.manager.super || op.manager.id == id;
}

Result<void> from_outcome(Outcome outcome, std::string_view missing) {
  switch (outcome) {
    case Outcome::kDone:
      return {};
    case Outcome::kNoSuchRow:
      return refused(missing);
    case Outcome::kLastSuper:
      return refused(texts::kLastSuperManager);
  }
  return internal_error("an outcome that is none");
}

}  // namespace

Result<void> check_new_admin(const NewAdmin& admin, TextFor reader) {
  const bool chinese = reader == TextFor::kBrowser;
  if (!is_name(admin.username)) {
    return refused(chinese ? texts::kBadManagerName
                           : "the user name must have 1 to 30 characters, without spaces at its "
                             "ends");
  }
  if (!is_password(admin.password, chinese ? kMinPassword : 1)) {
    return refused(chinese ? texts::kBadManagerPassword
                           : "the password must have 1 to 64 characters");
  }
  return {};
}

Task<Result<bool>> ManagerService::may_set_up(std::string token, Deadline by) {
  if (setup_token_.empty() || set_up_ || !equal_constant_time(token, setup_token_)) co_return false;
  // An operator may have made one with `qingniao admin create` meanwhile.
  co_return co_await is_empty(by);
}

Task<Result<bool>> ManagerService::is_empty(Deadline by) {
  CO_TRY(const auto count, co_await managers_.count(by));
  co_return count == 0;
}

Task<Result<void>> ManagerService::set_up(std::string token, NewAdmin admin, Origin origin,
                                          Deadline by) {
  CO_TRY(const bool open, co_await may_set_up(std::move(token), by));
  if (!open) co_return refused(texts::kSetupLinkUsed);
  admin.super = true;
  admin.avatar.clear();
  admin.menu_ids.clear();
  CO_TRY(auto row, co_await row_from(std::move(admin)));
  store::Actor actor{{}, std::string(kSetUpActor), std::move(origin.address), clock_.now()};
  CO_TRY(const bool first, co_await managers_.create_first(std::move(row), std::move(actor), by));
  set_up_ = true;
  if (!first) co_return refused(texts::kSetupLinkUsed);
  co_return Result<void>();
}

Task<Result<store::NewManager>> ManagerService::row_from(NewAdmin admin) {
  CO_CHECK_OK(check_new_admin(admin, TextFor::kBrowser));
  if (!admin.avatar.empty()) CO_CHECK_OK(check_avatar(admin.avatar));
  store::NewManager row;
  CO_TRY(row.password_hash, co_await passwords_.hash(std::move(admin.password)));
  row.username_key = fold_name(admin.username);
  row.username = std::move(admin.username);
  row.avatar = std::move(admin.avatar);
  row.menu_ids = std::move(admin.menu_ids);
  row.super = admin.super;
  co_return row;
}

Task<Result<store::ManagerStore::Page>> ManagerService::list(Operator op, int limit,
                                                             std::int64_t offset, Deadline by) {
  std::optional<ManagerId> only;
  if (!op.manager.super) only = op.manager.id;
  return managers_.list(only, limit, offset, by);
}

Task<Result<std::optional<model::Manager>>> ManagerService::find(Operator op, ManagerId id,
                                                                 Deadline by) {
  if (!may_touch(op, id)) co_return refused(texts::kNotAllowed);
  co_return co_await managers_.find(id, by);
}

Task<Result<void>> ManagerService::create(Operator op, NewAdmin admin, Deadline by) {
  if (!op.manager.super) co_return refused(texts::kNotAllowed);
  // Looked up first so that a taken name does not cost a password hash; the
  // unique key decides all the same.
  CO_TRY(const auto taken, co_await managers_.find_credentials(fold_name(admin.username), by));
  if (taken) co_return refused(texts::kManagerNameTaken);
  CO_TRY(auto row, co_await row_from(std::move(admin)));
  const auto created = co_await managers_.create(std::move(row), actor_of(op, clock_.now()), by);
  if (created.has_value()) co_return Result<void>();
  if (created.error().code == ErrorCode::kConflict) co_return refused(texts::kManagerNameTaken);
  co_return created.error();
}

Task<Result<void>> ManagerService::update(Operator op, ManagerId id, Edit edit, Deadline by) {
  if (!may_touch(op, id)) co_return refused(texts::kNotAllowed);
  CO_TRY(const auto current, co_await managers_.find(id, by));
  if (!current) co_return refused(texts::kNoManagerRecord);
  if (!op.manager.super) edit.menu_ids.reset();
  CO_TRY(auto change, co_await change_from(*current, std::move(edit), by));
  std::string keep = op.manager.id == id ? op.session : std::string();
  const auto done = co_await managers_.update(id, std::move(change), std::move(keep),
                                              actor_of(op, clock_.now()), by);
  if (done.has_value()) co_return Result<void>();
  if (done.error().code == ErrorCode::kNotFound) co_return refused(texts::kNoManagerRecord);
  if (done.error().code == ErrorCode::kConflict) {
    co_return refused(texts::kManagerNameTakenByOther);
  }
  co_return done.error();
}

Task<Result<store::ManagerChange>> ManagerService::change_from(const model::Manager& current,
                                                               Edit edit, Deadline by) {
  store::ManagerChange change;
  if (edit.username != current.username) {
    if (!is_name(edit.username)) co_return refused(texts::kBadManagerName);
    std::string key = fold_name(edit.username);
    CO_TRY(const auto other, co_await managers_.find_credentials(key, by));
    if (other && other->manager.id != current.id) {
      co_return refused(texts::kManagerNameTakenByOther);
    }
    change.username_key = std::move(key);
    change.username = std::move(edit.username);
  }
  if (!edit.avatar.empty() && edit.avatar != current.avatar) {
    CO_CHECK_OK(check_avatar(edit.avatar));
    change.avatar = std::move(edit.avatar);
  }
  change.menu_ids = std::move(edit.menu_ids);
  if (edit.password.empty()) co_return change;
  if (!is_password(edit.password, kMinPassword)) {
    co_return refused(texts::kBadManagerPassword);
  }
  CO_TRY(change.password_hash, co_await passwords_.hash(std::move(edit.password)));
  co_return change;
}

Task<Result<void>> ManagerService::set_enabled(Operator op, ManagerId id, bool enabled,
                                               Deadline by) {
  if (!op.manager.super) co_return refused(texts::kNotAllowed);
  CO_TRY(const auto outcome,
         co_await managers_.set_enabled(id, enabled, actor_of(op, clock_.now()), by));
  co_return from_outcome(outcome, texts::kNoData);
}

Task<Result<void>> ManagerService::remove(Operator op, ManagerId id, Deadline by) {
  if (!may_touch(op, id)) co_return refused(texts::kNotAllowed);
  CO_TRY(const auto outcome, co_await managers_.remove(id, actor_of(op, clock_.now()), by));
  co_return from_outcome(outcome, texts::kNoManager);
}

}  // namespace qn::chat
