#include "console/admin_request.h"

#include <charconv>

#include "base/bytes.h"

namespace qn::console {
namespace {

using net::Method;

bool is_unsafe(Method method) {
  return method != Method::kGet && method != Method::kHead && method != Method::kOptions;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void split_into(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (const auto part = trim(text.substr(0, comma)); !part.empty()) out.emplace_back(part);
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

std::string text_of(const wire::json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return value.is_null() ? std::string() : wire::to_json(value);
}

std::string_view after_scheme(std::string_view origin) {
  const auto at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

}  // namespace

std::string_view find_cookie(const net::HttpRequest& http, std::string_view name) {
  auto rest = http.headers.find("cookie");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto pair = trim(rest.substr(0, end));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {};
}

bool wants_json(const net::HttpRequest& http) {
  if (http.headers.find("x-requested-with") == "XMLHttpRequest") return true;
  const auto accept = http.headers.find("accept");
  if (accept.find("text/html") != std::string_view::npos) return false;
  if (accept.find("application/json") != std::string_view::npos) return true;
  return is_unsafe(http.method) ||
         http.headers.find("content-type").starts_with("application/json");
}

Sender sender_of(const net::HttpRequest& http) {
  const auto site = http.headers.find("sec-fetch-site");
  if (!site.empty()) {
    return site == "same-origin" || site == "none" ? Sender::kOwnPage : Sender::kForeignPage;
  }
  const auto origin = http.headers.find("origin");
  if (origin.empty()) {
    return http.headers.has("referer") ? Sender::kForeignPage : Sender::kProgram;
  }
  const auto host = after_scheme(origin);
  const bool is_own = !host.empty() && host == http.headers.find("host");
  return is_own ? Sender::kOwnPage : Sender::kForeignPage;
}

bool is_own_request(const net::HttpRequest& http, std::string_view token,
                    std::string_view expected) {
  if (equal_constant_time(token, expected)) return true;
  // COMPAT: tools of the reference send none, or its page's "undefined". A
  // browser always says where a request comes from, so it cannot pass for one.
  return sender_of(http) == Sender::kProgram && (token.empty() || token == "undefined");
}

bool is_console_path(std::string_view path) {
  const bool inside =
      path == "/admin" || path.starts_with("/admin/") || path.starts_with("/admin?");
  return inside && path.size() <= 1'000 &&
         path.find_first_of("\\\r\n\t \"<>") == std::string_view::npos;
}

Result<wire::Values> AdminRequest::validate(std::span<const wire::Rule> rules) const {
  wire::Sources sources;
  sources.path = path;
  sources.query = query;
  sources.body = &body.fields;
  sources.query_first = !is_unsafe(http.method);
  return wire::validate(rules, sources);
}

std::string_view AdminRequest::asked(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return {};
}

std::string AdminRequest::field(std::string_view name) const {
  const auto* value = body.fields.if_contains(name);
  return value ? text_of(*value) : std::string();
}

std::vector<std::string> AdminRequest::fields(std::string_view name) const {
  std::vector<std::string> out;
  const auto* value = body.fields.if_contains(name);
  if (value && value->is_array()) {
    for (const auto& item : value->get_array()) split_into(text_of(item), out);
  } else if (value) {
    split_into(text_of(*value), out);
  }
  if (out.empty()) split_into(asked(name), out);
  return out;
}

std::int64_t AdminRequest::id(std::string_view name) const {
  for (const auto& [key, text] : path) {
    if (key != name) continue;
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool is_whole = failure == std::errc() && end == text.data() + text.size();
    return is_whole && id > 0 ? id : 0;
  }
  return 0;
}

chat::Origin AdminRequest::origin() const {
  return {http.address, std::string(http.headers.find("user-agent").substr(0, 200))};
}

}  // namespace qn::console
