#pragma once

#include "api/chat_api.h"
#include "chat/accounts.h"

namespace qn::api {

// What every route that starts a session answers: the user row and the token
// (chat-http-api.md §1.2).
net::HttpReply login_reply(const ChatApi& api, const chat::LoginResult& result);

}  // namespace qn::api
