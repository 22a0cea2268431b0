#pragma once

#include <optional>
#include <string>

#include "base/metrics.h"
#include "bus/cache.h"
#include "chat/sessions.h"
#include "net/http.h"
#include "store/database.h"

namespace qn::app {

// What operators and their machines ask: /healthz (the process answers),
// /readyz (it can serve: the store takes writes), /metrics (Prometheus).
class OpsEndpoints {
 public:
  OpsEndpoints(store::Database& db, const bus::Cache& cache, Metrics& metrics,
               std::string metrics_token)
      : db_(db), cache_(cache), metrics_(metrics), metrics_token_(std::move(metrics_token)) {}

  // Nothing when the path is none of the three.
  std::optional<net::HttpReply> handle(const net::HttpRequest& request) const;
  // From now on /readyz says no: the node is going away.
  void drain() { draining_ = true; }

 private:
  net::HttpReply ready() const;
  net::HttpReply metrics(const net::HttpRequest& request) const;

  store::Database& db_;
  const bus::Cache& cache_;
  Metrics& metrics_;
  const std::string metrics_token_;
  std::atomic<bool> draining_{false};
};

}  // namespace qn::app
