#include "app/site.h"

#include <algorithm>

#include "wire/envelope.h"
#include "wire/errors.h"

namespace qn::app {
namespace {

constexpr std::size_t kOtherBodies = 64 * 1024;

net::HttpReply failure(int status, std::string_view route) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = wire::kJsonType;
  reply.body = wire::fail_envelope(wire::text_for_status(status));
  reply.route = route;
  return reply;
}

bool is_page_request(const net::HttpRequest& request) {
  const auto path = request.path();
  const bool reads = request.method == net::Method::kGet || request.method == net::Method::kHead;
  return reads && path != "/ws" && !path.starts_with("/public/");
}

}  // namespace

std::size_t Site::body_limit(const net::HttpRequest& head) {
  if (api::ChatApi::owns(head.path())) return std::min(max_body_, api_.body_limit(head));
  return kOtherBodies;
}

Task<net::HttpReply> Site::handle(net::HttpRequest request) {
  const bool preflight = Cors::is_preflight(request);
  const bool plain_options = request.method == net::Method::kOptions && !preflight;
  std::string origin = plain_options ? std::string() : cors_.allowed(request);
  net::HttpReply reply;
  if (preflight) {
    reply = cors_.preflight(request);
  } else {
    reply = co_await answer(std::move(request));
  }
  if (!origin.empty()) {
    reply.headers.emplace_back("Access-Control-Allow-Origin", std::move(origin));
  }
  reply.headers.emplace_back("Vary", "Origin");
  co_return reply;
}

Task<net::HttpReply> Site::answer(net::HttpRequest request) {
  if (api::ChatApi::owns(request.path())) co_return co_await api_.handle(std::move(request));
  if (console::Console::owns(request.path())) {
    co_return co_await console_.handle(std::move(request));
  }
  if (auto reply = ops_.handle(request)) co_return std::move(*reply);
  if (request.path().starts_with("/public/")) {
    auto file = co_await uploads_.serve(request);
    if (file) co_return std::move(*file);
    co_return failure(404, "/public");
  }
  co_return is_page_request(request) ? console::to_login() : failure(404, "none");
}

net::HttpReply Site::transport_error(int status) {
  return failure(status, "transport");
}

}  // namespace qn::app
