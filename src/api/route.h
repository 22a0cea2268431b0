#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "net/http.h"
#include "wire/validate.h"

namespace qn::api {

class ChatApi;
struct ApiRequest;

// Who may call a route. The contract puts everything at or below /api/chat
// behind a token (chat-http-api.md §0.5).
enum class Auth {
  kNone,     // anybody
  kSigned,   // anybody with a signed device (§2.1); the service checks it
  kUser,     // a token; visitors are refused
  kVisitor,  // a token; visitors too: the whitelist of §0.5
};

// A handler turns the request's bytes into one service call and its result into
// a reply. Errors go back as they are; the dispatcher gives them their envelope.
using Handler = Task<Result<net::HttpReply>> (*)(ChatApi& api, ApiRequest& request);

// Of a route that streams: makes the sink before the body is read. The handler
// then finds it in the request.
using Opener = Task<Result<std::unique_ptr<net::BodySink>>> (*)(ChatApi& api, ApiRequest& request);

// One row of the table that is the whole API.
struct Route {
  net::Method method;
  std::string_view pattern;  // ":name" is a parameter
  Auth auth;
  std::size_t body_limit;
  Handler handler;
  std::string_view doc;
  Opener open = nullptr;                   // streams the body; `body_limit` does not apply
  std::span<const wire::Rule> rules = {};  // of its parameters, for the API document
};

}  // namespace qn::api
