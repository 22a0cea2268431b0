// The WebSocket handshake: the input is the fields of an upgrade request. An
// accepted one is answered with a head that nothing of the client's can split.
#include <cstdint>
#include <string>

#include "net/head_parser.h"
#include "net/ws_handshake.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qn::net;
  using qn::fuzz::require;
  std::string head = "GET /ws HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\n";
  head.append(reinterpret_cast<const char*>(data), size).append("\r\n\r\n");
  HttpRequest request;
  HeadFacts facts;
  if (parse_head(head, request, facts) != 0 || !request.is_upgrade()) return 0;
  WsOptions options;
  options.deflate = true;
  const auto handshake = read_ws_handshake(request, facts, options);
  require(handshake.status == 101 || handshake.status == 400 || handshake.status == 426);
  if (handshake.status != 101) return 0;
  require(handshake.accept.size() == 28);
  require(handshake.deflate_window == 0 ||
          (handshake.deflate_window >= 8 && handshake.deflate_window <= 15));
  std::string answer;
  append_ws_switch(answer, handshake, "now", "id");
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = answer.find('\n', at)) != std::string::npos; ++at) ++lines;
  const std::size_t optional =
      (handshake.protocol.empty() ? 0u : 1u) + (handshake.deflate_window > 0 ? 1u : 0u);
  require(lines == 7 + optional && answer.ends_with("\r\n\r\n"));
  return 0;
}
