#include "console/console.h"

#include "base/bytes.h"
#include "base/log.h"
#include "console/admin_routes.h"
#include "console/assets.h"
#include "console/cookies.h"
#include "console/html_reply.h"
#include "console/pages/handlers.h"
#include "wire/envelope.h"
#include "wire/errors.h"

namespace qn::console {
namespace {

constexpr std::size_t kUnroutedLimit = 16_KiB;
constexpr std::string_view kAssets = "/admin/assets/";
constexpr std::string_view kUploads = "/uploadStreamSingleToServer";
constexpr Label kLoginFirst = "请先登录！";
constexpr Label kNoPermission = "没有权限访问该内容";
constexpr Label kNoPermissionAtAll = "没有权限访问后台管理";
constexpr Label kNoSuchPage = "页面不存在";
constexpr Label kForged = "页面已过期或请求来源不明，请返回后重试";

bool reads(const net::HttpRequest& http) {
  return http.method == net::Method::kGet || http.method == net::Method::kHead;
}

net::HttpReply json_reply(int status, std::string body) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = wire::kJsonType;
  reply.body = std::move(body);
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

NoticePage notice(int status, Phrase text) {
  NoticePage page;
  page.status = status;
  page.heading = std::to_string(status);
  page.title = text;
  page.text = std::move(text);
  return page;
}

// What a browser shows for a refusal; scripts get the status of the table.
int page_status(const Error& error, const net::HttpRequest& http) {
  const int status = wire::to_wire(error).status;
  return error.code == ErrorCode::kRefused && reads(http) ? 403 : status;
}

std::string csrf_of(const AdminRequest& request) {
  if (const auto header = request.http.headers.find("x-csrf-token"); !header.empty()) {
    return std::string(header);
  }
  if (const auto asked = request.asked("_csrf"); !asked.empty()) return std::string(asked);
  return request.field("_csrf");
}

// Whether an unsafe request carries the session's token, or cannot come from a
// foreign page.
bool is_csrf_safe(const AdminRequest& request, Access access) {
  if (reads(request.http)) return true;
  // Logging in: the page may be older than the session, or have none.
  if (access == Access::kPublic) return sender_of(request.http) != Sender::kForeignPage;
  return is_own_request(request.http, csrf_of(request), request.op().csrf);
}

}  // namespace

Console::Console(Services s, Menu m, ConsoleOptions o)
    : services(s), menu(std::move(m)), options(std::move(o)) {
  for (const AdminRoute& route : admin_routes()) router_.add(route.method, route.pattern, &route);
}

std::string Console::picture(const std::string& stored) const {
  const bool is_default = stored == options.default_avatar || stored == model::kManagerAvatar;
  return is_default ? std::string() : stored;
}

std::string Console::link(const AdminRequest& request, std::string url) const {
  const std::string path = url.substr(0, url.find('?'));
  return menu.may_open(request.op().manager, path) ? std::move(url) : std::string();
}

bool Console::owns(std::string_view path) {
  return path == "/admin" || path.starts_with("/admin/") || path.starts_with(kUploads);
}

std::optional<std::size_t> Console::body_limit(const net::HttpRequest& head) const {
  const auto match = router_.match(head.method, head.path());
  if (!match.entry) return kUnroutedLimit;
  const auto limit = (*match.entry)->body_limit;
  return limit == kStreamed ? std::nullopt : std::optional(limit);
}

Task<net::BodyPlan> Console::open_body(const net::HttpRequest& head) {
  auto match = router_.match(head.method, head.path());
  Route route = *match.entry;
  AdminRequest request{.http = head,
                       .path = std::move(match.params),
                       .query = wire::parse_pairs(head.query()),
                       .by = Deadline::after(chat::kRequestTime)};
  Result<Answer> refusal = Answer(GoTo{});
  auto known = co_await identify(request);
  if (!known.has_value()) {
    refusal = std::move(known).error();
  } else if (auto answer = check_access(request, route)) {
    refusal = std::move(*answer);
  } else {
    auto plan = co_await open_upload(*this, request);
    if (plan.has_value()) co_return std::move(*plan);
    refusal = std::move(plan).error();
  }
  net::BodyPlan plan;
  plan.refusal = co_await finish(std::move(refusal), request, route);
  plan.refusal->route = route->pattern;
  co_return plan;
}

Task<net::HttpReply> Console::handle(net::HttpRequest http) {
  if (http.path().starts_with(kAssets)) {
    if (auto asset = serve_asset(http)) co_return std::move(*asset);
  }
  auto match = router_.match(http.method, http.path());
  Route route = match.entry ? *match.entry : nullptr;
  if (!route && http.path().starts_with(kUploads)) {
    co_return json_reply(404, wire::fail_envelope(wire::text_for_status(404)));
  }
  AdminRequest request{.http = http,
                       .path = std::move(match.params),
                       .query = wire::parse_pairs(http.query()),
                       .by = Deadline::after(chat::kRequestTime)};
  auto result = co_await dispatch(request, route);
  auto reply = co_await finish(std::move(result), request, route);
  reply.route = route ? route->pattern : "/admin";
  co_return reply;
}

Task<Result<void>> Console::identify(AdminRequest& request) {
  std::string cookie(find_cookie(request.http, kSessionCookie));
  if (!cookie.empty()) {
    CO_TRY(request.who, co_await services.sessions.authenticate(std::move(cookie), request.origin(),
                                                                request.by));
  }
  co_return Result<void>();
}

Task<Result<Answer>> Console::dispatch(AdminRequest& request, Route route) {
  const auto& http = request.http;
  CO_CHECK_OK(co_await identify(request));
  // The body comes before the refusals: a token may stand in it.
  if (!http.body.empty()) {
    CO_TRY(request.body, wire::parse_body(http.headers.find("content-type"), http.body));
  }
  if (auto answer = check_access(request, route)) co_return std::move(*answer);
  co_return co_await route->handler(*this, request);
}

std::optional<Answer> Console::check_access(const AdminRequest& request, Route route) const {
  const auto& http = request.http;
  const bool is_public = route && route->access == Access::kPublic;
  if (!is_public && !request.who) {
    if (wants_json(http)) {
      return json_reply(401, wire::fail_envelope(kLoginFirst.chinese()));
    }
    // Not for what browsers fetch by themselves, such as /favicon.ico.
    const auto flash = owns(http.path()) ? Flash::Kind::kLoginFirst : Flash::Kind::kNone;
    return GoTo{"/admin/login", {flash}};
  }
  if (!is_csrf_safe(request, is_public ? Access::kPublic : Access::kManager)) {
    return Page(notice(403, kForged));
  }
  if (is_public) return std::nullopt;
  const auto& manager = request.who->manager;
  const bool for_everybody = route && route->access == Access::kManager;
  if (!for_everybody && !menu.may_open(manager, http.path())) {
    const bool has_none = !manager.super && manager.menu_ids.empty();
    return Page(notice(403, has_none ? kNoPermissionAtAll : kNoPermission));
  }
  if (!route) return Page(notice(404, kNoSuchPage));
  return std::nullopt;
}

Task<net::HttpReply> Console::finish(Result<Answer> result, AdminRequest& request, Route route) {
  if (result.has_value()) co_return reply_to(std::move(*result), request);
  const Error error = std::move(result).error();
  if (wire::to_wire(error).status >= 500) {
    log::error("console.error", {{"id", request.http.id},
                                 {"route", route ? route->pattern : "/admin"},
                                 {"code", to_string(error.code)},
                                 {"detail", error.detail}});
  }
  co_return co_await refuse(error, request, route);
}

Task<net::HttpReply> Console::refuse(const Error& error, AdminRequest& request, Route route) {
  const auto seen = wire::to_wire(error);
  const Language language = language_of(request.http);
  if (wants_json(request.http)) {
    co_return json_reply(seen.status, wire::fail_envelope(translate(seen.text, language)));
  }
  const int status = page_status(error, request.http);
  // Without JavaScript the form comes back as it was filled in, with the reason.
  if (route && route->form && seen.status < 500) {
    auto form = co_await route->form(*this, request);
    if (form.has_value()) {
      auto reply = reply_to(with_error(std::move(*form), request, seen.text), request);
      // What came instead of the form, such as a used first-run link, says so itself.
      if (reply.status == 200) reply.status = status == 400 ? 422 : status;
      co_return reply;
    }
  }
  co_return page_reply(
      Page(notice(status, Phrase::data(std::string(translate(seen.text, language))))), request);
}

net::HttpReply Console::reply_to(Answer answer, const AdminRequest& request) const {
  const Language language = language_of(request.http);
  if (auto* reply = std::get_if<net::HttpReply>(&answer)) return std::move(*reply);
  if (auto* done = std::get_if<Done>(&answer)) {
    if (wants_json(request.http)) {
      const wire::json::string text(translate(done->text, language));
      return json_reply(200, wire::ok_envelope(text));
    }
    return go_to(303, done->to, done->flash);
  }
  if (auto* go = std::get_if<GoTo>(&answer)) {
    auto reply = go_to(302, go->to, go->flash);
    if (go->flash.kind == Flash::Kind::kLoginFirst && reads(request.http)) {
      reply.headers.emplace_back("Set-Cookie", return_cookie(request.http.target));
    }
    return reply;
  }
  if (auto* entrance = std::get_if<EntrancePage>(&answer)) {
    auto reply = html_reply(200, render(*entrance, shell_for(request)));
    drop_flash(reply, request.http);
    return reply;
  }
  return page_reply(std::get<Page>(answer), request);
}

net::HttpReply Console::page_reply(const Page& page, const AdminRequest& request) const {
  const auto* said = std::get_if<NoticePage>(&page);
  // Scripts understand an envelope, whatever kind of page it would have been.
  if (said && said->status >= 400 && wants_json(request.http)) {
    const int status = said->status == 403 ? 400 : said->status;
    return json_reply(status,
                      wire::fail_envelope(translate(said->text, language_of(request.http))));
  }
  auto reply = html_reply(said ? said->status : 200, render(page, shell_for(request)));
  drop_flash(reply, request.http);
  return reply;
}

Shell Console::shell_for(const AdminRequest& request) const {
  Shell shell;
  if (request.who) {
    const auto& manager = request.who->manager;
    shell.manager = Shell::Who{manager.username, manager.avatar, manager.super};
    shell.menu = menu.sidebar(manager, request.http.path());
    shell.csrf = request.who->csrf;
  }
  // A page that answers a submit has no address to come back to.
  shell.path = reads(request.http) ? request.http.target : "/admin";
  shell.language = language_of(request.http);
  shell.theme = theme_of(request.http);
  shell.toast = toast_of(find_cookie(request.http, kFlashCookie));
  shell.utc_offset = options.utc_offset;
  return shell;
}

}  // namespace qn::console
