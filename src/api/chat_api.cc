#include "api/chat_api.h"

#include <algorithm>

#include "api/chat_routes.h"
#include "base/bytes.h"
#include "base/log.h"
#include "chat/texts.h"
#include "intake/upload_form.h"
#include "wire/envelope.h"
#include "wire/errors.h"

namespace qn::api {
namespace {

constexpr std::size_t kUnroutedLimit = 64_KiB;

bool is_below(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

bool needs_token(std::string_view path) {
  return is_below(path, "/api/chat");
}

// Header, query, body: the first that is not empty (contract §0.5).
std::string find_token(const ApiRequest& request) {
  if (const auto header = request.http.headers.find("token"); !header.empty()) {
    return std::string(header);
  }
  for (const auto& [name, value] : request.query) {
    if (name == "token" && !value.empty()) return value;
  }
  const auto* field = request.body.fields.if_contains("token");
  return field && field->is_string() ? std::string(field->get_string()) : std::string();
}

net::HttpReply fail(const Error& error, const net::HttpRequest& http, std::string_view route) {
  const auto seen = wire::to_wire(error);
  if (seen.status >= 500) {
    log::error("api.error", {{"id", http.id},
                             {"route", route},
                             {"code", to_string(error.code)},
                             {"detail", error.detail}});
  }
  net::HttpReply reply;
  reply.status = seen.status;
  reply.content_type = wire::kJsonType;
  reply.body = wire::fail_envelope(seen.text);
  return reply;
}

}  // namespace

net::HttpReply ok(const wire::json::value& data) {
  net::HttpReply reply;
  reply.content_type = wire::kJsonType;
  reply.body = wire::ok_envelope(data);
  return reply;
}

net::HttpReply ok_text(std::string_view text) {
  return ok(wire::json::string(text));
}

Result<wire::Values> ApiRequest::validate(std::span<const wire::Rule> rules) const {
  wire::Sources sources;
  sources.path = path;
  sources.query = query;
  sources.body = &body.fields;
  sources.query_first = http.method == net::Method::kGet || http.method == net::Method::kHead;
  return wire::validate(rules, sources);
}

chat::Origin ApiRequest::origin() const {
  return {http.address, std::string(http.headers.find("user-agent").substr(0, 200))};
}

ChatApi::ChatApi(Services s, ApiOptions o) : services(s), options(o) {
  for (const Route& route : chat_routes()) router_.add(route.method, route.pattern, &route);
}

bool ChatApi::owns(std::string_view path) {
  return is_below(path, "/api");
}

std::optional<std::size_t> ChatApi::body_limit(const net::HttpRequest& head) const {
  const auto match = router_.match(head.method, head.path());
  if (match.entry == nullptr) return kUnroutedLimit;
  const Route& route = **match.entry;
  return route.open ? std::nullopt : std::optional(route.body_limit);
}

Task<net::BodyPlan> ChatApi::open_body(const net::HttpRequest& head) {
  const Route* route = nullptr;
  ApiRequest request = begin(head, route);
  auto sink = co_await open(request, *route);
  net::BodyPlan plan;
  if (sink.has_value()) {
    plan.limit =
        std::max(intake::upload_limit(services.uploads), chat::ResumableUploads::kMaxPiece);
    plan.sink = std::move(*sink);
  } else {
    plan.refusal = fail(sink.error(), head, route->pattern);
    plan.refusal->route = route->pattern;
  }
  co_return plan;
}

Task<net::HttpReply> ChatApi::handle(net::HttpRequest request) {
  const Route* route = nullptr;
  auto result = co_await dispatch(request, route);
  const std::string_view label = route ? route->pattern : "unrouted";
  auto reply = result.has_value() ? std::move(*result) : fail(result.error(), request, label);
  reply.route = label;
  co_return reply;
}

ApiRequest ChatApi::begin(const net::HttpRequest& http, const Route*& route) const {
  auto match = router_.match(http.method, http.path());
  if (match.entry) route = *match.entry;
  return {http,
          std::move(match.params),
          wire::parse_pairs(http.query()),
          {},
          {},
          Deadline::after(chat::kRequestTime)};
}

Task<Result<net::HttpReply>> ChatApi::dispatch(const net::HttpRequest& http, const Route*& route) {
  ApiRequest request = begin(http, route);
  if (route != nullptr && route->open) co_return co_await finish_stream(request, *route);
  if (!http.body.empty()) {
    CO_TRY(request.body, wire::parse_body(http.headers.find("content-type"), http.body));
  }
  if (needs_token(http.path())) CO_CHECK_OK(co_await authenticate(request, route));
  if (route == nullptr) co_return Error{ErrorCode::kNotFound, {}, {}};
  co_return co_await route->handler(*this, request);
}

Task<Result<std::unique_ptr<net::BodySink>>> ChatApi::open(ApiRequest& request,
                                                           const Route& route) {
  CO_CHECK_OK(co_await authenticate(request, &route));
  co_return co_await route.open(*this, request);
}

// A request without a body has not been opened: it is refused for the same
// reasons, and then for having none.
Task<Result<net::HttpReply>> ChatApi::finish_stream(ApiRequest& request, const Route& route) {
  std::unique_ptr<net::BodySink> empty;
  request.sink = request.http.sink.get();
  if (request.sink == nullptr) {
    CO_TRY(empty, co_await open(request, route));
    request.sink = empty.get();
  }
  co_return co_await route.handler(*this, request);
}

Task<Result<void>> ChatApi::authenticate(ApiRequest& request, const Route* route) {
  CO_TRY(request.caller, co_await services.sessions.authenticate(find_token(request), request.by));
  const bool open_to_visitors = route != nullptr && route->auth == Auth::kVisitor;
  if (request.caller.token_role == model::Role::kVisitor && !open_to_visitors) {
    co_return refused(chat::texts::kVisitorRefused);
  }
  co_return Result<void>();
}

}  // namespace qn::api
