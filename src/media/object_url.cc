#include "media/object_url.h"

#include <algorithm>

#include "base/text.h"

namespace qn::media {
namespace {

constexpr std::string_view kForm =
    "must be disk:, s3://KEY:SECRET@ENDPOINT/BUCKET or oss://KEY:SECRET@ENDPOINT/BUCKET";
constexpr std::string_view kOptions =
    "takes the options region, style=path|host, tls=true|false and public=https://…";
constexpr std::string_view kDefaultRegion = "us-east-1";

bool is_any_of(char c, std::string_view others) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         others.find(c) != std::string_view::npos;
}

bool consists_of(std::string_view text, std::string_view others) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_any_of(c, others); });
}

// Nothing that could end a header or an address.
bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f;
  });
}

std::string without_usual_port(std::string endpoint, bool is_tls) {
  const std::string_view port = is_tls ? ":443" : ":80";
  if (endpoint.ends_with(port)) endpoint.resize(endpoint.size() - port.size());
  return endpoint;
}

bool set_option(ObjectTarget& target, std::string_view name, const std::string& value) {
  if (name == "region") {
    target.region = value;
    return consists_of(value, "-");
  }
  if (name == "style") {
    target.style = value == "host" ? ObjectTarget::Style::kHost : ObjectTarget::Style::kPath;
    return value == "host" || value == "path";
  }
  if (name == "tls") {
    target.is_tls = value == "true";
    return value == "true" || value == "false";
  }
  if (name != "public") return false;
  target.public_url = value;
  while (target.public_url.ends_with('/')) target.public_url.pop_back();
  return is_visible(value) && (value.starts_with("https://") || value.starts_with("http://"));
}

bool set_options(ObjectTarget& target, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto option = text.substr(0, end);
    const auto equal = option.find('=');
    if (equal == std::string_view::npos) return false;
    const auto value = percent_decode(option.substr(equal + 1), Plus::kLiteral);
    if (!set_option(target, option.substr(0, equal), value)) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace

std::string ObjectTarget::host() const {
  return style == Style::kHost ? bucket + '.' + endpoint : endpoint;
}

std::string ObjectTarget::path_of(std::string_view object) const {
  std::string path = style == Style::kPath ? '/' + bucket : std::string();
  while (!object.empty()) {
    const auto end = std::min(object.find('/'), object.size());
    path += '/' + percent_encode(object.substr(0, end));
    object.remove_prefix(std::min(end + 1, object.size()));
  }
  return path;
}

std::string ObjectTarget::url_of(std::string_view object) const {
  return (is_tls ? "https://" : "http://") + host() + path_of(object);
}

std::string ObjectTarget::public_url_of(std::string_view object) const {
  if (public_url.empty()) return "https://" + host() + path_of(object);
  return public_url + '/' + std::string(object);
}

Result<std::optional<ObjectTarget>> parse_media_url(std::string_view text) {
  if (text == "disk:") return std::optional<ObjectTarget>();
  ObjectTarget target;
  target.kind = text.starts_with("oss://") ? ObjectTarget::Kind::kOss : ObjectTarget::Kind::kS3;
  if (target.kind == ObjectTarget::Kind::kOss) target.style = ObjectTarget::Style::kHost;
  target.region = kDefaultRegion;
  if (!text.starts_with("s3://") && !text.starts_with("oss://")) return refused(kForm);
  text.remove_prefix(text.find("://") + 3);

  const auto question = std::min(text.find('?'), text.size());
  if (!set_options(target, text.substr(std::min(question + 1, text.size())))) {
    return refused(kOptions);
  }
  text = text.substr(0, question);
  const auto at = text.rfind('@');
  const auto colon = text.find(':');
  if (at == std::string_view::npos || colon > at) return refused(kForm);
  target.key = {percent_decode(text.substr(0, colon), Plus::kLiteral),
                percent_decode(text.substr(colon + 1, at - colon - 1), Plus::kLiteral)};
  text.remove_prefix(at + 1);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return refused(kForm);
  target.bucket = text.substr(slash + 1);
  target.endpoint = without_usual_port(std::string(text.substr(0, slash)), target.is_tls);
  const bool is_good = !target.key.id.empty() && !target.key.secret.empty() &&
                       is_visible(target.key.id) && consists_of(target.endpoint, ".-:[]") &&
                       consists_of(target.bucket, ".-");
  if (!is_good) return refused(kForm);
  return std::optional(std::move(target));
}

}  // namespace qn::media
