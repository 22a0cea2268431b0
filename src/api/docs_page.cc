#include <string>

#include "api/openapi.h"
#include "wire/escapes.h"

// The API for people, drawn from the same table as the document for machines.
namespace qn::api {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--line:#d5dddd;--soft:#f3f6f6;--accent:#0b7a83}
@media(prefers-color-scheme:dark){:root{--line:#324144;--soft:#182426;--accent:#4fc3cb}}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:60rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem}h2{font-size:1.05rem;margin:2rem 0 .3rem;overflow-wrap:anywhere}
h2 b{color:var(--accent);margin-right:.6rem}
code{background:var(--soft);border-radius:.3rem;padding:.1rem .3rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
a{color:var(--accent)}p{margin:.3rem 0}
)";

std::string escaped(std::string_view text) {
  std::string out;
  wire::append_html(out, text);
  return out;
}

std::string_view who(Auth auth) {
  switch (auth) {
    case Auth::kNone:
      return "任何人";
    case Auth::kSigned:
      return "签名（X-Security-Sign）";
    case Auth::kUser:
      return "登录用户（token）";
    case Auth::kVisitor:
      return "登录用户或游客（token）";
  }
  return "";
}

std::string_view type_name(wire::Type type) {
  switch (type) {
    case wire::Type::kString:
      return "string";
    case wire::Type::kInt:
      return "integer";
    case wire::Type::kNumber:
      return "number";
    case wire::Type::kBool:
      return "boolean";
    case wire::Type::kArray:
      return "array";
  }
  return "";
}

std::string range_of(const wire::Rule& rule) {
  if (!rule.in.empty()) return escaped(rule.in);
  if (rule.min && rule.max) return std::to_string(*rule.min) + "–" + std::to_string(*rule.max);
  if (rule.min) return "≥ " + std::to_string(*rule.min);
  return rule.max ? "≤ " + std::to_string(*rule.max) : std::string();
}

void append_rules(std::string& out, const Route& route) {
  if (route.rules.empty()) return;
  // A region, so that the keyboard can scroll it.
  out.append("<section class=\"scroll\" tabindex=\"0\" aria-label=\"参数 ");
  out.append(net::to_string(route.method)).append(" ").append(escaped(route.pattern));
  out +=
      "\"><table><thead><tr><th scope=\"col\">参数</th><th scope=\"col\">类型</th>"
      "<th scope=\"col\">必填</th><th scope=\"col\">范围</th><th scope=\"col\">说明</th></tr>"
      "</thead><tbody>\n";
  for (const auto& rule : route.rules) {
    out.append("<tr><td><code>").append(escaped(rule.name)).append("</code></td><td>");
    out.append(type_name(rule.type)).append("</td><td>").append(rule.required ? "是" : "否");
    out.append("</td><td>").append(range_of(rule)).append("</td><td>");
    out.append(escaped(rule.desc)).append("</td></tr>\n");
  }
  out += "</tbody></table></section>\n";
}

void append_route(std::string& out, const Route& route) {
  out.append("<article><h2><b>").append(net::to_string(route.method)).append("</b>");
  out.append(escaped(route.pattern)).append("</h2>\n<p lang=\"en\">").append(escaped(route.doc));
  out.append("</p>\n<p>权限：").append(who(route.auth)).append("</p>\n");
  if (route.open) out += "<p>请求体：<code>multipart/form-data</code></p>\n";
  append_rules(out, route);
  out += "</article>\n";
}

}  // namespace

std::string_view docs_stylesheet() {
  return kStyle;
}

std::string docs_page(std::span<const Route> routes, std::string_view version) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>青鸟聊天接口</title>\n<link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n"
      "<body>\n<main>\n<h1>青鸟聊天接口 ";
  out.append(escaped(version));
  out +=
      "</h1>\n<p>每个应答都是 <code>{\"msg\":…,\"data\":…}</code>：成功时 msg 为 ok；失败时 "
      "data 是可直接显示的文字。机器可读的描述：<a "
      "href=\"/api/openapi.json\">openapi.json</a>（OpenAPI "
      "3.1）。</p>\n";
  for (const auto& route : routes) append_route(out, route);
  out += "</main>\n</body>\n</html>\n";
  return out;
}

}  // namespace qn::api
