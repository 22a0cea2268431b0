#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace qn::api {

// Serves what describes the chat API: /api/openapi.json and /docs. Made once at
// the start from the route table; immutable after it, any loop.
class ApiDocs {
 public:
  explicit ApiDocs(std::string_view version);

  // Nothing when the path is none of these.
  std::optional<net::HttpReply> handle(const net::HttpRequest& request) const;

 private:
  const std::string document_;
  const std::string page_;
};

}  // namespace qn::api
