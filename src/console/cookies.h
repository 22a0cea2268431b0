#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "console/flash.h"
#include "console/page.h"
#include "net/http.h"

// The console's cookies. None is readable by scripts but the two preferences.
namespace qn::console {

inline constexpr std::string_view kSessionCookie = "qn_admin";
inline constexpr std::string_view kFlashCookie = "qn_flash";
inline constexpr std::string_view kReturnCookie = "qn_return";

enum class Channel { kPlain, kTls };
inline Channel channel_of(const net::HttpRequest& http) {
  return http.is_tls ? Channel::kTls : Channel::kPlain;
}

// Value of Set-Cookie. Path is / because the upload routes lie outside /admin.
std::string session_cookie(std::string_view value, Millis idle, Channel channel);
std::string no_session_cookie();
// Where to go after the login; "" for an address that is none of the console's.
std::string return_cookie(std::string_view target);
std::string no_return_cookie();
std::string preference_cookie(std::string_view name, std::string_view value);

// The return path of the request, or "".
std::string return_path(const net::HttpRequest& http);
Language language_of(const net::HttpRequest& http);
Theme theme_of(const net::HttpRequest& http);

// A redirect that carries the flash.
net::HttpReply go_to(int status, const std::string& to, const Flash& flash);
// The page shows the flash: it is used up.
void drop_flash(net::HttpReply& reply, const net::HttpRequest& http);

}  // namespace qn::console
