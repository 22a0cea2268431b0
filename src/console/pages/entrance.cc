#include "base/log.h"
#include "chat/caller.h"
#include "console/cookies.h"
#include "console/html_reply.h"
#include "console/pages/handlers.h"
#include "wire/envelope.h"

// Login, logout and the first run (admin-pages.md §3).
namespace qn::console {
namespace {

constexpr std::string_view kRefusedFirstRun = "非法操作，系统拒绝您的请求";

constexpr wire::Rule kLogin[] = {
    {.name = "username", .required = true, .desc = "管理员账号"},
    {.name = "password", .required = true, .desc = "管理员密码"},
};

NoticePage closed_page() {
  NoticePage page;
  page.status = 404;
  page.title = Label("链接已失效");
  page.text = Label("初始化链接无效或已使用。尚无管理员时，每次启动服务都会打印新的链接。");
  page.links = {{.text = "前往登录", .url = "/admin/login"}};
  return page;
}

net::HttpReply logged_in(const Console& console, const AdminRequest& request,
                         const std::string& cookie) {
  net::HttpReply reply;
  if (wants_json(request.http)) {
    reply.content_type = wire::kJsonType;
    reply.body = wire::ok_envelope("ok");
  } else {
    reply = go_to(303, "/admin/start", {});
  }
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("Set-Cookie", session_cookie(cookie, console.services.sessions.idle(),
                                                          channel_of(request.http)));
  return reply;
}

}  // namespace

AnswerTask login_page(Console&, AdminRequest&) {
  co_return EntrancePage{};
}

AnswerTask login(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kLogin));
  CO_TRY(const auto cookie,
         co_await console.services.sessions.login(in.text("username"), in.text("password"),
                                                  request.origin(), request.by));
  co_return logged_in(console, request, cookie);
}

// A GET, as in the reference. A foreign page, or a picture that has this address,
// can do no more than ask.
AnswerTask logout(Console& console, AdminRequest& request) {
  if (!request.who) co_return GoTo{"/admin/login", {Flash::Kind::kLoginFirst}};
  const auto& headers = request.http.headers;
  const auto purpose = headers.find("sec-fetch-dest");
  const bool is_visit = purpose.empty() || purpose == "document";
  if (!is_visit || headers.find("sec-fetch-site") == "cross-site") {
    NoticePage page;
    page.title = Label("退出登录");
    page.text = Label("确定要退出登录吗？");
    page.links = {{.text = "退出登录", .url = "/admin/logout", .tone = Tone::kBad},
                  {.text = "返回后台首页", .url = "/admin"}};
    co_return Page(std::move(page));
  }
  CO_CHECK_OK(co_await console.services.sessions.logout(request.op(), request.by));
  auto reply = go_to(302, "/admin/login", {Flash::Kind::kLoggedOut});
  reply.headers.emplace_back("Set-Cookie", no_session_cookie());
  reply.headers.emplace_back("Set-Cookie", no_return_cookie());
  co_return reply;
}

AnswerTask setup_page(Console& console, AdminRequest& request) {
  EntrancePage page;
  page.kind = EntrancePage::Kind::kFirstRun;
  page.token = std::string(request.asked("token"));
  if (page.token.empty()) page.token = request.field("token");
  CO_TRY(const bool open, co_await console.services.managers.may_set_up(page.token, request.by));
  if (!open) co_return Page(closed_page());
  co_return page;
}

AnswerTask set_up(Console& console, AdminRequest& request) {
  chat::NewAdmin admin{.username = request.field("username"),
                       .password = request.field("password")};
  if (admin.password != request.field("repeated")) co_return refused("两次输入的密码不一致");
  CO_CHECK_OK(co_await console.services.managers.set_up(request.field("token"), std::move(admin),
                                                        request.origin(), request.by));
  log::info("manager.first_created", {{"addr", request.http.address}});
  co_return Done{"ok", "/admin/login", {Flash::Kind::kFirstAdmin}};
}

// Only the one-time link makes the first administrator (defect D-10).
AnswerTask create_super_manager(Console&, AdminRequest&) {
  co_return refused(kRefusedFirstRun);
}

}  // namespace qn::console
