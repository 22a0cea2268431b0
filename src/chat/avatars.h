#pragma once

#include <string_view>

#include "base/result.h"

namespace qn::chat {

// What may be stored as somebody's picture: an absolute web address or one of
// our own files, at most 1000 characters (defect D-16). kRefused with
// 头像地址过长不能超过1000个字符 or 头像地址不合法.
Result<void> check_avatar(std::string_view value);

}  // namespace qn::chat
