#include "console/flash.h"

#include <charconv>

namespace qn::console {
namespace {

struct Entry {
  Flash::Kind kind;
  std::string_view name;
  Label text;
  Tone tone = Tone::kGood;
};

constexpr Entry kEntries[] = {
    {Flash::Kind::kLoginFirst, "login-first", "请先登录！", Tone::kBad},
    {Flash::Kind::kLoggedOut, "logged-out", "退出登录成功"},
    {Flash::Kind::kDeleted, "deleted", "删除成功"},
    {Flash::Kind::kManagerDeleted, "manager-deleted", "管理员删除成功"},
    {Flash::Kind::kCreated, "created", "新建成功"},
    {Flash::Kind::kUpdated, "updated", "修改成功"},
    {Flash::Kind::kEnabledMany, "enabled-many", "已启用 {} 个用户"},
    {Flash::Kind::kDisabledMany, "disabled-many", "已禁用 {} 个用户"},
    {Flash::Kind::kDeletedMany, "deleted-many", "已删除 {} 个用户"},
    {Flash::Kind::kDissolved, "dissolved", "解散成功"},
    {Flash::Kind::kSignedOut, "signed-out", "已退出该设备"},
    {Flash::Kind::kMuted, "muted", "已禁言"},
    {Flash::Kind::kUnmuted, "unmuted", "已解除禁言"},
    {Flash::Kind::kDisconnected, "disconnected", "连接已断开"},
    {Flash::Kind::kFirstAdmin, "first-admin", "创建超级管理员成功"},
};

}  // namespace

std::string flash_cookie(const Flash& flash) {
  for (const auto& entry : kEntries) {
    if (entry.kind != flash.kind) continue;
    return std::string(entry.name) + '.' + std::to_string(flash.count);
  }
  return {};
}

std::optional<Toast> toast_of(std::string_view cookie) {
  const auto dot = cookie.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto digits = cookie.substr(dot + 1);
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (failure != std::errc() || end != digits.data() + digits.size() || count < 0) {
    return std::nullopt;
  }
  for (const auto& entry : kEntries) {
    if (entry.name != cookie.substr(0, dot)) continue;
    return Toast{Phrase(entry.text, {std::to_string(count)}), entry.tone};
  }
  return std::nullopt;
}

}  // namespace qn::console
