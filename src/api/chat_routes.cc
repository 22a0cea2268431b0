#include "api/chat_routes.h"

#include "api/handlers.h"
#include "api/rules.h"
#include "base/bytes.h"

namespace qn::api {
namespace {

using net::Method;

// clang-format off
constexpr Route kRoutes[] = {
    // §1 accounts
    {Method::kPost, "/api/regChat",                   Auth::kNone,    1_MiB,  &register_user,    "Register an account; answers like a login.", nullptr, kAccountCredentialsRules},
    {Method::kPost, "/api/loginChat",                 Auth::kNone,    1_MiB,  &login,            "Exchange name and password for a token.", nullptr, kAccountCredentialsRules},
    {Method::kPost, "/api/chat/logout",               Auth::kUser,    1_MiB,  &logout,           "End this session."},
    {Method::kPost, "/api/chat/setPassword",          Auth::kUser,    1_MiB,  &set_password,     "Change the password; ends all other sessions.", nullptr, kAccountPasswordChangeRules},
    {Method::kPost, "/api/chat/updateUserinfo",       Auth::kVisitor, 1_MiB,  &update_userinfo,  "Change nickname, avatar or who may add me.", nullptr, kProfileFieldRules},
    {Method::kGet,  "/api/chat/whoami",               Auth::kVisitor, 1_MiB,  &whoami,           "Check a token: whose it is and until when it holds. (additive)"},
    // §2 visitors
    {Method::kPost, "/api/visitorRegister",           Auth::kSigned,  1_MiB,  &visitor_enter,    "The visitor of this device, made on first sight.", nullptr, kVisitorDeviceRules},
    {Method::kPost, "/api/visitorregChat",            Auth::kSigned,  1_MiB,  &visitor_register, "Turn the visitor of this device into an account.", nullptr, kVisitorSignedCredentialsRules},
    {Method::kPost, "/api/visitorloginChat",          Auth::kSigned,  1_MiB,  &visitor_login,    "Log in with an account from a visitor's device.", nullptr, kVisitorSignedCredentialsRules},
    // §3 users
    {Method::kPost, "/api/chat/searchUser",           Auth::kUser,    1_MiB,  &search_user,      "Find registered users by a part of their name.", nullptr, kProfileKeywordRules},
    {Method::kGet,  "/api/userinfo/:uuid",            Auth::kNone,    1_MiB,  &public_profile,   "Public profile.", nullptr, kProfileUuidRules},
    {Method::kPost, "/api/chat/getUserSetInfo",       Auth::kVisitor, 1_MiB,  &contact_settings, "How somebody may be added and written to.", nullptr, kProfileUserIdRules},
    // §4 friends
    {Method::kPost, "/api/chat/applyfriend",          Auth::kVisitor, 1_MiB,  &apply_friend,     "Ask somebody to be my friend.", nullptr, kContactApplyRules},
    {Method::kGet,  "/api/chat/listapplyfriend/:page", Auth::kUser,   1_MiB,  &list_applies,     "Who asked me, newest first.", nullptr, kContactApplyPageRules},
    {Method::kPost, "/api/chat/isApplyfriend/:uuid",  Auth::kUser,    1_MiB,  &find_apply,       "The pending request of one user.", nullptr, kContactUuidRules},
    {Method::kPost, "/api/chat/handleapply/:id",      Auth::kUser,    1_MiB,  &handle_apply,     "Answer a request.", nullptr, kContactAnswerRules},
    {Method::kPost, "/api/chat/autoAddFriendAndAgree", Auth::kVisitor, 1_MiB, &add_friend_at_once, "Become friends with somebody who wants no confirmation.", nullptr, kContactAddAtOnceRules},
    {Method::kGet,  "/api/chat/goodfriendlist/:page", Auth::kUser,    1_MiB,  &list_friends,     "My friends by the first letter of their names.", nullptr, kContactFriendPageRules},
    {Method::kGet,  "/api/chat/getgoodfriendinfo/:id", Auth::kUser,   1_MiB,  &friend_profile,   "Profile of a friend.", nullptr, kContactFriendRules},
    {Method::kPost, "/api/chat/ismygoodfriend/:id",   Auth::kVisitor, 1_MiB,  &is_my_friend,     "What I set for a friend.", nullptr, kContactPalRules},
    {Method::kPost, "/api/chat/setblackgoodfriend/:id", Auth::kUser,  1_MiB,  &toggle_black_friend, "Blacklist a friend, or take that back.", nullptr, kContactFriendRules},
    {Method::kPost, "/api/chat/setstargoodfriend/:id", Auth::kUser,   1_MiB,  &toggle_star_friend, "Star a friend, or take that back.", nullptr, kContactFriendRules},
    {Method::kPost, "/api/chat/setmeOrfriendCanSee/:id", Auth::kUser, 1_MiB,  &set_friend_visibility, "Who of the two sees whose posts.", nullptr, kContactVisibilityRules},
    {Method::kPost, "/api/chat/deletegoodfriend/:id", Auth::kVisitor, 1_MiB,  &delete_friend,    "End a friendship for both.", nullptr, kContactPalRules},
    // §5 groups
    {Method::kPost, "/api/chat/group/create",         Auth::kUser,    1_MiB,  &create_group,     "Make a group with some of my friends.", nullptr, kGroupUserIdsRules},
    {Method::kGet,  "/api/chat/grouplist/:page",      Auth::kVisitor, 1_MiB,  &list_groups,      "The groups I am in, newest first.", nullptr, kGroupPageRules},
    {Method::kGet,  "/api/chat/groupinfo/:id",        Auth::kVisitor, 1_MiB,  &group_info,       "A group and its members; outsiders get their ids only.", nullptr, kGroupIdRules},
    {Method::kPost, "/api/chat/groupUpdateName",      Auth::kUser,    1_MiB,  &rename_group,     "Rename my group.", nullptr, kGroupNameRules},
    {Method::kPost, "/api/chat/groupremark",          Auth::kUser,    1_MiB,  &set_group_remark, "Set the notice of my group.", nullptr, kGroupRemarkRules},
    {Method::kPost, "/api/chat/groupnickname",        Auth::kVisitor, 1_MiB,  &set_group_nickname, "Set my own name in a group.", nullptr, kGroupNicknameRules},
    {Method::kPost, "/api/chat/groupDeleteOrQuit",    Auth::kVisitor, 1_MiB,  &leave_group,      "Leave a group; its owner dissolves it.", nullptr, kGroupIdRules},
    {Method::kPost, "/api/chat/groupDeleteUser",      Auth::kUser,    1_MiB,  &remove_group_member, "Take somebody out of my group.", nullptr, kGroupMemberRules},
    {Method::kPost, "/api/chat/groupInviteUser",      Auth::kVisitor, 1_MiB,  &invite_to_group,  "Join a group, or bring a friend into it.", nullptr, kGroupInvitationRules},
    {Method::kPost, "/api/chat/groupAddUserSet",      Auth::kUser,    1_MiB,  &set_group_policy, "Set who may join my group.", nullptr, kGroupPolicyRules},
    {Method::kPost, "/api/chat/groupAgreeOrNo",       Auth::kUser,    1_MiB,  &judge_applicant,  "Let somebody who waits into my group, or not.", nullptr, kGroupVerdictRules},
    // §6 messages
    {Method::kPost, "/api/chat/socket/sendmessage",   Auth::kVisitor, 1_MiB,  &send_message,     "Send a message to somebody or to a group. client_msg_id is additive: with the same one a retry gives the first message again.", nullptr, kMessageRules},
    {Method::kPost, "/api/chat/chatGetmessageOffLine", Auth::kVisitor, 1_MiB, &deliver_missed,   "What I have missed, over my WebSocket."},
    {Method::kPost, "/api/chat/revokeMessage",        Auth::kVisitor, 1_MiB,  &recall_message,   "Take back a message of my own, for five minutes.", nullptr, kMessageRecallRules},
    // §8 QR codes
    {Method::kGet,  "/api/chat/groupQrcode/:id",      Auth::kVisitor, 1_MiB,  &qr_code,          "QR code of a group or a person, as PNG.", nullptr, kQrCodeRules},
    // §7 uploads
    {Method::kPost, "/api/chat/uploadStreamSingleToServerDiy/:diydir", Auth::kVisitor, 0, &store_file_upload, "Upload one file into a folder; a_b is a/b.", &open_file_upload},
    {Method::kPost, "/api/chat/uploadAliyun",         Auth::kVisitor, 0,      &store_picture_upload, "Upload the file of the field img.", &open_picture_upload},
    {Method::kPost, "/api/chat/getVideoScreenshot",   Auth::kVisitor, 1_MiB,  &make_video_cover, "A picture out of an uploaded film."},
    {Method::kPost, "/api/chat/upload/begin",         Auth::kUser,    1_MiB,  &begin_resumable,  "Begin a large upload that comes in pieces. (additive)", nullptr, kMediaResumableRules},
    {Method::kGet,  "/api/chat/upload/:id",           Auth::kUser,    1_MiB,  &resumable_offset, "How much of a large upload is there. (additive)", nullptr, kMediaIdRules},
    {Method::kPost, "/api/chat/upload/:id",           Auth::kUser,    0,      &store_resumable_piece, "The next piece of a large upload, as the plain body. (additive)", &open_resumable_piece},
    {Method::kPost, "/api/chat/upload/:id/finish",    Auth::kUser,    1_MiB,  &finish_resumable, "Publish a large upload. (additive)", nullptr, kMediaIdRules},
    // §9 settings
    {Method::kPost, "/api/chat/userset",              Auth::kVisitor, 1_MiB,  &set_userset,      "Replace my settings document.", nullptr, kProfileUsersetRules},
    // §10 questions and answers
    {Method::kPost, "/api/chat/askanswer/create",     Auth::kUser,    1_MiB,  &create_ask,       "Add a question and its answer, or give it a new answer.", nullptr, kAskEntryRules},
    {Method::kPost, "/api/chat/askanswer/update",     Auth::kUser,    1_MiB,  &update_ask,       "Change one of my questions.", nullptr, kAskEntryRules},
    {Method::kPost, "/api/chat/askanswer/delete",     Auth::kUser,    1_MiB,  &delete_ask,       "Delete one of my questions.", nullptr, kAskOwnerRules},
    {Method::kPost, "/api/chat/askanswer/list",       Auth::kUser,    1_MiB,  &list_asks,        "My questions and answers, newest first.", nullptr, kAskListRules},
    {Method::kPost, "/api/chat/askanswer/detail",     Auth::kUser,    1_MiB,  &show_ask,         "One of my questions.", nullptr, kAskOwnerRules},
    {Method::kPost, "/api/chat/askanswer/search",     Auth::kUser,    1_MiB,  &search_ask,       "What somebody has answered to a question like this.", nullptr, kAskSearchRules},
    // §11 complaints
    {Method::kPost, "/api/chat/complaint/create",     Auth::kUser,    1_MiB,  &create_complaint, "Complain about a user or a group.", nullptr, kComplaintDraftRules},
    {Method::kGet,  "/api/chat/complaint/list",       Auth::kUser,    1_MiB,  &list_complaints,  "My complaints, newest first."},
    {Method::kGet,  "/api/chat/complaint/detail/:id", Auth::kUser,    1_MiB,  &show_complaint,   "One of my complaints.", nullptr, kComplaintIdRules},
    {Method::kPost, "/api/chat/complaint/update/:id", Auth::kUser,    1_MiB,  &update_complaint, "Change text and pictures until somebody handles it.", nullptr, kComplaintEditRules},
    {Method::kPost, "/api/chat/complaint/delete/:id", Auth::kUser,    1_MiB,  &delete_complaint, "Take a complaint back.", nullptr, kComplaintIdRules},
};
// clang-format on

}  // namespace

std::span<const Route> chat_routes() {
  return kRoutes;
}

}  // namespace qn::api
