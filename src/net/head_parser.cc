#include "net/head_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace qn::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Text = beast::string_view;

constexpr int kOk = 0;
constexpr int kBadRequest = 400;
constexpr int kNotImplemented = 501;
constexpr int kVersionNotSupported = 505;
constexpr std::size_t kUsualFieldCount = 16;

std::string_view view(Text text) {
  return {text.data(), text.size()};
}

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::kGet;
    case http::verb::head:
      return Method::kHead;
    case http::verb::post:
      return Method::kPost;
    case http::verb::put:
      return Method::kPut;
    case http::verb::patch:
      return Method::kPatch;
    case http::verb::delete_:
      return Method::kDelete;
    case http::verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

// The characters of uri-host and port (RFC 3986 §3.2.2), nothing else: what
// gets into a Host field ends up in links.
bool is_host(std::string_view text) {
  constexpr std::string_view kPunctuation = "-._~!$&'()*+,;=:%[]";
  for (const char c : text) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alnum && kPunctuation.find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Only "chunked", once, is a coding this server knows. Anything that two
// parsers could read differently is an attack or a bug (RFC 9112 §6.1).
int check_codings(std::string_view list) {
  std::size_t codings = 0;
  std::size_t chunked = 0;
  bool is_last_chunked = false;
  for (const auto token : http::token_list{Text(list.data(), list.size())}) {
    ++codings;
    is_last_chunked = beast::iequals(token, "chunked");
    chunked += is_last_chunked;
  }
  if (codings == 0 || chunked > 1 || (chunked == 1 && !is_last_chunked)) return kBadRequest;
  return codings == 1 && is_last_chunked ? kOk : kNotImplemented;
}

// Beast knows the grammar; this class keeps the fields in our own form and
// refuses what Beast lets through.
class HeadParser final : public http::basic_parser<true> {
 public:
  HeadParser(HttpRequest& request, HeadFacts& facts) : request_(request), facts_(facts) {
    skip(true);  // the body is ours: see ChunkDecoder
    header_limit(UINT32_MAX);
  }

  int finish();

 private:
  void on_request_impl(http::verb verb, Text, Text target, int version,
                       beast::error_code& ec) override;
  void on_field_impl(http::field name, Text text, Text value, beast::error_code& ec) override;
  void on_header_impl(beast::error_code&) override {}
  void on_finish_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(Text, beast::error_code&) override { return 0; }
  std::size_t on_chunk_body_impl(std::uint64_t, Text, beast::error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, Text, beast::error_code&) override {}
  void on_response_impl(int, Text, int, beast::error_code&) override {}

  HttpRequest& request_;
  HeadFacts& facts_;
  std::string codings_;  // the values of every Transfer-Encoding field
  int hosts_ = 0;
  bool has_codings_ = false;
  bool has_length_ = false;
};

// Origin-form stays, absolute-form loses scheme and authority (RFC 9112 §3.2.2),
// "*" belongs to OPTIONS only.
bool set_target(HttpRequest& request, std::string_view target) {
  if (target.starts_with('/')) {
    request.target = target;
    return true;
  }
  if (target == "*") {
    request.target = target;
    return request.method == Method::kOptions;
  }
  std::size_t skip = 0;
  for (const std::string_view scheme : {"http://", "https://"}) {
    const auto start = target.substr(0, scheme.size());
    if (beast::iequals({start.data(), start.size()}, {scheme.data(), scheme.size()})) {
      skip = scheme.size();
    }
  }
  if (skip == 0) return false;
  const auto at = target.find_first_of("/?", skip);
  if (at == skip || target.size() == skip) return false;  // no authority
  request.target = at == std::string_view::npos ? std::string_view("/") : target.substr(at);
  if (request.target.front() == '?') request.target.insert(0, 1, '/');
  return true;
}

void HeadParser::on_request_impl(http::verb verb, Text, Text target, int version,
                                 beast::error_code& ec) {
  request_.method = method_of(verb);
  facts_.minor_version = version - 10;
  if (!set_target(request_, view(target))) ec = http::error::bad_target;
}

void HeadParser::on_field_impl(http::field name, Text text, Text value, beast::error_code& ec) {
  switch (name) {
    case http::field::host:
      ++hosts_;
      if (!is_host(view(value))) ec = http::error::bad_value;
      break;
    case http::field::content_length:
      has_length_ = true;
      break;
    case http::field::transfer_encoding:
      if (has_codings_) codings_ += ',';
      codings_ += view(value);
      has_codings_ = true;
      break;
    case http::field::expect:
      if (beast::iequals(value, "100-continue")) facts_.expects_continue = true;
      break;
    default:
      break;
  }
  request_.headers.add(view(text), view(value));
}

int HeadParser::finish() {
  if (hosts_ > 1 || (hosts_ == 0 && facts_.minor_version == 1)) return kBadRequest;
  if (has_codings_) {
    // With a length too, or before HTTP/1.1, the sender is confused or smuggling.
    if (has_length_ || facts_.minor_version == 0) return kBadRequest;
    if (const int status = check_codings(codings_); status != kOk) return status;
    facts_.body = HeadFacts::Body::kChunked;
  } else if (has_length_) {
    facts_.content_length = content_length().value_or(0);
    if (facts_.content_length > 0) facts_.body = HeadFacts::Body::kLength;
  }
  facts_.keep_alive = keep_alive();
  if (facts_.minor_version == 0) facts_.expects_continue = false;
  return kOk;
}

// A well-formed version that is not ours deserves its own answer.
bool names_other_version(std::string_view bytes) {
  const auto line = bytes.substr(0, bytes.find('\r'));
  const auto at = line.rfind(' ');
  if (at == std::string_view::npos) return false;
  const auto version = line.substr(at + 1);
  const auto digit = [&](std::size_t i) { return version[i] >= '0' && version[i] <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && digit(5) && version[6] == '.' &&
         digit(7);
}

}  // namespace

int parse_head(std::string_view bytes, HttpRequest& request, HeadFacts& facts) {
  facts = HeadFacts{};
  request.headers.clear();
  request.headers.reserve(bytes.size(), kUsualFieldCount);
  HeadParser parser(request, facts);
  beast::error_code ec;
  const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  if (ec == http::error::bad_version && names_other_version(bytes)) return kVersionNotSupported;
  if (ec || used != bytes.size() || !parser.is_header_done()) return kBadRequest;
  return parser.finish();
}

}  // namespace qn::net
