#include "app/ops_endpoints.h"

#include "base/bytes.h"

namespace qn::app {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";

net::HttpReply text_reply(int status, std::string_view route, std::string body) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = kText;
  reply.body = std::move(body);
  reply.route = route;
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

bool is_local(const net::HttpRequest& request) {
  const bool loopback = request.peer == "127.0.0.1" || request.peer == "::1";
  // Something forwarded it: the real client is elsewhere.
  return loopback && !request.headers.has("x-forwarded-for") && !request.headers.has("forwarded");
}

}  // namespace

std::optional<net::HttpReply> OpsEndpoints::handle(const net::HttpRequest& request) const {
  if (request.method != net::Method::kGet && request.method != net::Method::kHead) return {};
  const auto path = request.path();
  if (path == "/healthz") return text_reply(200, "/healthz", "ok\n");
  if (path == "/readyz") return ready();
  if (path == "/metrics") return metrics(request);
  return {};
}

net::HttpReply OpsEndpoints::ready() const {
  const bool store = db_.is_ready();
  std::string body = std::string("store ") + (store ? "ok" : "away") + "\ncache " +
                     // Without its cache a node is slower, not wrong.
                     (cache_.is_ready() ? "ok" : "away (serving from the store)") + '\n';
  if (draining_) body += "draining\n";
  return text_reply(store && !draining_ ? 200 : 503, "/readyz", std::move(body));
}

net::HttpReply OpsEndpoints::metrics(const net::HttpRequest& request) const {
  const auto given = request.headers.find("authorization");
  const bool has_token =
      !metrics_token_.empty() && equal_constant_time(given, "Bearer " + metrics_token_);
  if (!has_token && !is_local(request)) {
    return text_reply(403, "/metrics",
                      "metrics are for this machine, or for the bearer of metrics.token\n");
  }
  auto reply = text_reply(200, "/metrics", metrics_.render());
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return reply;
}

}  // namespace qn::app
