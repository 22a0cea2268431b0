// The WebSocket parser: the first byte of the input chooses how the rest is cut
// and whether compression was agreed. Whatever the cut, the same comes out; texts
// are UTF-8, nothing is over its limit, and nothing comes after the end.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "net/ws_parser.h"
#include "require.h"

namespace qn::net {
namespace {

using fuzz::require;

constexpr std::size_t kLimit = 500;

struct Outcome {
  WsParser::Event event;
  std::uint16_t code;
  std::string payload;
  bool operator==(const Outcome&) const = default;
};

void check(const Outcome& one) {
  switch (one.event) {
    case WsParser::Event::kText:
      require(is_utf8(one.payload) && one.payload.size() <= kLimit);
      return;
    case WsParser::Event::kBinary:
      require(one.payload.size() <= kLimit);
      return;
    case WsParser::Event::kClose:
      require(is_utf8(one.payload) && one.code >= 1000 && one.code < 5000);
      return;
    case WsParser::Event::kFailed:
      require(one.code == 1002 || one.code == 1007 || one.code == 1009);
      return;
    default:
      require(one.payload.size() <= kMaxWsControlPayload);
  }
}

std::vector<Outcome> parse(std::string input, std::size_t step, WsInflater* inflater) {
  std::vector<Outcome> out;
  WsParser parser(kLimit);
  for (std::size_t at = 0; at < input.size(); at += step) {
    parser.feed(std::span(input).subspan(at, std::min(step, input.size() - at)), inflater);
    for (auto event = parser.next(); event != WsParser::Event::kNeedMore; event = parser.next()) {
      const bool is_over = !out.empty() && (out.back().event == WsParser::Event::kClose ||
                                            out.back().event == WsParser::Event::kFailed);
      require(!is_over);
      const bool has_code = event == WsParser::Event::kClose || event == WsParser::Event::kFailed;
      out.push_back(
          {event, has_code ? parser.code() : std::uint16_t{0}, std::string(parser.payload())});
      check(out.back());
    }
    if (parser.is_idle()) parser.trim();
  }
  return out;
}

}  // namespace
}  // namespace qn::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qn::net;
  if (size == 0) return 0;
  const std::string input(reinterpret_cast<const char*>(data) + 1, size - 1);
  static WsInflater shared;
  WsInflater* const inflater = (data[0] & 0x80) != 0 ? &shared : nullptr;
  const auto whole = parse(input, input.size() + 1, inflater);
  qn::fuzz::require(whole == parse(input, 1, inflater));
  qn::fuzz::require(whole == parse(input, 2u + (data[0] & 0x7f), inflater));
  return 0;
}
