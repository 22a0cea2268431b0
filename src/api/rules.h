#pragma once

#include "wire/validate.h"

// What parameters the routes of the chat API take, in the order in which they
// are checked. The route table names them for the API document, the handlers
// check them.
namespace qn::api {

using wire::Rule;
using wire::Type;

// account: chat-http-api.md §1

inline constexpr Rule kAccountCredentialsRules[] = {
    {.name = "username", .required = true, .min = 4, .max = 20, .desc = "账号"},
    {.name = "password", .required = true, .min = 6, .max = 20, .desc = "密码"},
};

inline constexpr Rule kAccountPasswordChangeRules[] = {
    {.name = "oldpassword", .required = true, .desc = "原始密码"},
    {.name = "newpassword", .required = true, .min = 6, .max = 20, .desc = "新密码"},
    {.name = "checknewpassword", .required = true, .desc = "确认新密码"},
};

// visitor: chat-http-api.md §2

inline constexpr Rule kVisitorDeviceRules[] = {
    {.name = "deviceId", .required = true, .min = 36, .max = 200, .desc = "设备指纹"},
    {.name = "timestamp", .type = Type::kInt, .required = true, .desc = "时间戳"},
    {.name = "uniplatform", .min = 2, .max = 50, .fallback = "", .desc = "平台类型"},
    {.name = "devicemodel", .min = 1, .max = 50, .fallback = "", .desc = "设备型号"},
    {.name = "deviceos", .min = 1, .max = 50, .fallback = "", .desc = "操作系统"},
    {.name = "devicebrand", .min = 1, .max = 50, .fallback = "", .desc = "设备品牌"},
};

inline constexpr Rule kVisitorSignedCredentialsRules[] = {
    {.name = "username", .required = true, .min = 4, .max = 20, .desc = "账号"},
    {.name = "password", .required = true, .min = 6, .max = 20, .desc = "密码"},
    {.name = "deviceId", .required = true, .min = 36, .max = 200, .desc = "设备指纹"},
    {.name = "timestamp", .type = Type::kInt, .required = true, .desc = "时间戳"},
};

// profile: chat-http-api.md §1.5, §3, §9

inline constexpr Rule kProfileFieldRules[] = {
    {.name = "fieldname", .required = true, .min = 1, .max = 30, .desc = "修改类型"},
    {.name = "fieldValue", .required = true, .min = 1, .desc = "修改结果"},
};

inline constexpr Rule kProfileKeywordRules[] = {
    {.name = "keyword", .required = true, .min = 1, .max = 50, .desc = "搜索关键词"},
};

inline constexpr Rule kProfileUuidRules[] = {
    {.name = "uuid", .required = true, .min = 36, .max = 36, .desc = "uuid值"},
};

inline constexpr Rule kProfileUserIdRules[] = {
    {.name = "userid", .type = Type::kInt, .required = true, .min = 1, .desc = "用户id"},
};

inline constexpr Rule kProfileUsersetRules[] = {
    {.name = "userset", .required = true, .min = 2, .desc = "用户设置"},
};

// contact: chat-http-api.md §4

inline constexpr Rule kContactApplyRules[] = {
    {.name = "friend_id",
     .type = Type::kInt,
     .required = true,
     .min = 1,
     .desc = "我申请添加的好友id"},
    {.name = "nickname", .min = 1, .max = 50, .fallback = "", .desc = "我的昵称或者说明"},
};

inline constexpr Rule kContactAddAtOnceRules[] = {
    {.name = "friend_id",
     .type = Type::kInt,
     .required = true,
     .min = 1,
     .desc = "我申请添加的好友id"},
    {.name = "nickname", .min = 1, .max = 50, .fallback = "", .desc = "说明"},
};

inline constexpr Rule kContactApplyPageRules[] = {
    {.name = "page", .type = Type::kInt, .required = true, .min = 1, .desc = "页码"},
    {.name = "limit", .type = Type::kInt, .fallback = "10", .desc = "每页多少条"},
};

inline constexpr Rule kContactFriendPageRules[] = {
    {.name = "page", .type = Type::kInt, .required = true, .min = 1, .desc = "页码"},
    {.name = "limit", .type = Type::kInt, .fallback = "2000", .desc = "每页多少条"},
};

inline constexpr Rule kContactUuidRules[] = {
    {.name = "uuid", .required = true, .min = 36, .max = 36, .desc = "uuid值"},
};

inline constexpr Rule kContactAnswerRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "申请表的id"},
    {.name = "nickname", .min = 1, .max = 50, .fallback = "", .desc = "好友备注"},
    {.name = "status", .required = true, .in = "pending|refuse|agree|ignore", .desc = "处理状态"},
};

// The same parameter under the two names the contract has for it.
inline constexpr Rule kContactFriendRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "好友id"},
};

inline constexpr Rule kContactPalRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "朋友id"},
};

inline constexpr Rule kContactVisibilityRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "朋友id"},
    {.name = "friendlookme",
     .type = Type::kInt,
     .required = true,
     .in = "0|1",
     .desc = "朋友是否可以看我的动态"},
    {.name = "melookfriend",
     .type = Type::kInt,
     .required = true,
     .in = "0|1",
     .desc = "我的朋友圈是否出现朋友的信息（我是否看朋友的动态）"},
};

