#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/route.h"
#include "base/deadline.h"
#include "chat/accounts.h"
#include "chat/ask_answers.h"
#include "chat/caller.h"
#include "chat/complaints.h"
#include "chat/contacts.h"
#include "chat/friend_requests.h"
#include "chat/groups.h"
#include "chat/online.h"
#include "chat/profiles.h"
#include "chat/qr_codes.h"
#include "chat/recall.h"
#include "chat/resumable_uploads.h"
#include "chat/send_message.h"
#include "chat/sessions.h"
#include "chat/uploads.h"
#include "chat/video_covers.h"
#include "chat/visitors.h"
#include "net/http.h"
#include "net/router.h"
#include "wire/body.h"
#include "wire/json.h"
#include "wire/validate.h"

namespace qn::api {

// One request on its way through a handler: parsed, authenticated, with a
// deadline.
struct ApiRequest {
  const net::HttpRequest& http;
  std::vector<std::pair<std::string, std::string>> path;
  std::vector<std::pair<std::string, std::string>> query;
  wire::Body body;
  chat::Caller caller;  // set on routes with Auth::kUser or kVisitor
  Deadline by;
  net::BodySink* sink = nullptr;  // on routes that stream, which have no body and no caller

  // The declared fields, or the first rule that is broken.
  Result<wire::Values> validate(std::span<const wire::Rule> rules) const;
  chat::Origin origin() const;
};

struct ApiOptions {
  std::chrono::minutes utc_offset{8 * 60};  // of `create_time` on the wire
};

// The chat HTTP API: routes, authentication, envelopes. Knows no rule and no
// SQL. Owned by app/; any loop.
class ChatApi {
 public:
  struct Services {
    chat::SessionService& sessions;
    chat::AccountService& accounts;
    chat::VisitorService& visitors;
    chat::ProfileService& profiles;
    chat::ContactService& contacts;
    chat::FriendRequestService& friend_requests;
    chat::GroupService& groups;
    chat::QrCodes& qr_codes;
    chat::UploadService& uploads;
    chat::ResumableUploads& resumables;
    chat::VideoCovers& covers;
    chat::AskAnswers& ask_answers;
    chat::Complaints& complaints;
    chat::SendMessage& send_message;
    chat::Recall& recall;
    chat::Online& online;
  };

  ChatApi(Services services, ApiOptions options);

  // Whether this surface answers for the path: /api and everything below.
  static bool owns(std::string_view path);

  // As HttpService has them.
  std::optional<std::size_t> body_limit(const net::HttpRequest& head) const;
  Task<net::BodyPlan> open_body(const net::HttpRequest& head);
  Task<net::HttpReply> handle(net::HttpRequest request);

  // For handlers.
  const Services services;
  const ApiOptions options;

 private:
  ApiRequest begin(const net::HttpRequest& http, const Route*& route) const;
  Task<Result<net::HttpReply>> dispatch(const net::HttpRequest& http, const Route*& route);
  // Who may stream, and into what.
  Task<Result<std::unique_ptr<net::BodySink>>> open(ApiRequest& request, const Route& route);
  Task<Result<net::HttpReply>> finish_stream(ApiRequest& request, const Route& route);
  Task<Result<void>> authenticate(ApiRequest& request, const Route* route);

  net::Router<const Route*> router_;
};

// HTTP 200 with {"msg":"ok","data":…}.
net::HttpReply ok(const wire::json::value& data);
net::HttpReply ok_text(std::string_view text);

}  // namespace qn::api
