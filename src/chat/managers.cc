#include "chat/managers.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/text.h"

namespace qn::chat {
namespace {

constexpr std::size_t kMaxName = 30;
constexpr std::size_t kMinPassword = 6;
constexpr std::size_t kMaxPassword = 64;
constexpr std::string_view kLinkUsed = "初始化链接无效或已使用，请查看服务启动时打印的最新链接";

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_name(std::string_view name) {
  return is_utf8(name) && !name.empty() && count_code_points(name) <= kMaxName &&
         !has_control_character(name) && name.front() != ' ' && name.back() != ' ';
}

}  // namespace

Result<void> check_new_admin(const NewAdmin& admin, TextFor reader) {
  const bool chinese = reader == TextFor::kBrowser;
  if (!is_name(admin.username)) {
    return refused(chinese ? "账号须为 1 到 30 个字符，首尾不能有空格"
                           : "the user name must have 1 to 30 characters, without spaces at its "
                             "ends");
  }
  const std::size_t length = is_utf8(admin.password) ? count_code_points(admin.password) : 0;
  if (length < kMinPassword || length > kMaxPassword) {
    return refused(chinese ? "密码须为 6 到 64 个字符"
                           : "the password must have 6 to 64 characters");
  }
  return {};
}

Task<Result<bool>> ManagerService::may_set_up(std::string token, Deadline by) {
  if (setup_token_.empty() || set_up_ || !equal_constant_time(token, setup_token_)) co_return false;
  // An operator may have made one with `qingniao admin create` meanwhile.
  CO_TRY(const auto count, co_await managers_.count(by));
  co_return count == 0;
}

Task<Result<void>> ManagerService::set_up(std::string token, NewAdmin admin, Deadline by) {
  CO_TRY(const bool open, co_await may_set_up(std::move(token), by));
  if (!open) co_return refused(kLinkUsed);
  CO_CHECK_OK(check_new_admin(admin, TextFor::kBrowser));
  store::NewManager row;
  CO_TRY(row.password_hash, co_await passwords_.hash(std::move(admin.password)));
  row.username_key = fold_name(admin.username);
  row.username = std::move(admin.username);
  row.super = true;
  row.now = clock_.now();
  // Of two forms sent at once, one makes the administrator.
  if (set_up_.exchange(true)) co_return refused(kLinkUsed);
  const auto created = co_await managers_.create(std::move(row), by);
  if (!created.has_value()) {
    set_up_ = false;
    co_return created.error();
  }
  co_return Result<void>();
}

}  // namespace qn::chat
