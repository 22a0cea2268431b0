#pragma once

#include <map>
#include <string>
#include <string_view>

#include "support/test_server.h"

namespace qn::test {

// One browser at the console: keeps cookies, sends what browsers send, takes
// the token for forms from the pages.
class ConsoleClient {
 public:
  explicit ConsoleClient(TestServer& server) : server_(server) {}

  // Creates the first administrator "root" with password 123456 and logs in.
  void set_up();
  // The answer of POST /admin/loginevent, as our page sends it.
  Answer login(std::string_view name, std::string_view password);

  // A page load.
  Answer get(std::string_view path);
  // As our scripts send it: JSON, with the token and where it comes from.
  Answer post(std::string_view path, const json::value& body);
  // As a browser without JavaScript sends a form; the token is added.
  Answer submit(std::string_view path, std::string form);
  // With headers and body as they are given, and the cookies.
  Answer send(std::string_view method, std::string_view path, std::string_view body,
              HeaderList headers);

  // The token of the session, from a page every manager may open.
  std::string csrf();
  std::string cookie(const std::string& name) const;
  void forget_cookies() { cookies_.clear(); }

 private:
  void keep_cookies(const Answer& answer);

  TestServer& server_;
  std::map<std::string, std::string> cookies_;
};

// Whether the page holds the text, as visible text or attribute (escaped).
bool shows(const Answer& page, std::string_view text);
// Percent-encodes a form value.
std::string form_value(std::string_view text);

}  // namespace qn::test
