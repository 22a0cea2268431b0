#include "console/assets.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "console/asset_table.h"

namespace qn::console {
namespace {

constexpr std::string_view kFolder = "/admin/assets/";
constexpr std::string_view kRoute = "/admin/assets/*";

using Addresses = std::unordered_map<std::string_view, std::string>;

const Addresses& addresses() {
  static const Addresses made = [] {
    Addresses all;
    for (const auto& entry : asset_entries()) {
      all.emplace(entry.name, std::string(kFolder).append(entry.public_name));
    }
    return all;
  }();
  return made;
}

const AssetEntry* find_public(std::string_view name) {
  for (const auto& entry : asset_entries()) {
    if (entry.public_name == name) return &entry;
  }
  return nullptr;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "q=0", "q=0.0" and the like.
bool is_refused(std::string_view parameter) {
  parameter = trim(parameter);
  if (parameter.size() < 3 || !same_word(parameter.substr(0, 2), "q=")) return false;
  return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

bool accepts_gzip(std::string_view header) {
  while (!header.empty()) {
    const auto end = std::min(header.find(','), header.size());
    const auto item = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    if (!same_word(trim(item.substr(0, semicolon)), "gzip")) continue;
    return semicolon == item.size() || !is_refused(item.substr(semicolon + 1));
  }
  return false;
}

net::HttpReply missing() {
  net::HttpReply reply;
  reply.status = 404;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = "not found\n";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.route = kRoute;
  return reply;
}

}  // namespace

const std::string& asset_url(std::string_view name) {
  static const std::string none;
  const auto found = addresses().find(name);
  return found == addresses().end() ? none : found->second;
}

std::optional<net::HttpReply> serve_asset(const net::HttpRequest& request) {
  const auto path = request.path();
  if (!path.starts_with(kFolder)) return std::nullopt;
  const auto* entry = find_public(path.substr(kFolder.size()));
  const bool reads = request.method == net::Method::kGet || request.method == net::Method::kHead;
  if (!entry || !reads) return missing();
  net::HttpReply reply;
  reply.content_type = entry->content_type;
  reply.route = kRoute;
  reply.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (entry->packed_size > 0 && accepts_gzip(request.headers.find("accept-encoding"))) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = asset_bytes().substr(entry->offset + entry->size, entry->packed_size);
  } else {
    reply.body = asset_bytes().substr(entry->offset, entry->size);
  }
  return reply;
}

}  // namespace qn::console
