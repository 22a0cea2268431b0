#include "api/chat_routes.h"

#include "api/handlers.h"
#include "base/bytes.h"

namespace qn::api {
namespace {

using net::Method;

// clang-format off
constexpr Route kRoutes[] = {
    // §1 accounts
    {Method::kPost, "/api/regChat",                   Auth::kNone,    1_MiB,  &register_user,    "Register an account; answers like a login."},
    {Method::kPost, "/api/loginChat",                 Auth::kNone,    1_MiB,  &login,            "Exchange name and password for a token."},
    {Method::kPost, "/api/chat/logout",               Auth::kUser,    1_MiB,  &logout,           "End this session."},
    {Method::kPost, "/api/chat/setPassword",          Auth::kUser,    1_MiB,  &set_password,     "Change the password; ends all other sessions."},
    {Method::kPost, "/api/chat/updateUserinfo",       Auth::kVisitor, 1_MiB,  &update_userinfo,  "Change nickname, avatar or who may add me."},
    {Method::kGet,  "/api/chat/whoami",               Auth::kVisitor, 1_MiB,  &whoami,           "Check a token: whose it is and until when it holds. (additive)"},
    // §2 visitors
    {Method::kPost, "/api/visitorRegister",           Auth::kSigned,  1_MiB,  &visitor_enter,    "The visitor of this device, made on first sight."},
    {Method::kPost, "/api/visitorregChat",            Auth::kSigned,  1_MiB,  &visitor_register, "Turn the visitor of this device into an account."},
    {Method::kPost, "/api/visitorloginChat",          Auth::kSigned,  1_MiB,  &visitor_login,    "Log in with an account from a visitor's device."},
    // §3 users
    {Method::kPost, "/api/chat/searchUser",           Auth::kUser,    1_MiB,  &search_user,      "Find registered users by a part of their name."},
    {Method::kGet,  "/api/userinfo/:uuid",            Auth::kNone,    1_MiB,  &public_profile,   "Public profile."},
    {Method::kPost, "/api/chat/getUserSetInfo",       Auth::kVisitor, 1_MiB,  &contact_settings, "How somebody may be added and written to."},
    // §7 uploads
    {Method::kPost, "/api/chat/uploadStreamSingleToServerDiy/:diydir", Auth::kVisitor, 0, &store_file_upload, "Upload one file into a folder; a_b is a/b.", &open_file_upload},
    {Method::kPost, "/api/chat/uploadAliyun",         Auth::kVisitor, 0,      &store_picture_upload, "Upload the file of the field img.", &open_picture_upload},
    // §9 settings
    {Method::kPost, "/api/chat/userset",              Auth::kVisitor, 1_MiB,  &set_userset,      "Replace my settings document."},
};
// clang-format on

}  // namespace

std::span<const Route> chat_routes() {
  return kRoutes;
}

}  // namespace qn::api
