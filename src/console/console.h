#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "chat/audit_log.h"
#include "chat/complaints.h"
#include "chat/console_sessions.h"
#include "chat/figures.h"
#include "chat/group_admin.h"
#include "chat/managers.h"
#include "chat/message_admin.h"
#include "chat/online.h"
#include "chat/uploads.h"
#include "chat/user_admin.h"
#include "console/admin_request.h"
#include "console/admin_route.h"
#include "console/menu.h"
#include "net/http.h"
#include "net/router.h"

namespace qn::console {

struct ConsoleOptions {
  std::chrono::minutes utc_offset{8 * 60};  // of the times on its pages
  std::string version;                      // of this server
  std::string default_avatar;               // of users without a picture
};

// The administration console (admin-pages.md): sessions, permissions, CSRF, and
// the handlers' answers as HTML or JSON. Owned by app/; any loop.
class Console {
 public:
  struct Services {
    chat::ManagerService& managers;
    chat::ConsoleSessions& sessions;
    chat::UserAdmin& users;
    chat::AuditLog& audit;
    chat::Figures& figures;
    chat::UploadService& uploads;
    chat::GroupAdmin& groups;
    chat::Complaints& complaints;
    chat::MessageAdmin& messages;
    chat::Online& online;
    const Clock& clock;
  };

  Console(Services services, Menu menu, ConsoleOptions options);

  // Whether this surface answers for the path, whatever the method: /admin and
  // everything below, and the upload routes. Page loads of other unknown paths come here as well:
  // whoever is not logged in goes to the login, as in the reference (observed.md §4.5).
  static bool owns(std::string_view path);

  // Nothing: the body is streamed, see open_body().
  std::optional<std::size_t> body_limit(const net::HttpRequest& head) const;
  Task<net::BodyPlan> open_body(const net::HttpRequest& head);
  Task<net::HttpReply> handle(net::HttpRequest request);

  // For handlers.
  // The picture to draw for a stored address: "" for the default ones, which are
  // elsewhere and would be asked for on every page.
  std::string picture(const std::string& stored) const;
  // The address, or "" for a manager who may not open it.
  std::string link(const AdminRequest& request, std::string url) const;
  const Services services;
  const Menu menu;
  const ConsoleOptions options;

 private:
  using Route = const AdminRoute*;
  Task<Result<void>> identify(AdminRequest& request);
  Task<Result<Answer>> dispatch(AdminRequest& request, Route route);
  // Nothing, or the answer that ends the request.
  std::optional<Answer> check_access(const AdminRequest& request, Route route) const;
  Task<net::HttpReply> finish(Result<Answer> result, AdminRequest& request, Route route);
  Task<net::HttpReply> refuse(const Error& error, AdminRequest& request, Route route);
  net::HttpReply reply_to(Answer answer, const AdminRequest& request) const;
  net::HttpReply page_reply(const Page& page, const AdminRequest& request) const;
  Shell shell_for(const AdminRequest& request) const;

  net::Router<Route> router_;
};

}  // namespace qn::console
