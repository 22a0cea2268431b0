#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "chat/qr_codes.h"

namespace qn::api {
namespace {}  // namespace

ApiTask qr_code(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kQrCodeRules));
  chat::QrRequest wanted{.id = in.integer("id"),
                         .is_page = in.text("type") == "H5",
                         .page = in.text("http"),
                         .is_group = in.text("chatType") == "group"};
  CO_TRY(auto png,
         co_await api.services.qr_codes.draw(request.caller, std::move(wanted), request.by));
  net::HttpReply reply;
  reply.content_type = "image/png";
  reply.body = std::move(png);
  // Whoever may not see the group any more must not get it from a shared cache.
  reply.headers.emplace_back("Cache-Control", "private, max-age=60");
  co_return reply;
}

}  // namespace qn::api
