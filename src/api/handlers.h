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

// upload_handlers.cc
OpenTask open_file_upload(ChatApi& api, ApiRequest& request);
ApiTask store_file_upload(ChatApi& api, ApiRequest& request);
OpenTask open_picture_upload(ChatApi& api, ApiRequest& request);
ApiTask store_picture_upload(ChatApi& api, ApiRequest& request);

}  // namespace qn::api
