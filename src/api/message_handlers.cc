#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "chat/online.h"
#include "chat/recall.h"
#include "chat/send_message.h"
#include "wire/envelope.h"

namespace qn::api {
namespace {

// Message objects are JSON already.
net::HttpReply ok_message(const std::string& message) {
  net::HttpReply reply;
  reply.content_type = wire::kJsonType;
  reply.body = wire::ok_envelope_raw(message);
  return reply;
}

}  // namespace

ApiTask send_message(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMessageRules));
  const bool to_group = in.text("chatType") == "group";
  chat::Outgoing outgoing{
      .chat_type = to_group ? model::ChatType::kGroup : model::ChatType::kSingle,
      .to = in.integer("sendto_id"),
      .type = in.text("type"),
      .data = in.text("data"),
      .options = in.text("options"),
      .client_msg_id = in.text("client_msg_id")};
  CO_TRY(const auto message,
         co_await api.services.send_message.send(request.caller, std::move(outgoing), request.by));
  co_return ok_message(message);
}

ApiTask deliver_missed(ChatApi& api, ApiRequest& request) {
  api.services.online.deliver_missed(request.caller.user, request.caller.session);
  co_return ok_text("ok");
}

ApiTask recall_message(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMessageRecallRules));
  CO_TRY(const auto message,
         co_await api.services.recall.recall(request.caller, in.text("id"), request.by));
  co_return ok_message(message);
}

}  // namespace qn::api
