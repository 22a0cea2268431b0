#include "media/object_signature.h"

#include <algorithm>
#include <ctime>

#include "base/bytes.h"
#include "media/digests.h"

namespace qn::media {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string formatted(Time at, const char* format) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, format, &parts));
}

// Without spaces around it, and with single ones inside.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// By name; values of equal names in the order they are sent, with commas.
Fields canonical_headers(const SignedRequest& request) {
  Fields sorted = request.headers;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Fields out;
  for (const auto& [name, value] : sorted) {
    if (!out.empty() && out.back().first == name) {
      out.back().second += ',' + trimmed(value);
    } else {
      out.emplace_back(name, trimmed(value));
    }
  }
  return out;
}

std::string canonical_query(std::string_view query) {
  Fields pairs;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    const auto equal = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equal), pair.substr(std::min(equal + 1, pair.size())));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) out += (out.empty() ? "" : "&") + name + '=' + value;
  return out;
}

std::string find_header(const Fields& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

std::string aws_date(Time at) {
  return formatted(at, "%Y%m%dT%H%M%SZ");
}

std::string aws_authorization(const SignedRequest& request, std::string_view payload_hash,
                              const ObjectKey& key, const AwsScope& scope, Time at) {
  const std::string day = formatted(at, "%Y%m%d");
  std::string names;
  std::string canonical =
      request.method + '\n' + request.path + '\n' + canonical_query(request.query) + '\n';
  for (const auto& [name, value] : canonical_headers(request)) {
    canonical += name + ':' + value + '\n';
    names += (names.empty() ? "" : ";") + name;
  }
  canonical += '\n' + names + '\n' + std::string(payload_hash);

  const std::string where = day + '/' + scope.region + '/' + scope.service + "/aws4_request";
  const std::string to_sign =
      std::string(kAlgorithm) + '\n' + aws_date(at) + '\n' + where + '\n' + sha256_hex(canonical);
  std::string secret = hmac_sha256("AWS4" + key.secret, day);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service),
        std::string_view("aws4_request")}) {
    secret = hmac_sha256(secret, part);
  }
  return std::string(kAlgorithm) + " Credential=" + key.id + '/' + where +
         ", SignedHeaders=" + names + ", Signature=" + to_hex(hmac_sha256(secret, to_sign));
}

std::string oss_date(Time at) {
  return formatted(at, "%a, %d %b %Y %H:%M:%S GMT");
}

std::string oss_authorization(const SignedRequest& request, std::string_view resource,
                              const ObjectKey& key) {
  const Fields headers = canonical_headers(request);
  std::string to_sign = request.method + '\n' + find_header(headers, "content-md5") + '\n' +
                        find_header(headers, "content-type") + '\n' + find_header(headers, "date") +
                        '\n';
  for (const auto& [name, value] : headers) {
    if (name.starts_with("x-oss-")) to_sign += name + ':' + value + '\n';
  }
  to_sign += resource;
  return "OSS " + key.id + ':' + to_base64(hmac_sha1(key.secret, to_sign));
}

}  // namespace qn::media
