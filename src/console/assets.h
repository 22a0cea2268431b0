#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace qn::console {

// Stylesheets, scripts, icons and the icon font, served from the binary below
// /admin/assets/. A name contains the hash of its content, so browsers keep it for
// good. Stateless; any thread.

// The address of an asset, such as asset_url("console.css"); "" when there is none.
const std::string& asset_url(std::string_view name);

// The answer to a request below /admin/assets/ (404 for an unknown name); nothing
// for other paths.
std::optional<net::HttpReply> serve_asset(const net::HttpRequest& request);

}  // namespace qn::console
