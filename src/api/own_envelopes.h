#pragma once

#include <string_view>

#include "api/chat_api.h"
#include "base/error.h"
#include "net/http.h"
#include "wire/json.h"

// The two families of routes with envelopes of their own (chat-http-api.md §0.2).
// Both report a failure of the server under a text of the operation, and log it.
namespace qn::api {

// Questions and answers (§10): always HTTP 200, {"code":200,"msg":text}.
net::HttpReply coded(std::string_view text);
// {"code":200,"data":…,"msg":text}
net::HttpReply coded(std::string_view text, const wire::json::value& data);
net::HttpReply coded_match(std::string_view text, const wire::json::value& data, double score);
// `code` 400 for refusals, 404 for what does not exist, else 500 with `broken`.
net::HttpReply coded_fail(const Error& error, std::string_view broken, const ApiRequest& request);

// Complaints (§11): {"msg":text,"data":…}, HTTP 200.
net::HttpReply worded(std::string_view text, const wire::json::value& data);
// `data` is {}; HTTP 400 for refusals, else the status of the error with `broken`.
net::HttpReply worded_fail(const Error& error, std::string_view broken, const ApiRequest& request);

}  // namespace qn::api
