#include "console/admin_routes.h"

#include "base/bytes.h"
#include "console/pages/handlers.h"

namespace qn::console {
namespace {

constexpr auto kGet = net::Method::kGet;
constexpr auto kPost = net::Method::kPost;
constexpr auto kPublic = Access::kPublic;
constexpr auto kManager = Access::kManager;
constexpr auto kMenu = Access::kMenu;

constexpr AdminRoute kRoutes[] = {
    // Entrance (admin-pages.md §3)
    {kGet, "/admin/login", kPublic, 0, login_page, "Login page"},
    {kPost, "/admin/loginevent", kPublic, 16_KiB, login, "Log in", login_page},
    {kGet, "/admin/logout", kPublic, 0, logout, "Log out"},
    {kGet, "/admin/setup", kPublic, 0, setup_page, "First-run page behind the one-time link"},
    {kPost, "/admin/setup", kPublic, 16_KiB, set_up, "Create the first administrator", setup_page},
    {kPost, "/admin/createSuperManager", kPublic, 16_KiB, create_super_manager,
     "The reference's first run: refused without the one-time link"},
    {kGet, "/admin/preferences", kPublic, 0, preferences, "Language and theme, then back"},

    // Home
    {kGet, "/admin", kMenu, 0, home, "Figures and plots"},
    {kGet, "/", kManager, 0, start, "To the console"},
    {kGet, "/admin/start", kManager, 0, start, "Where to go after the login"},

    // Chat users (§1)
    {kGet, "/admin/chatuser", kMenu, 0, list_users, "List, search and filter"},
    {kGet, "/admin/chatuser/index", kMenu, 0, list_users, "The same list"},
    {kGet, "/admin/chatuser/create", kMenu, 0, create_user_form, "Form of a new user"},
    {kPost, "/admin/chatuser/save", kMenu, 64_KiB, create_user, "Create a user", create_user_form},
    {kGet, "/admin/chatuser/edit/:id", kMenu, 0, edit_user_form, "Form of an existing user"},
    {kPost, "/admin/chatuser/update/:id", kMenu, 64_KiB, update_user, "Save an edit",
     edit_user_form},
    {kGet, "/admin/chatuser/delete/:id", kMenu, 0, ask_delete_user, "Ask before deleting"},
    {kPost, "/admin/chatuser/delete/:id", kMenu, 16_KiB, delete_user, "Delete a user"},
    {kGet, "/admin/chatuser/show/:id", kMenu, 0, show_user, "Profile and devices"},
    {kGet, "/admin/chatuser/resetpassword/:id", kMenu, 0, ask_reset_password,
     "Ask before a new password"},
    {kPost, "/admin/chatuser/resetpassword/:id", kMenu, 16_KiB, reset_password,
     "Give a user a new random password"},
    {kGet, "/admin/chatuser/signout/:id/:session", kMenu, 0, ask_sign_out,
     "Ask before a device is signed out"},
    {kPost, "/admin/chatuser/signout/:id/:session", kMenu, 16_KiB, sign_out,
     "Sign one device of a user out"},
    {kGet, "/admin/chatuser/mute/:id", kMenu, 0, mute_user_form, "Form of a user's muting"},
    {kPost, "/admin/chatuser/mute/:id", kMenu, 16_KiB, mute_user, "Mute a user", mute_user_form},
    {kGet, "/admin/chatuser/unmute/:id", kMenu, 0, ask_unmute_user, "Ask before it is lifted"},
    {kPost, "/admin/chatuser/unmute/:id", kMenu, 16_KiB, unmute_user, "Let a user speak again"},
    {kPost, "/admin/chatuser/bulk", kMenu, 64_KiB, change_users,
     "Enable, disable or delete several users"},
    {kGet, "/admin/chatuser/export", kMenu, 0, export_users, "The filtered list as CSV"},

    // Groups
    {kGet, "/admin/chatgroup", kMenu, 0, list_groups, "Groups"},
    {kGet, "/admin/chatgroup/index", kMenu, 0, list_groups, "The same list"},
    {kGet, "/admin/chatgroup/show/:id", kMenu, 0, show_group, "One group"},
    {kGet, "/admin/chatgroup/members/:id", kMenu, 0, list_group_members, "Its members"},
    {kGet, "/admin/chatgroup/remark/:id", kMenu, 0, group_remark_form, "Form of its notice"},
    {kPost, "/admin/chatgroup/remark/:id", kMenu, 16_KiB, set_group_remark, "Set the notice",
     group_remark_form},
    {kGet, "/admin/chatgroup/dissolve/:id", kMenu, 0, ask_dissolve_group, "Ask before dissolving"},
    {kPost, "/admin/chatgroup/dissolve/:id", kMenu, 16_KiB, dissolve_group, "Dissolve a group"},

    {kGet, "/admin/chatgroup/mute/:id/:user", kMenu, 0, mute_member_form,
     "Form of a member's muting"},
    {kPost, "/admin/chatgroup/mute/:id/:user", kMenu, 16_KiB, mute_member,
     "Mute a member in its group", mute_member_form},
    {kGet, "/admin/chatgroup/unmute/:id/:user", kMenu, 0, ask_unmute_member,
     "Ask before it is lifted"},
    {kPost, "/admin/chatgroup/unmute/:id/:user", kMenu, 16_KiB, unmute_member,
     "Let a member speak again"},

    // Messages; what they say needs the right /admin/messagecontent as well
    {kGet, "/admin/message", kMenu, 0, list_messages, "Messages"},
    {kGet, "/admin/message/index", kMenu, 0, list_messages, "The same list"},
    {kGet, "/admin/message/show/:id", kMenu, 0, show_message, "One message and those around it"},

    // Who is connected
    {kGet, "/admin/online", kMenu, 0, list_online, "Open connections"},
    {kGet, "/admin/online/index", kMenu, 0, list_online, "The same list"},
    {kGet, "/admin/online/disconnect/:id/:socket", kMenu, 0, ask_disconnect,
     "Ask before a connection is cut"},
    {kPost, "/admin/online/disconnect/:id/:socket", kMenu, 16_KiB, disconnect,
     "Cut one connection of a user"},

    // The status buttons (§2.6); the model decides who may
    {kPost, "/admin/commonUpdateById", kManager, 16_KiB, update_by_id,
     "Enable or disable a user or manager"},

    // Managers (§3.5)
    {kGet, "/admin/manager", kMenu, 0, list_managers, "Managers"},
    {kGet, "/admin/manager/index", kMenu, 0, list_managers, "The same list"},
    {kGet, "/admin/manager/create", kMenu, 0, create_manager_form, "Form of a new manager"},
    {kPost, "/admin/manager/save", kMenu, 64_KiB, create_manager, "Create a manager",
     create_manager_form},
    {kGet, "/admin/manager/edit/:id", kMenu, 0, edit_manager_form, "Form of an existing manager"},
    {kPost, "/admin/manager/update/:id", kMenu, 64_KiB, update_manager, "Save an edit",
     edit_manager_form},
    {kGet, "/admin/manager/delete/:id", kMenu, 0, ask_delete_manager, "Ask before deleting"},
    {kPost, "/admin/manager/delete/:id", kMenu, 16_KiB, delete_manager, "Delete a manager"},
    {kGet, "/admin/profile", kManager, 0, profile_form, "Own name, password and picture"},
    {kPost, "/admin/profile/update", kManager, 64_KiB, update_profile, "Save them", profile_form},

    // Uploads (§4.1); every manager has forms with pictures (defects D-03, D-12)
    {kPost, "/uploadStreamSingleToServer", kManager, kStreamed, store_upload, "Upload a file"},
    {kPost, "/uploadStreamSingleToServerDiy/:diydir", kManager, kStreamed, store_upload,
     "Upload a file into a folder"},

    // Complaints (admin-notes.md §9)
    {kGet, "/admin/complaint", kMenu, 0, list_complaints, "Complaints"},
    {kGet, "/admin/complaint/index", kMenu, 0, list_complaints, "The same list"},
    {kGet, "/admin/complaint/show/:id", kMenu, 0, show_complaint, "One complaint and its evidence"},
    {kGet, "/admin/complaint/edit/:id", kMenu, 0, complaint_form, "Form of status and reply"},
    {kPost, "/admin/complaint/update/:id", kMenu, 64_KiB, update_complaint, "Save them",
     complaint_form},
    // The same for programs; they need the right of the pages, in their own words (defect D-44)
    {kGet, "/admin/chat/complaint/listAll", kManager, 0, complaint_json_list, "Complaints as JSON"},
    {kPost, "/admin/chat/complaint/status/:id", kManager, 64_KiB, set_complaint_status,
     "Set status and reply"},

    // Audit log
    {kGet, "/admin/audit", kMenu, 0, list_audit, "What operators did"},
    {kGet, "/admin/audit/index", kMenu, 0, list_audit, "The same list"},
};

}  // namespace

std::span<const AdminRoute> admin_routes() {
  return kRoutes;
}

}  // namespace qn::console
