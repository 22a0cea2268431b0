#pragma once

#include <string_view>

// What the rules say to people: the contract's literals, byte for byte
// (chat-http-api.md; the section is named behind each group). Clients show them,
// and compare some.
namespace qn::chat::texts {

// §0.5 authentication
inline constexpr std::string_view kNoToken = "您没有权限访问即时通讯接口";
inline constexpr std::string_view kBadToken = "Token 令牌不合法！";
inline constexpr std::string_view kUserDisabled = "当前用户不存在或者已被禁用";
inline constexpr std::string_view kVisitorRefused = "您没有权限访问，请先注册或登录";

// §1 account
inline constexpr std::string_view kNameTaken = "该账号已存在，请换一个账号注册";
inline constexpr std::string_view kNoAccount = "账号不存在或者被禁用";
inline constexpr std::string_view kWrongPassword = "账户或密码错误";
inline constexpr std::string_view kLoginFailed = "登录失败";
inline constexpr std::string_view kPasswordsDiffer = "新密码与确认新密码不一致";
inline constexpr std::string_view kNotLoggedIn = "您未登录，无法修改密码";
inline constexpr std::string_view kNoUserForPassword = "用户不存在，无法修改密码";
inline constexpr std::string_view kWrongOldPassword = "原始密码错误，无法修改密码";
inline constexpr std::string_view kPasswordChanged = "修改密码成功";
inline constexpr std::string_view kNameFixed = "账号不可修改";
inline constexpr std::string_view kNicknameTooLong = "昵称长度不能超过30个字符";
inline constexpr std::string_view kNicknameChanged = "修改昵称成功";
inline constexpr std::string_view kAvatarTooLong = "头像地址过长不能超过1000个字符";
inline constexpr std::string_view kAvatarChanged = "头像更新成功";
inline constexpr std::string_view kBadInviteConfirm = "添加我为好友设置值错误";
inline constexpr std::string_view kInviteConfirmChanged = "设置成功";
inline constexpr std::string_view kNoUserForUpdate = "用户不存在，无法修改信息";
// New refusals (defects S33, D-16, S28) in the same voice.
inline constexpr std::string_view kNicknameReserved = "该昵称为系统保留名称，请换一个";
inline constexpr std::string_view kBadAvatar = "头像地址不合法";
inline constexpr std::string_view kBadUserset = "用户设置格式错误";

// §2 visitors
inline constexpr std::string_view kNoSignature = "非法访问";
inline constexpr std::string_view kBadSignature = "非法签名";
inline constexpr std::string_view kRequestExpired = "请求已过期";
inline constexpr std::string_view kBadDevice = "无效标识";

// §3 users
inline constexpr std::string_view kNoUser = "用户不存在";
inline constexpr std::string_view kNoUserToAdd = "用户不存在或者为游客，无法加为好友";

}  // namespace qn::chat::texts
