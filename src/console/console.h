#pragma once

#include <string_view>

#include "chat/managers.h"
#include "net/http.h"

namespace qn::console {

// The administration console. So far it is its first-run page, behind the
// one-time link that the start prints. Owned by app/; any loop.
class Console {
 public:
  explicit Console(chat::ManagerService& managers) : managers_(managers) {}

  // Whether this surface answers for the path: /admin and everything below.
  static bool owns(std::string_view path);

  Task<net::HttpReply> handle(net::HttpRequest request);

 private:
  Task<net::HttpReply> show_setup(const net::HttpRequest& request);
  Task<net::HttpReply> submit_setup(const net::HttpRequest& request);

  chat::ManagerService& managers_;
};

// Whoever is not logged in goes to the console's door, whatever page was asked
// for, as in the reference (observed.md §4.5).
net::HttpReply to_login();

}  // namespace qn::console
