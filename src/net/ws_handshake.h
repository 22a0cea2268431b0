#pragma once

#include <string>
#include <string_view>

#include "net/head_parser.h"
#include "net/http.h"
#include "net/websocket.h"

namespace qn::net {

// What a client's opening handshake asks for (RFC 6455 §4.2), and what it gets.
struct WsHandshake {
  int status = 101;           // or the refusal: 400, 426
  std::string accept;         // of Sec-WebSocket-Accept
  std::string protocol;       // the first subprotocol the client named; empty: none
  int deflate_window = 0;     // permessage-deflate: bits of our window, 8 to 15; 0: not agreed
  bool names_window = false;  // the client wants to hear of the window
};

// The request is one that is_upgrade().
WsHandshake read_ws_handshake(const HttpRequest& request, const HeadFacts& facts,
                              const WsOptions& options);

// The whole answer of a handshake with status 101.
void append_ws_switch(std::string& out, const WsHandshake& handshake, std::string_view date,
                      std::string_view id);

}  // namespace qn::net
