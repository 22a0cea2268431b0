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

// §7 uploads; the last one is new (defect S22)
inline constexpr std::string_view kNoFile = "Can't found upload file";
inline constexpr std::string_view kFileTooLarge = "Request file too large";
inline constexpr std::string_view kUploadQuota = "今日上传总量已达上限，请明天再试";

// Console: logins (admin-pages.md §3.3)
inline constexpr std::string_view kNoSuchManager = "管理员不存在或者被禁用";
inline constexpr std::string_view kWrongManagerPassword = "密码错误";

// Console: managers (admin-pages.md §3.5, §2.6)
inline constexpr std::string_view kNotAllowed = "您无权操作此项功能";
inline constexpr std::string_view kManagerNameTaken = "该管理员账号已存在";
inline constexpr std::string_view kManagerNameTakenByOther =
    "该管理员账号已经存在，不能修改成该管理员账号";
inline constexpr std::string_view kNoManager = "该管理员不存在";
inline constexpr std::string_view kNoManagerRecord = "该管理员记录不存在";
inline constexpr std::string_view kNoData = "数据不存在";
// New refusals (defect D-10, first-run page) in the same voice.
inline constexpr std::string_view kLastSuperManager = "至少要保留一位启用的超级管理员";
inline constexpr std::string_view kSetupLinkUsed =
    "初始化链接无效或已使用，请查看服务启动时打印的最新链接";
inline constexpr std::string_view kBadManagerName = "账号须为 1 到 30 个字符，首尾不能有空格";
inline constexpr std::string_view kBadManagerPassword = "密码须为 6 到 64 个字符";

// Console: chat users (admin-pages.md §1)
inline constexpr std::string_view kUserNameTaken = "即时通讯用户账号已存在";
inline constexpr std::string_view kUserNameTakenByOther =
    "该即时通讯用户账号已经存在，不能修改成该即时通讯用户账号";
inline constexpr std::string_view kNoUserRecord = "该即时通讯用户记录不存在";
inline constexpr std::string_view kTooManyUsers = "一次最多操作1000个用户";

}  // namespace qn::chat::texts
