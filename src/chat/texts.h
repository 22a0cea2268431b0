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

// §4 friends; kTryLater also says that somebody has too many (defect X11)
inline constexpr std::string_view kAddSelf = "不能添加自己为好友";
inline constexpr std::string_view kNobodyToAdd = "添加的好友不存在";
inline constexpr std::string_view kAppliedBefore = "您已经申请过了，请勿重复申请";
inline constexpr std::string_view kNoApply = "用户申请信息不存在";
inline constexpr std::string_view kApplyGone = "申请不存在或已处理";
inline constexpr std::string_view kTryLater = "系统异常，请稍后再试";
inline constexpr std::string_view kNeedsReview = "需要对方审核，不能自动加对方为好友";
inline constexpr std::string_view kNoFriend = "好友不存在";
inline constexpr std::string_view kNotMyFriend = "不是好友";
inline constexpr std::string_view kNoFriendOrBlack = "好友不存在或者被拉黑，无法操作";
inline constexpr std::string_view kNoFriendship = "不是好友关系，无权操作";
inline constexpr std::string_view kFriendDeleted = "删除好友成功";

// Notices (chat-realtime.md §6)
inline constexpr std::string_view kApplyNoticeName = "好友申请提醒";
inline constexpr std::string_view kApplyNoticeHead = "用户[";
inline constexpr std::string_view kApplyNoticeTail = "]申请添加您为好友，请尽快处理";
inline constexpr std::string_view kNowFriends = "我们已经是好友了，可以开始聊天了";

// §5 groups (failures of members and of outsiders), §6.1 sending to one
inline constexpr std::string_view kNobodyChosen = "请选择加入群聊的用户";
inline constexpr std::string_view kNobodyLeft = "用户不存在，无法加入群聊";
inline constexpr std::string_view kNoGroupToRead = "群不存在或被封禁";
inline constexpr std::string_view kOnlyOwnerRenames = "只有群主才能修改群名称";
inline constexpr std::string_view kOnlyOwnerRemarks = "只有群主才能修改群公告";
inline constexpr std::string_view kCannotTell = "无法通知群成员";
inline constexpr std::string_view kNotMemberToRename = "你不在该群聊中，无法修改昵称";
inline constexpr std::string_view kNoGroup = "群不存在";
inline constexpr std::string_view kNotMemberToLeave = "你不在该群聊中，操作失败";
inline constexpr std::string_view kOnlyOwnerActs = "只有群主才能操作";
inline constexpr std::string_view kOwnerStays = "群主不能删除自己";
inline constexpr std::string_view kMemberRemoved = "删除群成员成功";
inline constexpr std::string_view kNoGroupToJoin = "群不存在或者被封禁";
inline constexpr std::string_view kAlreadyWaits = "已申请加入群聊，正在等待群主同意";
inline constexpr std::string_view kAlreadyMember = "用户已经在群里";
inline constexpr std::string_view kNobodyToJoin = "加群的用户不存在或已被封禁，无法加入群聊";
inline constexpr std::string_view kVisitorsLogIn = "请先登录再申请进群";
inline constexpr std::string_view kJoined = "加群成功";
inline constexpr std::string_view kWaitForOwner = "等待群主同意";
inline constexpr std::string_view kNoGroupToManage = "群不存在或者被封禁或者你无权操作";
inline constexpr std::string_view kPolicySet = "设置成功";
inline constexpr std::string_view kNotWaiting = "非法操作";
inline constexpr std::string_view kApplicantGone = "用户不存在或者被封禁";
inline constexpr std::string_view kApplicantJudged = "处理成功";
inline constexpr std::string_view kNoGroupToPost = "群不存在或者已解散或者被封禁，无法发消息";
inline constexpr std::string_view kNotMemberToPost = "您不在群里，无法发消息";
// New refusals (defects S15, X11) in the same voice.
inline constexpr std::string_view kOnlyForYourself = "您只能为自己申请进群";
inline constexpr std::string_view kNotMemberToInvite = "您不在该群聊中，无法邀请";
inline constexpr std::string_view kNotFriendToInvite = "对方还不是您的好友，无法邀请";
inline constexpr std::string_view kGroupFull = "群成员数量已达上限";
inline constexpr std::string_view kTooManyGroups = "加入的群聊数量已达上限";

