#include "app/cors.h"

#include <algorithm>

namespace qn::app {
namespace {

constexpr std::string_view kMethods = "GET,PUT,POST,DELETE,PATCH";

}  // namespace

Cors::Cors(std::vector<std::string> origins)
    : origins_(std::move(origins)),
      any_(std::find(origins_.begin(), origins_.end(), "*") != origins_.end()) {}

bool Cors::is_preflight(const net::HttpRequest& request) {
  return request.method == net::Method::kOptions &&
         request.headers.has("access-control-request-method");
}

std::string Cors::allowed(const net::HttpRequest& request) const {
  if (any_) return "*";
  const auto origin = request.headers.find("origin");
  const bool listed = std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
  return listed ? std::string(origin) : std::string();
}

net::HttpReply Cors::preflight(const net::HttpRequest& request) const {
  net::HttpReply reply;
  reply.status = 204;
  reply.route = "preflight";
  reply.headers.emplace_back("Access-Control-Allow-Methods", kMethods);
  if (const auto asked = request.headers.find("access-control-request-headers"); !asked.empty()) {
    reply.headers.emplace_back("Access-Control-Allow-Headers", asked);
  }
  return reply;
}

}  // namespace qn::app
