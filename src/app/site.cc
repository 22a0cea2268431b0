#include "app/site.h"

#include <algorithm>

#include "media/avatar_maker.h"
#include "wire/envelope.h"
#include "wire/errors.h"

namespace qn::app {
namespace {

constexpr std::size_t kOtherBodies = 64 * 1024;
constexpr std::string_view kUploads = "/public/uploads/";

net::HttpReply failure(int status, std::string_view route) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = wire::kJsonType;
  reply.body = wire::fail_envelope(wire::text_for_status(status));
  reply.route = route;
  return reply;
}

bool is_read(const net::HttpRequest& request) {
  return request.method == net::Method::kGet || request.method == net::Method::kHead;
}

// Where no small version of a picture has been made, or not yet.
net::HttpReply to_original(std::string_view path) {
  path.remove_suffix(media::kAvatarSuffix.size());
  net::HttpReply reply;
  reply.status = 302;
  reply.route = "/public";
  reply.headers.emplace_back("Location", path);
  reply.headers.emplace_back("Cache-Control", "no-cache");
  return reply;
}

bool is_page_request(const net::HttpRequest& request) {
  const auto path = request.path();
  return is_read(request) && path != "/ws" && !path.starts_with("/public/");
}

}  // namespace

std::optional<std::size_t> Site::body_limit(const net::HttpRequest& head) {
  if (api::ChatApi::owns(head.path())) {
    const auto limit = api_.body_limit(head);
    return limit ? std::optional(std::min(max_body_, *limit)) : std::nullopt;
  }
  return console::Console::owns(head.path()) ? console_.body_limit(head) : kOtherBodies;
}

Task<net::BodyPlan> Site::open_body(const net::HttpRequest& head) {
  const bool is_api = api::ChatApi::owns(head.path());
  net::BodyPlan plan;
  if (is_api) {
    plan = co_await api_.open_body(head);
  } else {
    plan = co_await console_.open_body(head);
  }
  if (plan.refusal) add_cors(*plan.refusal, allowed_origin(head));
  co_return plan;
}

Task<net::HttpReply> Site::handle(net::HttpRequest request) {
  std::string origin = allowed_origin(request);
  net::HttpReply reply;
  if (Cors::is_preflight(request)) {
    reply = cors_.preflight(request);
  } else {
    reply = co_await answer(std::move(request));
  }
  add_cors(reply, std::move(origin));
  co_return reply;
}

std::string Site::allowed_origin(const net::HttpRequest& request) const {
  const bool is_plain_options =
      request.method == net::Method::kOptions && !Cors::is_preflight(request);
  // The console is for its own pages only.
  const bool is_closed = is_plain_options || console::Console::owns(request.path());
  return is_closed ? std::string() : cors_.allowed(request);
}

void Site::add_cors(net::HttpReply& reply, std::string origin) {
  if (!origin.empty()) {
    reply.headers.emplace_back("Access-Control-Allow-Origin", std::move(origin));
  }
  reply.headers.emplace_back("Vary", "Origin");
}

Task<net::HttpReply> Site::answer(net::HttpRequest request) {
  if (request.is_upgrade()) co_return answer_upgrade(request);
  if (auto reply = docs_.handle(request)) co_return std::move(*reply);
  if (api::ChatApi::owns(request.path())) co_return co_await api_.handle(std::move(request));
  if (console::Console::owns(request.path())) {
    co_return co_await console_.handle(std::move(request));
  }
  if (auto reply = ops_.handle(request)) co_return std::move(*reply);
  if (request.path().starts_with("/public/")) {
    co_return co_await serve_file(request);
  }
  // As in the reference, the console answers for every other page.
  if (is_page_request(request)) co_return co_await console_.handle(std::move(request));
  co_return failure(404, "none");
}

// As the reference: a bare 404 for everything else.
net::HttpReply Site::answer_upgrade(const net::HttpRequest& request) {
  if (request.path() == "/ws" || request.path() == "/ws/") return gateway_.upgrade(request);
  net::HttpReply reply;
  reply.status = 404;
  return reply;
}

Task<net::HttpReply> Site::serve_file(const net::HttpRequest& request) {
  const bool is_upload = request.path().starts_with(kUploads);
  auto file = co_await (is_upload ? files_.uploads : files_.others).serve(request);
  if (file) co_return std::move(*file);
  if (is_upload && is_read(request) && request.path().ends_with(media::kAvatarSuffix)) {
    co_return to_original(request.path());
  }
  co_return failure(404, "/public");
}

net::HttpReply Site::transport_error(int status) {
  return failure(status, "transport");
}

}  // namespace qn::app
