#include "support/console_client.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace qn::test {
namespace {

constexpr std::string_view kHtml = "text/html,application/xhtml+xml";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

void ConsoleClient::set_up() {
  const std::string url = server_.server().setup_url();
  const std::string token = url.substr(url.find("token=") + 6);
  const auto made =
      submit("/admin/setup", "token=" + token + "&username=root&password=123456&repeated=123456");
  ASSERT_EQ(made.status, 303) << made.body;
  ASSERT_EQ(login("root", "123456").status, 200);
}

Answer ConsoleClient::login(std::string_view name, std::string_view password) {
  const json::value body{{"username", name}, {"password", password}};
  return send("POST", "/admin/loginevent", json::serialize(body),
              {{"Content-Type", "application/json"},
               {"X-Requested-With", "XMLHttpRequest"},
               {"Sec-Fetch-Site", "same-origin"}});
}

Answer ConsoleClient::get(std::string_view path) {
  return send("GET", path, {}, {{"Accept", std::string(kHtml)}});
}

Answer ConsoleClient::post(std::string_view path, const json::value& body) {
  return send("POST", path, json::serialize(body),
              {{"Content-Type", "application/json;charset=UTF-8"},
               {"Accept", "application/json"},
               {"X-Requested-With", "XMLHttpRequest"},
               {"Sec-Fetch-Site", "same-origin"},
               {"X-CSRF-Token", csrf()}});
}

Answer ConsoleClient::submit(std::string_view path, std::string form) {
  if (!cookie("qn_admin").empty()) form += "&_csrf=" + csrf();
  return send("POST", path, form,
              {{"Content-Type", "application/x-www-form-urlencoded"},
               {"Accept", std::string(kHtml)},
               {"Sec-Fetch-Site", "same-origin"}});
}

Answer ConsoleClient::send(std::string_view method, std::string_view path, std::string_view body,
                           HeaderList headers) {
  std::string all;
  for (const auto& [name, value] : cookies_) all += (all.empty() ? "" : "; ") + name + "=" + value;
  if (!all.empty()) headers.emplace_back("Cookie", all);
  auto answer = http(server_.port(), method, path, body, headers);
  keep_cookies(answer);
  return answer;
}

std::string ConsoleClient::csrf() {
  // Looked up without eating the flash of the next page.
  const auto flash = cookies_.extract("qn_flash");
  const auto page = get("/admin/profile");
  if (!flash.empty()) cookies_[flash.key()] = flash.mapped();
  const std::string_view mark = "name=\"csrf-token\" content=\"";
  const auto at = page.body.find(mark);
  if (at == std::string::npos) return {};
  const auto start = at + mark.size();
  return page.body.substr(start, page.body.find('"', start) - start);
}

std::string ConsoleClient::cookie(const std::string& name) const {
  const auto it = cookies_.find(name);
  return it == cookies_.end() ? std::string() : it->second;
}

void ConsoleClient::keep_cookies(const Answer& answer) {
  constexpr std::string_view kField = "\r\nSet-Cookie: ";
  for (auto at = answer.head.find(kField); at != std::string::npos;
       at = answer.head.find(kField, at + 1)) {
    const auto start = at + kField.size();
    const std::string line = answer.head.substr(start, answer.head.find("\r\n", start) - start);
    const auto equals = line.find('=');
    const std::string name = line.substr(0, equals);
    if (line.find("Max-Age=0") != std::string::npos) {
      cookies_.erase(name);
    } else {
      cookies_[name] = line.substr(equals + 1, line.find(';') - equals - 1);
    }
  }
}

bool shows(const Answer& page, std::string_view text) {
  return page.body.find(escaped(text)) != std::string::npos;
}

std::string form_value(std::string_view text) {
  return percent_encode(text);
}

}  // namespace qn::test
