#include "net/ws_handshake.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/bytes.h"

namespace qn::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3
constexpr std::size_t kKeySize = 24;                                        // 16 bytes in Base64
constexpr int kLargestWindow = 15;

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alnum(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_key(std::string_view text) {
  if (text.size() != kKeySize || !text.ends_with("==")) return false;
  text.remove_suffix(2);
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || c == '+' || c == '/'; });
}

std::string accept_for(std::string_view key) {
  const std::string text = std::string(key).append(kGuid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The next element of a list; the list moves on behind it.
std::string_view take_element(std::string_view& list, char separator) {
  const auto end = list.find(separator);
  const auto element = trimmed(list.substr(0, end));
  list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  return element;
}

struct Parameter {
  std::string_view name;
  std::optional<std::string_view> value;
};

Parameter read_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {text, std::nullopt};
  auto value = trimmed(text.substr(equals + 1));
  const bool is_quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  if (is_quoted) value = value.substr(1, value.size() - 2);
  return {trimmed(text.substr(0, equals)), value};
}

// 8 to 15, without leading zeros (RFC 7692 §7.1.2); 0: anything else.
int read_window(std::string_view text) {
  if (text == "8" || text == "9") return text[0] - '0';
  const bool has_two = text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5';
  return has_two ? 10 + (text[1] - '0') : 0;
}

// One offer of permessage-deflate; nothing when it asks for something unknown,
// or for something twice.
std::optional<WsHandshake> accept_deflate(std::string_view parameters, WsHandshake handshake) {
  constexpr std::array<std::string_view, 4> kNames = {
      "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits",
      "client_max_window_bits"};
  std::array<bool, kNames.size()> seen{};
  handshake.deflate_window = kLargestWindow;
  while (!parameters.empty()) {
    const auto [name, value] = read_parameter(take_element(parameters, ';'));
    const auto known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(known - kNames.begin());
    if (std::exchange(seen[index], true)) return std::nullopt;
    const bool is_window = index >= 2;
    if (!is_window && value) return std::nullopt;
    if (is_window && value && read_window(*value) == 0) return std::nullopt;
    if (index == 2) {
      if (!value) return std::nullopt;
      handshake.deflate_window = read_window(*value);
      handshake.names_window = true;
    }
  }
  return handshake;
}

// The first acceptable offer wins (RFC 7692 §5).
void negotiate_deflate(std::string_view offers, WsHandshake& handshake) {
  while (!offers.empty()) {
    auto offer = take_element(offers, ',');
    if (take_element(offer, ';') != "permessage-deflate") continue;
    if (auto accepted = accept_deflate(offer, handshake)) {
      handshake = std::move(*accepted);
      return;
    }
  }
}

}  // namespace

WsHandshake read_ws_handshake(const HttpRequest& request, const HeadFacts& facts,
                              const WsOptions& options) {
  const auto& headers = request.headers;
  WsHandshake handshake;
  // Joined, so that a field that comes twice is malformed.
  const std::string key = headers.join("sec-websocket-key");
  const std::string version = headers.join("sec-websocket-version");
  const bool is_http11 = facts.minor_version == 1 && facts.body == HeadFacts::Body::kNone;
  handshake.status = 400;
  if (!is_http11 || !headers.has_token("connection", "upgrade")) return handshake;
  if (!is_key(key) || version.empty()) return handshake;
  std::string_view protocols = headers.find("sec-websocket-protocol");
  if (headers.has("sec-websocket-protocol")) {
    const auto first = take_element(protocols, ',');
    if (!is_token(first)) return handshake;
    handshake.protocol = first;
  }
  handshake.status = version == "13" ? 101 : 426;
  if (handshake.status != 101) return handshake;
  handshake.accept = accept_for(key);
  if (options.deflate) {
    negotiate_deflate(headers.join("sec-websocket-extensions"), handshake);
  }
  return handshake;
}

void append_ws_switch(std::string& out, const WsHandshake& handshake, std::string_view date,
                      std::string_view id) {
  out.append("HTTP/1.1 101 Switching Protocols\r\nDate: ").append(date);
  out.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
  out.append(handshake.accept);
  if (!handshake.protocol.empty()) {
    out.append("\r\nSec-WebSocket-Protocol: ").append(handshake.protocol);
  }
  if (handshake.deflate_window > 0) {
    out.append("\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; ");
    out.append("client_no_context_takeover");
    if (handshake.names_window) {
      out.append("; server_max_window_bits=").append(std::to_string(handshake.deflate_window));
    }
  }
  out.append("\r\nX-Request-Id: ").append(id).append("\r\n\r\n");
}

}  // namespace qn::net
