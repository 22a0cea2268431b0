#include "chat/avatars.h"

#include <algorithm>

#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

constexpr std::size_t kAvatarUnits = 1000;  // UTF-16 units, as the reference counts

// Nothing that could leave an attribute or start a script.
bool is_avatar(std::string_view value) {
  const bool harmless = std::none_of(value.begin(), value.end(), [](unsigned char c) {
    return c <= 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\';
  });
  return harmless && (value.starts_with("https://") || value.starts_with("http://") ||
                      value.starts_with("/public/"));
}

}  // namespace

Result<void> check_avatar(std::string_view value) {
  if (count_utf16_units(value) > kAvatarUnits) return refused(texts::kAvatarTooLong);
  if (!is_avatar(value)) return refused(texts::kBadAvatar);
  return {};
}

}  // namespace qn::chat
