#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "api/api_docs.h"
#include "api/chat_api.h"
#include "app/cors.h"
#include "app/ops_endpoints.h"
#include "console/console.h"
#include "gateway/gateway.h"
#include "net/http.h"
#include "net/static_files.h"

namespace qn::app {

// Everything behind the port, by the first segment of the path.
class Site final : public net::HttpService {
 public:
  // The files below /public/uploads, and the others below /public.
  struct Files {
    net::StaticFiles& uploads;
    net::StaticFiles& others;
  };

  struct Api {
    api::ChatApi& chat;
    const api::ApiDocs& docs;
    gateway::Gateway& gateway;
  };

  Site(Api api, console::Console& console, Files files, OpsEndpoints& ops, Cors cors,
       std::size_t max_body)
      : api_(api.chat),
        docs_(api.docs),
        gateway_(api.gateway),
        console_(console),
        files_(files),
        ops_(ops),
        cors_(std::move(cors)),
        max_body_(max_body) {}

  std::optional<std::size_t> body_limit(const net::HttpRequest& head) override;
  Task<net::BodyPlan> open_body(const net::HttpRequest& head) override;
  Task<net::HttpReply> handle(net::HttpRequest request) override;
  net::HttpReply transport_error(int status) override;

 private:
  Task<net::HttpReply> answer(net::HttpRequest request);
  net::HttpReply answer_upgrade(const net::HttpRequest& request);
  Task<net::HttpReply> serve_file(const net::HttpRequest& request);
  // What every answer carries for pages of other origins.
  std::string allowed_origin(const net::HttpRequest& request) const;
  static void add_cors(net::HttpReply& reply, std::string origin);

  api::ChatApi& api_;
  const api::ApiDocs& docs_;
  gateway::Gateway& gateway_;
  console::Console& console_;
  const Files files_;
  OpsEndpoints& ops_;
  const Cors cors_;
  const std::size_t max_body_;
};

}  // namespace qn::app
