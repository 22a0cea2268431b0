#pragma once

#include <cstddef>
#include <string_view>

#include "console/answer.h"
#include "net/http.h"

namespace qn::console {

class Console;
struct AdminRequest;

// Who may call a route.
enum class Access {
  kPublic,   // anybody
  kManager,  // every manager that is logged in (defect D-13)
  kMenu,     // who has the menu entry of the path (defect D-12)
};

// A handler turns the request into service calls and their result into a page
// value or another answer. Errors go back as they are; Console gives them their
// form.
using Handler = AnswerTask (*)(Console& console, AdminRequest& request);

// A body that is streamed to the disk: see Console::open_body.
inline constexpr std::size_t kStreamed = static_cast<std::size_t>(-1);

// One row of the table that is the whole console.
struct AdminRoute {
  net::Method method;
  std::string_view pattern;  // ":name" is a parameter
  Access access;
  std::size_t body_limit;
  Handler handler;
  std::string_view doc;
  // Draws the form a refused submit came from, for browsers without JavaScript.
  Handler form = nullptr;
};

}  // namespace qn::console
