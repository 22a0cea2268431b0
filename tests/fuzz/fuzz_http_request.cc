// The request parser: the first byte of the input chooses how the rest is cut.
// Whatever the cut, the same requests and the same error come out, no body is
// over its limit, and nothing that could split a head gets through.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/access_log.h"
#include "net/client_address.h"
#include "net/request_parser.h"
#include "require.h"

namespace qn::net {
namespace {

using fuzz::require;

constexpr std::size_t kMaxHeader = 600;
constexpr std::size_t kBodyLimit = 300;

struct Outcome {
  std::vector<HttpRequest> requests;
  int error = 0;
  RequestParser::Phase phase = RequestParser::Phase::kIdle;
};

// Sizes of reads: everything, one byte, or a sequence that `seed` starts.
class Cuts {
 public:
  explicit Cuts(std::uint32_t seed) : state_(seed) {}
  std::size_t next() {
    if (state_ == kWhole) return SIZE_MAX;
    if (state_ == kBytes) return 1;
    state_ = state_ * 1664525u + 1013904223u;
    return 1 + (state_ >> 16) % 40;
  }

  static constexpr std::uint32_t kWhole = 0;
  static constexpr std::uint32_t kBytes = 1;

 private:
  std::uint32_t state_;
};

void check_request(const HttpRequest& request) {
  require(request.body.size() <= kBodyLimit);
  require(request.target.starts_with('/') || request.target == "*");
  std::size_t total = request.target.size();
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto [name, value] = request.headers.at(i);
    require(!name.empty());
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    total += name.size() + value.size();
  }
  require(total <= kMaxHeader);
  require(redact_target(request.target).size() <= request.target.size() * 8 + 16);
  static const TrustedProxies proxies = *TrustedProxies::parse({"10.0.0.0/8", "::/0"});
  require(parse_ip(proxies.client("10.0.0.1", request.headers)).has_value());
}

enum class Bodies { kCollected, kStreamed };

Outcome parse(std::string_view input, Cuts cuts, Bodies bodies = Bodies::kCollected) {
  Outcome out;
  RequestParser parser(kMaxHeader);
  std::string streamed;
  for (;;) {
    switch (parser.advance()) {
      case RequestParser::Event::kHead:
        require(parser.has_head());
        bodies == Bodies::kStreamed ? parser.stream_body(kBodyLimit)
                                    : parser.set_body_limit(kBodyLimit);
        break;
      case RequestParser::Event::kPiece:
        require(!parser.piece().empty());
        streamed += parser.piece();
        break;
      case RequestParser::Event::kRequest:
        out.requests.push_back(parser.take());
        if (bodies == Bodies::kStreamed) {
          require(out.requests.back().body.empty());
          out.requests.back().body = std::exchange(streamed, {});
        }
        check_request(out.requests.back());
        break;
      case RequestParser::Event::kError:
        out.error = parser.error_status();
        require(out.error >= 400 && out.error < 600);
        return out;
      case RequestParser::Event::kNeedMore: {
        out.phase = parser.phase();
        if (input.empty()) return out;
        const auto room = parser.room();
        require(!room.empty());
        const std::size_t n = std::min({input.size(), room.size(), cuts.next()});
        std::memcpy(room.data(), input.data(), n);
        parser.filled(n);
        input.remove_prefix(n);
      }
    }
  }
}

void require_same(const Outcome& a, const Outcome& b) {
  require(a.error == b.error && a.requests.size() == b.requests.size());
  require(a.error != 0 || a.phase == b.phase);
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    const auto& x = a.requests[i];
    const auto& y = b.requests[i];
    require(x.method == y.method && x.target == y.target && x.body == y.body);
    require(x.headers.size() == y.headers.size());
    for (std::size_t j = 0; j < x.headers.size(); ++j) require(x.headers.at(j) == y.headers.at(j));
  }
}

}  // namespace
}  // namespace qn::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qn::net;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = parse(input, Cuts(Cuts::kWhole));
  require_same(whole, parse(input, Cuts(Cuts::kBytes)));
  require_same(whole, parse(input, Cuts(2u + data[0])));
  require_same(whole, parse(input, Cuts(Cuts::kWhole), Bodies::kStreamed));
  require_same(whole, parse(input, Cuts(2u + data[0]), Bodies::kStreamed));
  return 0;
}