// group: chat-http-api.md §5

inline constexpr Rule kGroupUserIdsRules[] = {
    {.name = "userIds", .type = Type::kArray, .required = true}};

inline constexpr Rule kGroupPageRules[] = {
    {.name = "page", .type = Type::kInt, .required = true, .min = 1, .desc = "页码"},
    {.name = "limit", .type = Type::kInt, .fallback = "30", .desc = "每页多少条"},
};

inline constexpr Rule kGroupIdRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
};

inline constexpr Rule kGroupNameRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "name", .required = true, .min = 1, .max = 20, .desc = "群名称"},
};

inline constexpr Rule kGroupRemarkRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "remark", .required = true, .min = 1, .max = 500, .desc = "群公告"},
};

inline constexpr Rule kGroupNicknameRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "nickname", .required = true, .min = 1, .max = 20, .desc = "群昵称"},
};

inline constexpr Rule kGroupMemberRules[] = {
    {.name = "group_id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "user_id", .type = Type::kInt, .required = true, .min = 1, .desc = "群成员id"},
};

inline constexpr Rule kGroupInvitationRules[] = {
    {.name = "group_id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "user_id", .type = Type::kInt, .required = true, .min = 1, .desc = "用户id"},
    {.name = "inviteuser_id", .type = Type::kInt, .fallback = "0", .desc = "邀请人的用户id"},
    {.name = "addGroupDesc", .max = 500, .fallback = "", .desc = "加群说明或者邀请说明"},
};

inline constexpr Rule kGroupPolicyRules[] = {
    {.name = "group_id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "addGroupSet",
     .type = Type::kInt,
     .required = true,
     .min = 0,
     .max = 10,
     .desc = "进群设置属性值"},
};

inline constexpr Rule kGroupVerdictRules[] = {
    {.name = "group_id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id"},
    {.name = "user_id", .type = Type::kInt, .required = true, .min = 1, .desc = "进群的用户id"},
    {.name = "type", .required = true, .in = "agree|no", .desc = "同意或者拒绝"},
};

// message: chat-http-api.md §6

inline constexpr Rule kMessageRules[] = {
    {.name = "sendto_id",
     .type = Type::kInt,
     .required = true,
     .min = 1,
     .desc = "接收人/群的id值"},
    {.name = "chatType", .required = true, .in = "single|group", .desc = "接收类型"},
    {.name = "type", .required = true, .desc = "消息类型"},
    {.name = "data", .required = true, .desc = "消息内容"},
    {.name = "options", .fallback = "", .desc = "额外参数json字符串"},
    {.name = "client_msg_id", .min = 1, .max = 64, .desc = "客户端消息编号"},
};

// Names, pictures and the time come from the database (defects C16, C17).
inline constexpr Rule kMessageRecallRules[] = {
    {.name = "to_id", .type = Type::kInt, .required = true, .min = 1, .desc = "接收者id或者群id"},
    {.name = "id", .required = true, .desc = "消息uuid"},
    {.name = "chatType", .required = true, .in = "single|group", .desc = "聊天类型"},
};

// qr: chat-http-api.md §8

inline constexpr Rule kQrCodeRules[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id或者个人id"},
    {.name = "type", .fallback = "", .desc = "平台类型"},
    {.name = "http", .fallback = "", .desc = "网址域名"},
    {.name = "chatType", .fallback = "group", .desc = "聊天类型"},
};

// media: chat-http-api.md §7

inline constexpr Rule kMediaResumableRules[] = {
    {.name = "name", .required = true, .min = 1, .max = 200, .desc = "文件名"},
    {.name = "size", .type = Type::kInt, .required = true, .min = 1, .desc = "文件大小"},
    {.name = "folder", .required = true, .min = 1, .max = 200, .desc = "上传目录"},
};

inline constexpr Rule kMediaPieceRules[] = {
    {.name = "id", .required = true, .desc = "上传任务"},
    {.name = "offset", .type = Type::kInt, .required = true, .min = 0, .desc = "上传位置"},
};

inline constexpr Rule kMediaIdRules[] = {
    {.name = "id", .required = true, .desc = "上传任务"},
};

// askanswer: chat-http-api.md §10

// What there is to read; what must be there is said by 参数不完整, not by rules.
inline constexpr Rule kAskEntryRules[] = {
    {.name = "ask"}, {.name = "answer"}, {.name = "type"}, {.name = "create_userId"}};

inline constexpr Rule kAskOwnerRules[] = {{.name = "create_userId"}};

inline constexpr Rule kAskListRules[] = {{.name = "type"}, {.name = "userId"}};

inline constexpr Rule kAskSearchRules[] = {
    {.name = "type"}, {.name = "create_userId"}, {.name = "ask"}};

// complaint: chat-http-api.md §11

// What there is to read; what must be there is said by 缺少必要参数, not by rules.
inline constexpr Rule kComplaintDraftRules[] = {{.name = "target_id"},
                                                {.name = "target_type"},
                                                {.name = "target_name"},
                                                {.name = "reason"},
                                                {.name = "content"}};

inline constexpr Rule kComplaintIdRules[] = {{.name = "id"}};

inline constexpr Rule kComplaintEditRules[] = {{.name = "id"}, {.name = "content"}};

}  // namespace qn::api
