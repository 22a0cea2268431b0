#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "console/page.h"

namespace qn::console {

// A message for the next page (§2.9, defect D-40). It travels in a cookie as a
// name and a number, never as text, so that nobody can make the console say
// something of their own; the next page shows it and deletes the cookie.
struct Flash {
  enum class Kind {
    kNone,
    kLoginFirst,      // 请先登录！
    kLoggedOut,       // 退出登录成功
    kDeleted,         // 删除成功
    kManagerDeleted,  // 管理员删除成功
    kCreated,         // 新建成功
    kUpdated,         // 修改成功
    kEnabledMany,     // 已启用 n 个用户
    kDisabledMany,
    kDeletedMany,
    kDissolved,  // 解散成功
    kSignedOut,  // 已退出该设备
    kMuted,
    kUnmuted,
    kDisconnected,  // 连接已断开
    kFirstAdmin,    // 创建超级管理员成功
  };
  Kind kind = Kind::kNone;
  std::int64_t count = 0;
};

std::string flash_cookie(const Flash& flash);
// Nothing for an unknown cookie.
std::optional<Toast> toast_of(std::string_view cookie);

}  // namespace qn::console
