#include "console/console.h"

#include <string>

#include "base/deadline.h"
#include "base/log.h"
#include "chat/caller.h"
#include "console/html.h"
#include "wire/body.h"
#include "wire/errors.h"

namespace qn::console {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
// Nothing but our stylesheet and our own forms.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

net::HttpReply html_reply(int status, std::string_view route, std::string page) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = kHtml;
  reply.body = std::move(page);
  reply.route = route;
  reply.headers.emplace_back("Content-Security-Policy", kPolicy);
  reply.headers.emplace_back("Cache-Control", "no-store");
  // The address of the page is the secret.
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  return reply;
}

std::string setup_form(std::string_view token, std::string_view username, std::string_view error) {
  std::string body = "<p>创建第一位超级管理员。此链接只能使用一次。</p>\n";
  if (!error.empty()) {
    body += "<p class=\"error\" role=\"alert\">" + escape_html(error) + "</p>\n";
  }
  body +=
      "<form method=\"post\" action=\"/admin/setup\">\n<input type=\"hidden\" name=\"token\" "
      "value=\"";
  body += escape_html(token);
  body +=
      "\">\n<label for=\"username\">账号</label>\n<input id=\"username\" name=\"username\" "
      "required "
      "maxlength=\"30\" autocomplete=\"username\" autofocus value=\"";
  body += escape_html(username);
  body +=
      "\">\n<label for=\"password\">密码（至少 6 位）</label>\n<input id=\"password\" "
      "name=\"password\" "
      "type=\"password\" required minlength=\"6\" maxlength=\"64\" autocomplete=\"new-password\">\n"
      "<label for=\"repeated\">再输入一次密码</label>\n<input id=\"repeated\" name=\"repeated\" "
      "type=\"password\" required minlength=\"6\" maxlength=\"64\" autocomplete=\"new-password\">\n"
      "<button>创建管理员</button>\n</form>\n";
  return card_page("初始化管理后台", body);
}

std::string closed_page() {
  return card_page("链接已失效",
                   "<p>初始化链接无效或已使用。尚无管理员时，每次启动服务都会打印新的链接。</p>\n");
}

std::string door_page() {
  return card_page(
      "管理后台",
      "<p>本版本（0.1）的管理后台目前只有首位管理员的创建页面，登录与管理页面将随后续版本提供。"
      "聊天接口已可使用，见仓库中的 docs/protocol.md。</p>\n");
}

std::string field(const wire::json::object& form, std::string_view name) {
  const auto* value = form.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

net::HttpReply stylesheet() {
  net::HttpReply reply;
  reply.content_type = "text/css; charset=utf-8";
  reply.body = kStylesheet;
  reply.route = "/admin/console.css";
  return reply;
}

net::HttpReply failed(const Error& error, const net::HttpRequest& request) {
  const auto seen = wire::to_wire(error);
  log::error("console.error",
             {{"id", request.id}, {"code", to_string(error.code)}, {"detail", error.detail}});
  return html_reply(seen.status, "/admin/setup",
                    card_page("出错了", "<p>" + escape_html(seen.text) + "</p>\n"));
}

}  // namespace

bool Console::owns(std::string_view path) {
  return path == "/admin" || path.starts_with("/admin/");
}

net::HttpReply to_login() {
  auto reply = html_reply(302, "redirect", "<a href=\"/admin/login\">/admin/login</a>\n");
  reply.headers.emplace_back("Location", "/admin/login");
  return reply;
}

Task<net::HttpReply> Console::handle(net::HttpRequest request) {
  using net::Method;
  const auto path = request.path();
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  if (path == "/admin/setup" && reads) co_return co_await show_setup(request);
  if (path == "/admin/setup" && request.method == Method::kPost) {
    co_return co_await submit_setup(request);
  }
  if (path == "/admin/console.css" && reads) co_return stylesheet();
  if (path == "/admin/login" && reads) co_return html_reply(200, "/admin/login", door_page());
  co_return to_login();
}

Task<net::HttpReply> Console::show_setup(const net::HttpRequest& request) {
  std::string token;
  for (auto& [name, value] : wire::parse_pairs(request.query())) {
    if (name == "token") token = value;
  }
  const auto open = co_await managers_.may_set_up(token, Deadline::after(chat::kRequestTime));
  if (!open.has_value()) co_return failed(open.error(), request);
  if (!*open) co_return html_reply(404, "/admin/setup", closed_page());
  co_return html_reply(200, "/admin/setup", setup_form(token, "", ""));
}

Task<net::HttpReply> Console::submit_setup(const net::HttpRequest& request) {
  const auto form = wire::parse_form(request.body);
  if (!form.has_value()) co_return failed(form.error(), request);
  const std::string token = field(*form, "token");
  chat::NewAdmin admin{field(*form, "username"), field(*form, "password")};
  const std::string username = admin.username;
  if (admin.password != field(*form, "repeated")) {
    co_return html_reply(422, "/admin/setup", setup_form(token, username, "两次输入的密码不一致"));
  }
  const auto made =
      co_await managers_.set_up(token, std::move(admin), Deadline::after(chat::kRequestTime));
  if (made.has_value()) {
    log::info("manager.first_created", {{"addr", request.address}});
    co_return html_reply(200, "/admin/setup",
                         card_page("创建成功",
                                   "<p>管理员已创建，初始化链接随即失效。</p>\n"
                                   "<p><a href=\"/admin/login\">前往管理后台</a></p>\n"));
  }
  if (made.error().code != ErrorCode::kRefused) co_return failed(made.error(), request);
  co_return html_reply(422, "/admin/setup", setup_form(token, username, made.error().text));
}

}  // namespace qn::console