// Senders of notices about groups (chat-realtime.md §6)
inline constexpr std::string_view kJoinRequestName = "加群处理";
inline constexpr std::string_view kJoinNoticeName = "加群申请提醒";
inline constexpr std::string_view kGroupPicture =
    "https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/group.png";

// §6.1 sending to one person; visitors are told in words of their own
inline constexpr std::string_view kNobodyToWriteTo = "对方不存在或者被禁用，不能发消息";
inline constexpr std::string_view kBlockedUser = "对方把你拉黑了，不能发送消息";
inline constexpr std::string_view kBlockedVisitor = "对方把你拉黑了，不能发消息";
inline constexpr std::string_view kSuspendedUser = "系统把你们拉黑了，不能发送消息";
inline constexpr std::string_view kSuspendedVisitor = "系统把你们拉黑了，不能发消息";
inline constexpr std::string_view kFriendsOnlyUser = "对方设置成：需要您先成为他的好友才能发消息";
inline constexpr std::string_view kFriendsOnlyVisitor =
    "你们不是好友关系，对方设置成：先登录才能发消息";
inline constexpr std::string_view kOneMessageOnly = "在成为好友之前，对方只允许向他发一条消息";
// New refusals (defects S25, S26, muting, retries) in the same voice.
inline constexpr std::string_view kMuted = "您已被禁言，请稍后再试";
inline constexpr std::string_view kMutedInGroup = "您在该群聊中已被禁言，请稍后再试";
inline constexpr std::string_view kBadMessageType = "不支持该类型的消息";
inline constexpr std::string_view kMessageTooLong = "消息内容过长，无法发送";
inline constexpr std::string_view kBadClientMsgId =
    "客户端消息编号只能包含字母、数字、下划线和短横线";
inline constexpr std::string_view kClientMsgIdTaken = "该客户端消息编号已用于其他会话";

// §6.3 recalls; the second one is new (defect S14)
inline constexpr std::string_view kTooLateToRecall = "消息超过5分钟，不能撤回";
inline constexpr std::string_view kNotYoursToRecall = "消息不存在或者不是您发送的，不能撤回";

// Answers made by the system (chat-realtime.md §6, E16)
inline constexpr std::string_view kAutoAnswerHead =
    "系统根据您设置的问答数据，挑选了最接近的答案，回复给对方，回复内容是：\n\n ";

// Sockets (chat-realtime.md §1)
inline constexpr std::string_view kSocketNoToken = "缺少 token 参数";
inline constexpr std::string_view kSocketTokenExpired = "token 已过期";
inline constexpr std::string_view kSocketBadToken = "Token 不合法";
inline constexpr std::string_view kSocketNoUser = "用户不存在";
inline constexpr std::string_view kSocketUserDisabled = "你已被管理员禁用";

// §8 QR codes; the last one is new (defect S29)
inline constexpr std::string_view kNoGroupToShow = "群不存在或被封禁或者您不在该群聊中";
inline constexpr std::string_view kNoUserToShow = "用户不存在或被封禁";
inline constexpr std::string_view kBadPageAddress = "网址域名不合法";

// §7 uploads; the last one is new (defect S22)
inline constexpr std::string_view kNoFile = "Can't found upload file";
inline constexpr std::string_view kFileTooLarge = "Request file too large";
inline constexpr std::string_view kUploadQuota = "今日上传总量已达上限，请明天再试";

// §7.3 film covers
inline constexpr std::string_view kNoVideoUrl = "视频地址不能为空";
inline constexpr std::string_view kBadVideoTime = "时间点参数无效";
inline constexpr std::string_view kBadCoverWidth = "图片宽度应在1-3840之间";
// Reasons of our own (defect S20), behind the contract's words.
inline constexpr std::string_view kForeignVideo = "截图处理失败: 只支持本站上传的视频";
inline constexpr std::string_view kNoVideo = "截图处理失败: 视频不存在";
inline constexpr std::string_view kBadCoverFormat = "截图处理失败: 图片格式只支持png、jpg、jpeg";

