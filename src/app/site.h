#pragma once

#include <cstddef>

#include "api/chat_api.h"
#include "app/cors.h"
#include "app/ops_endpoints.h"
#include "console/console.h"
#include "net/http.h"
#include "net/static_files.h"

namespace qn::app {

// Everything behind the port, by the first segment of the path.
class Site final : public net::HttpService {
 public:
  Site(api::ChatApi& api, console::Console& console, net::StaticFiles& uploads, OpsEndpoints& ops,
       Cors cors, std::size_t max_body)
      : api_(api),
        console_(console),
        uploads_(uploads),
        ops_(ops),
        cors_(std::move(cors)),
        max_body_(max_body) {}

  std::size_t body_limit(const net::HttpRequest& head) override;
  Task<net::HttpReply> handle(net::HttpRequest request) override;
  net::HttpReply transport_error(int status) override;

 private:
  Task<net::HttpReply> answer(net::HttpRequest request);

  api::ChatApi& api_;
  console::Console& console_;
  net::StaticFiles& uploads_;
  OpsEndpoints& ops_;
  const Cors cors_;
  const std::size_t max_body_;
};

}  // namespace qn::app
