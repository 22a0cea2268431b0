#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "chat/operator.h"
#include "net/http.h"
#include "wire/body.h"
#include "wire/validate.h"

namespace qn::console {

// The value of a cookie, or "".
std::string_view find_cookie(const net::HttpRequest& http, std::string_view name);
// Whether whoever asks wants JSON (our scripts, programs) or a page.
bool wants_json(const net::HttpRequest& http);
// Whether a browser sent an unsafe request from one of our own pages, or it was
// no browser at all: the reference's tools send neither token nor origin.
enum class Sender { kOwnPage, kForeignPage, kProgram };
Sender sender_of(const net::HttpRequest& http);
// Whether an unsafe request with that token, of a session that expects another
// one or the same, cannot come from a foreign page.
bool is_own_request(const net::HttpRequest& http, std::string_view token,
                    std::string_view expected);
// A path of the console that a browser may be sent to (defect D-19).
bool is_console_path(std::string_view path);

// One request on its way through a handler.
struct AdminRequest {
  const net::HttpRequest& http;
  std::vector<std::pair<std::string, std::string>> path = {};
  std::vector<std::pair<std::string, std::string>> query = {};
  wire::Body body = {};
  std::optional<chat::Operator> who = {};  // set on every route but the public ones
  Deadline by;

  // The declared fields, or the first rule that is broken.
  Result<wire::Values> validate(std::span<const wire::Rule> rules) const;
  // A query parameter, or "".
  std::string_view asked(std::string_view name) const;
  // A field of the body as text, or "".
  std::string field(std::string_view name) const;
  // All values of a field of the body, then of the query: an array, name[], or
  // one text with commas.
  std::vector<std::string> fields(std::string_view name) const;
  // A path parameter as a positive whole number; 0 when it is none.
  std::int64_t id(std::string_view name = "id") const;
  const chat::Operator& op() const { return *who; }
  chat::Origin origin() const;
};

}  // namespace qn::console
