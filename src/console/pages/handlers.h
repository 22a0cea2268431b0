#pragma once

#include "console/admin_request.h"
#include "console/answer.h"
#include "console/console.h"

// The handlers of the console, one per route, by the file that has them.
namespace qn::console {

// entrance.cc
AnswerTask login_page(Console& console, AdminRequest& request);
AnswerTask login(Console& console, AdminRequest& request);
AnswerTask logout(Console& console, AdminRequest& request);
AnswerTask setup_page(Console& console, AdminRequest& request);
AnswerTask set_up(Console& console, AdminRequest& request);
AnswerTask create_super_manager(Console& console, AdminRequest& request);

// home.cc
AnswerTask home(Console& console, AdminRequest& request);
AnswerTask start(Console& console, AdminRequest& request);
AnswerTask preferences(Console& console, AdminRequest& request);

// chat_users.cc
AnswerTask list_users(Console& console, AdminRequest& request);
AnswerTask create_user_form(Console& console, AdminRequest& request);
AnswerTask create_user(Console& console, AdminRequest& request);
AnswerTask edit_user_form(Console& console, AdminRequest& request);
AnswerTask update_user(Console& console, AdminRequest& request);
AnswerTask ask_delete_user(Console& console, AdminRequest& request);
AnswerTask delete_user(Console& console, AdminRequest& request);

// chat_user_detail.cc
AnswerTask show_user(Console& console, AdminRequest& request);
AnswerTask ask_reset_password(Console& console, AdminRequest& request);
AnswerTask reset_password(Console& console, AdminRequest& request);
AnswerTask ask_sign_out(Console& console, AdminRequest& request);
AnswerTask sign_out(Console& console, AdminRequest& request);

// chat_user_bulk.cc
AnswerTask change_users(Console& console, AdminRequest& request);
AnswerTask export_users(Console& console, AdminRequest& request);

// chat_groups.cc
AnswerTask list_groups(Console& console, AdminRequest& request);
AnswerTask show_group(Console& console, AdminRequest& request);
AnswerTask list_group_members(Console& console, AdminRequest& request);
AnswerTask group_remark_form(Console& console, AdminRequest& request);
AnswerTask set_group_remark(Console& console, AdminRequest& request);
AnswerTask ask_dissolve_group(Console& console, AdminRequest& request);
AnswerTask dissolve_group(Console& console, AdminRequest& request);

// messages.cc
AnswerTask list_messages(Console& console, AdminRequest& request);
AnswerTask show_message(Console& console, AdminRequest& request);

// online_users.cc
AnswerTask list_online(Console& console, AdminRequest& request);
AnswerTask ask_disconnect(Console& console, AdminRequest& request);
AnswerTask disconnect(Console& console, AdminRequest& request);

// mutes.cc
AnswerTask mute_user_form(Console& console, AdminRequest& request);
AnswerTask mute_user(Console& console, AdminRequest& request);
AnswerTask ask_unmute_user(Console& console, AdminRequest& request);
AnswerTask unmute_user(Console& console, AdminRequest& request);
AnswerTask mute_member_form(Console& console, AdminRequest& request);
AnswerTask mute_member(Console& console, AdminRequest& request);
AnswerTask ask_unmute_member(Console& console, AdminRequest& request);
AnswerTask unmute_member(Console& console, AdminRequest& request);

// status.cc
AnswerTask update_by_id(Console& console, AdminRequest& request);

// managers.cc
AnswerTask list_managers(Console& console, AdminRequest& request);
AnswerTask create_manager_form(Console& console, AdminRequest& request);
AnswerTask create_manager(Console& console, AdminRequest& request);
AnswerTask edit_manager_form(Console& console, AdminRequest& request);
AnswerTask update_manager(Console& console, AdminRequest& request);
AnswerTask ask_delete_manager(Console& console, AdminRequest& request);
AnswerTask delete_manager(Console& console, AdminRequest& request);
AnswerTask profile_form(Console& console, AdminRequest& request);
AnswerTask update_profile(Console& console, AdminRequest& request);

// uploads.cc
// Before the body: where it goes, or why it may not come.
Task<Result<net::BodyPlan>> open_upload(Console& console, AdminRequest& request);
AnswerTask store_upload(Console& console, AdminRequest& request);

// complaints.cc
AnswerTask list_complaints(Console& console, AdminRequest& request);
AnswerTask show_complaint(Console& console, AdminRequest& request);
AnswerTask complaint_form(Console& console, AdminRequest& request);
AnswerTask update_complaint(Console& console, AdminRequest& request);
AnswerTask complaint_json_list(Console& console, AdminRequest& request);
AnswerTask set_complaint_status(Console& console, AdminRequest& request);

// audit.cc
AnswerTask list_audit(Console& console, AdminRequest& request);

}  // namespace qn::console
