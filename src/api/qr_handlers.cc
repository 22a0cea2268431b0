#include "api/chat_api.h"
#include "api/handlers.h"
#include "chat/qr_codes.h"

namespace qn::api {
namespace {

using wire::Rule;
using wire::Type;

constexpr Rule kCode[] = {
    {.name = "id", .type = Type::kInt, .required = true, .min = 1, .desc = "群id或者个人id"},
    {.name = "type", .fallback = "", .desc = "平台类型"},
    {.name = "http", .fallback = "", .desc = "网址域名"},
    {.name = "chatType", .fallback = "group", .desc = "聊天类型"},
};

}  // namespace

ApiTask qr_code(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kCode));
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
