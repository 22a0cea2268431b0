#pragma once

#include "api/route.h"

// Every handler of the API, named for its route and grouped by the file it is in.
namespace qn::api {

using ApiTask = Task<Result<net::HttpReply>>;
using OpenTask = Task<Result<std::unique_ptr<net::BodySink>>>;

// account_handlers.cc
ApiTask register_user(ChatApi& api, ApiRequest& request);
ApiTask login(ChatApi& api, ApiRequest& request);
ApiTask logout(ChatApi& api, ApiRequest& request);
ApiTask set_password(ChatApi& api, ApiRequest& request);
ApiTask whoami(ChatApi& api, ApiRequest& request);

// visitor_handlers.cc
ApiTask visitor_enter(ChatApi& api, ApiRequest& request);
ApiTask visitor_register(ChatApi& api, ApiRequest& request);
ApiTask visitor_login(ChatApi& api, ApiRequest& request);

// profile_handlers.cc
ApiTask update_userinfo(ChatApi& api, ApiRequest& request);
ApiTask search_user(ChatApi& api, ApiRequest& request);
ApiTask public_profile(ChatApi& api, ApiRequest& request);
ApiTask contact_settings(ChatApi& api, ApiRequest& request);
ApiTask set_userset(ChatApi& api, ApiRequest& request);

// contact_handlers.cc
ApiTask apply_friend(ChatApi& api, ApiRequest& request);
ApiTask list_applies(ChatApi& api, ApiRequest& request);
ApiTask find_apply(ChatApi& api, ApiRequest& request);
ApiTask handle_apply(ChatApi& api, ApiRequest& request);
ApiTask add_friend_at_once(ChatApi& api, ApiRequest& request);
ApiTask list_friends(ChatApi& api, ApiRequest& request);
ApiTask friend_profile(ChatApi& api, ApiRequest& request);
ApiTask is_my_friend(ChatApi& api, ApiRequest& request);
ApiTask toggle_black_friend(ChatApi& api, ApiRequest& request);
ApiTask toggle_star_friend(ChatApi& api, ApiRequest& request);
ApiTask set_friend_visibility(ChatApi& api, ApiRequest& request);
ApiTask delete_friend(ChatApi& api, ApiRequest& request);

// group_handlers.cc
ApiTask create_group(ChatApi& api, ApiRequest& request);
ApiTask list_groups(ChatApi& api, ApiRequest& request);
ApiTask group_info(ChatApi& api, ApiRequest& request);
ApiTask rename_group(ChatApi& api, ApiRequest& request);
ApiTask set_group_remark(ChatApi& api, ApiRequest& request);
ApiTask set_group_nickname(ChatApi& api, ApiRequest& request);
ApiTask leave_group(ChatApi& api, ApiRequest& request);
ApiTask remove_group_member(ChatApi& api, ApiRequest& request);
ApiTask invite_to_group(ChatApi& api, ApiRequest& request);
ApiTask set_group_policy(ChatApi& api, ApiRequest& request);
ApiTask judge_applicant(ChatApi& api, ApiRequest& request);

// message_handlers.cc
ApiTask send_message(ChatApi& api, ApiRequest& request);
ApiTask deliver_missed(ChatApi& api, ApiRequest& request);
ApiTask recall_message(ChatApi& api, ApiRequest& request);

// qr_handlers.cc
ApiTask qr_code(ChatApi& api, ApiRequest& request);

// upload_handlers.cc
OpenTask open_file_upload(ChatApi& api, ApiRequest& request);
ApiTask store_file_upload(ChatApi& api, ApiRequest& request);
OpenTask open_picture_upload(ChatApi& api, ApiRequest& request);
ApiTask store_picture_upload(ChatApi& api, ApiRequest& request);

// media_handlers.cc
ApiTask make_video_cover(ChatApi& api, ApiRequest& request);
ApiTask begin_resumable(ChatApi& api, ApiRequest& request);
ApiTask resumable_offset(ChatApi& api, ApiRequest& request);
OpenTask open_resumable_piece(ChatApi& api, ApiRequest& request);
ApiTask store_resumable_piece(ChatApi& api, ApiRequest& request);
ApiTask finish_resumable(ChatApi& api, ApiRequest& request);

// askanswer_handlers.cc
ApiTask create_ask(ChatApi& api, ApiRequest& request);
ApiTask update_ask(ChatApi& api, ApiRequest& request);
ApiTask delete_ask(ChatApi& api, ApiRequest& request);
ApiTask list_asks(ChatApi& api, ApiRequest& request);
ApiTask show_ask(ChatApi& api, ApiRequest& request);
ApiTask search_ask(ChatApi& api, ApiRequest& request);

// complaint_handlers.cc
ApiTask create_complaint(ChatApi& api, ApiRequest& request);
ApiTask list_complaints(ChatApi& api, ApiRequest& request);
ApiTask show_complaint(ChatApi& api, ApiRequest& request);
ApiTask update_complaint(ChatApi& api, ApiRequest& request);
ApiTask delete_complaint(ChatApi& api, ApiRequest& request);

}  // namespace qn::api
