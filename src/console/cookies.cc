#include "console/cookies.h"

#include <chrono>

#include "base/bytes.h"
#include "console/admin_request.h"
#include "console/html_reply.h"

namespace qn::console {
namespace {

constexpr std::string_view kHidden = "; Path=/; HttpOnly; SameSite=Lax";
constexpr std::chrono::seconds kFlashTime = std::chrono::minutes(5);
constexpr std::chrono::seconds kReturnTime = std::chrono::minutes(30);
constexpr std::chrono::seconds kPreferenceTime = std::chrono::days(365);

std::string cookie(std::string_view name, std::string_view value, std::chrono::seconds lasts) {
  std::string text(name);
  text.append("=").append(value).append(kHidden);
  return text.append("; Max-Age=").append(std::to_string(lasts.count()));
}

}  // namespace

std::string session_cookie(std::string_view value, Millis idle, Channel channel) {
  auto text = cookie(kSessionCookie, value, std::chrono::duration_cast<std::chrono::seconds>(idle));
  if (channel == Channel::kTls) text += "; Secure";
  return text;
}

std::string no_session_cookie() {
  return cookie(kSessionCookie, "", std::chrono::seconds(0));
}

std::string return_cookie(std::string_view target) {
  const bool fits = is_console_path(target) && target != "/admin/logout";
  return cookie(kReturnCookie, fits ? to_base64url(target) : "",
                fits ? kReturnTime : kReturnTime * 0);
}

std::string no_return_cookie() {
  return cookie(kReturnCookie, "", std::chrono::seconds(0));
}

std::string preference_cookie(std::string_view name, std::string_view value) {
  std::string text(name);
  text.append("=").append(value).append("; Path=/admin; SameSite=Lax; Max-Age=");
  return text.append(std::to_string(kPreferenceTime.count()));
}

std::string return_path(const net::HttpRequest& http) {
  const auto path = from_base64url(find_cookie(http, kReturnCookie));
  return path && is_console_path(*path) ? *path : std::string();
}

Language language_of(const net::HttpRequest& http) {
  return find_cookie(http, "qn_lang") == "en" ? Language::kEnglish : Language::kChinese;
}

Theme theme_of(const net::HttpRequest& http) {
  const auto value = find_cookie(http, "qn_theme");
  if (value == "dark") return Theme::kDark;
  return value == "light" ? Theme::kLight : Theme::kAuto;
}

net::HttpReply go_to(int status, const std::string& to, const Flash& flash) {
  auto reply = html_reply(status, "");
  reply.headers.emplace_back("Location", to);
  if (flash.kind != Flash::Kind::kNone) {
    reply.headers.emplace_back("Set-Cookie", cookie(kFlashCookie, flash_cookie(flash), kFlashTime));
  }
  return reply;
}

void drop_flash(net::HttpReply& reply, const net::HttpRequest& http) {
  if (find_cookie(http, kFlashCookie).empty()) return;
  reply.headers.emplace_back("Set-Cookie", cookie(kFlashCookie, "", std::chrono::seconds(0)));
}

}  // namespace qn::console