// Resumable uploads, which are new
inline constexpr std::string_view kNoResumable = "上传任务不存在或已过期";
inline constexpr std::string_view kTooManyResumables = "未完成的上传过多，请先完成后再试";
inline constexpr std::string_view kResumableIncomplete = "文件尚未上传完整";
inline constexpr std::string_view kResumableTooLong = "上传的数据超出文件大小";

// §10 questions and answers; the second group is new (defect S23)
inline constexpr std::string_view kAskIncomplete = "参数不完整";
inline constexpr std::string_view kAskCreated = "问答创建成功";
inline constexpr std::string_view kAskReplaced = "问答已更新";
inline constexpr std::string_view kAskUpdated = "更新成功";
inline constexpr std::string_view kAskDeleted = "删除成功";
inline constexpr std::string_view kAskFetched = "获取成功";
inline constexpr std::string_view kAskFound = "搜索成功";
inline constexpr std::string_view kAskFoundSimilar = "找到相关回答";
inline constexpr std::string_view kNoAsk = "问答不存在";
inline constexpr std::string_view kNoAsks = "暂无问答数据";
inline constexpr std::string_view kNoAnswer = "未找到相关问答";
inline constexpr std::string_view kAskSaveFailed = "保存失败";
inline constexpr std::string_view kAskUpdateFailed = "更新失败";
inline constexpr std::string_view kAskDeleteFailed = "删除失败";
inline constexpr std::string_view kAskSearchFailed = "搜索失败";
inline constexpr std::string_view kAskServerError = "服务器错误";
inline constexpr std::string_view kNotYours = "无权限操作";
inline constexpr std::string_view kBadAskType = "问答类型不正确";
inline constexpr std::string_view kAskTooLong = "问题不能超过500个字符";
inline constexpr std::string_view kAnswerTooLong = "答案不能超过2000个字符";
inline constexpr std::string_view kTooManyAsks = "问答数量已达上限";
inline constexpr std::string_view kAskTaken = "该问题已存在";

// §11 complaints; the second group is new (defects S24, C34)
inline constexpr std::string_view kComplaintCreated = "投诉提交成功";
inline constexpr std::string_view kComplaintFetched = "获取成功";
inline constexpr std::string_view kComplaintUpdated = "更新成功";
inline constexpr std::string_view kComplaintDeleted = "删除成功";
inline constexpr std::string_view kComplaintIncomplete = "缺少必要参数";
inline constexpr std::string_view kNoComplaint = "投诉记录不存在";
inline constexpr std::string_view kComplaintInHand = "该投诉已开始处理，无法修改";
inline constexpr std::string_view kComplaintCreateFailed = "投诉提交失败";
inline constexpr std::string_view kComplaintFetchFailed = "获取失败";
inline constexpr std::string_view kComplaintUpdateFailed = "更新失败";
inline constexpr std::string_view kComplaintDeleteFailed = "删除失败";
inline constexpr std::string_view kBadTargetType = "投诉对象类型不正确";
inline constexpr std::string_view kNoTarget = "投诉对象不存在";
inline constexpr std::string_view kTargetNameTooLong = "投诉对象名称不能超过255个字符";
inline constexpr std::string_view kReasonTooLong = "投诉原因不能超过500个字符";
inline constexpr std::string_view kContentTooLong = "投诉内容不能超过5000个字符";
inline constexpr std::string_view kBadImages = "投诉图片格式不正确";
inline constexpr std::string_view kTooManyImages = "投诉图片不能超过9张";
inline constexpr std::string_view kImageTooLong = "投诉图片地址过长";
inline constexpr std::string_view kBadQuotes = "投诉聊天记录格式不正确";
inline constexpr std::string_view kQuotesTooLong = "投诉聊天记录过长";

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

// Console: complaints (admin-notes.md §9); the last one is new
inline constexpr std::string_view kMayNotSee = "无权限查看";
inline constexpr std::string_view kMayNotHandle = "无权限操作";
inline constexpr std::string_view kStatusFailed = "更新状态失败";
inline constexpr std::string_view kReplyTooLong = "回复内容不能超过2000个字符";

}  // namespace qn::chat::texts
