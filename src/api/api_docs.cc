#include "api/api_docs.h"

#include "api/chat_routes.h"
#include "api/openapi.h"
#include "wire/envelope.h"

namespace qn::api {
namespace {

net::HttpReply document(std::string_view route, std::string_view type, std::string_view body) {
  net::HttpReply reply;
  reply.content_type = type;
  reply.body = body;
  reply.route = route;
  reply.headers.emplace_back("Cache-Control", "no-cache");
  return reply;
}

}  // namespace

ApiDocs::ApiDocs(std::string_view version)
    : document_(openapi_document(chat_routes(), version)),
      page_(docs_page(chat_routes(), version)) {}

std::optional<net::HttpReply> ApiDocs::handle(const net::HttpRequest& request) const {
  if (request.method != net::Method::kGet && request.method != net::Method::kHead) return {};
  const auto path = request.path();
  if (path == "/api/openapi.json") {
    return document("/api/openapi.json", wire::kJsonType, document_);
  }
  if (path == "/docs/style.css") {
    return document("/docs/style.css", "text/css; charset=utf-8", docs_stylesheet());
  }
  if (path != "/docs" && path != "/docs/") return {};
  auto reply = document("/docs", "text/html; charset=utf-8", page_);
  reply.headers.emplace_back("Content-Security-Policy",
                             "default-src 'none'; style-src 'self'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'");
  return reply;
}

}  // namespace qn::api
