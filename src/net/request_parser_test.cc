#include "net/request_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace qn::net {
namespace {

constexpr std::size_t kMaxHeader = 512;
constexpr std::size_t kBodyLimit = 100;

struct Outcome {
  std::vector<HttpRequest> requests;
  std::vector<HeadFacts> facts;
  int error = 0;
  RequestParser::Phase phase = RequestParser::Phase::kIdle;
};

enum class Bodies { kCollected, kStreamed };

// Feeds `input` in pieces of `step` bytes and takes what comes out. A streamed
// body is put where a collected one would be.
Outcome parse(std::string_view input, std::size_t step = 1'000'000,
              Bodies bodies = Bodies::kCollected) {
  Outcome out;
  RequestParser parser(kMaxHeader);
  std::string streamed;
  for (;;) {
    switch (parser.advance()) {
      case RequestParser::Event::kHead:
        if (bodies == Bodies::kStreamed) {
          parser.stream_body(kBodyLimit);
        } else {
          parser.set_body_limit(kBodyLimit);
        }
        break;
      case RequestParser::Event::kPiece:
        EXPECT_FALSE(parser.piece().empty());
        streamed += parser.piece();
        break;
      case RequestParser::Event::kRequest:
        out.facts.push_back(parser.facts());
        out.requests.push_back(parser.take());
        if (bodies == Bodies::kStreamed) {
          EXPECT_EQ(out.requests.back().body, "");
          out.requests.back().body = std::exchange(streamed, {});
        }
        break;
      case RequestParser::Event::kError:
        out.error = parser.error_status();
        return out;
      case RequestParser::Event::kNeedMore: {
        out.phase = parser.phase();
        if (input.empty()) return out;
        const auto room = parser.room();
        const std::size_t n = std::min({input.size(), room.size(), step});
        std::memcpy(room.data(), input.data(), n);
        parser.filled(n);
        input.remove_prefix(n);
      }
    }
  }
}

int status_of(std::string_view input) {
  const int whole = parse(input).error;
  EXPECT_EQ(parse(input, 1).error, whole) << input;
  EXPECT_EQ(parse(input, 1, Bodies::kStreamed).error, whole) << input;
  EXPECT_EQ(parse(input, 1'000, Bodies::kStreamed).error, whole) << input;
  return whole;
}

std::string get(std::string_view fields, std::string_view line = "GET / HTTP/1.1") {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields, std::string_view body) {
  return get(fields, "POST /p HTTP/1.1") + std::string(body);
}

TEST(RequestParser, ReadsLineAndFields) {
  const auto out =
      parse("PUT /a%20b?x=1 HTTP/1.1\r\nHost: example:80\r\nX-Thing:  two words \r\n\r\n");
  ASSERT_EQ(out.requests.size(), 1u);
  const auto& request = out.requests[0];
  EXPECT_EQ(request.method, Method::kPut);
  EXPECT_EQ(request.target, "/a%20b?x=1");
  EXPECT_EQ(request.path(), "/a%20b");
  EXPECT_EQ(request.query(), "x=1");
  EXPECT_EQ(request.headers.size(), 2u);
  EXPECT_EQ(request.headers.find("x-thing"), "two words");
  EXPECT_TRUE(out.facts[0].keep_alive);
  EXPECT_EQ(out.phase, RequestParser::Phase::kIdle);
}

TEST(RequestParser, PipelinedRequestsComeOutWhateverTheCut) {
  const std::string input = get("") + post("Content-Length: 3\r\n", "abc") +
                            post("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n") +
                            get("", "DELETE /d HTTP/1.1");
  for (std::size_t step = 1; step < input.size(); ++step) {
    for (const auto bodies : {Bodies::kCollected, Bodies::kStreamed}) {
      const auto out = parse(input, step, bodies);
      ASSERT_EQ(out.requests.size(), 4u) << step;
      EXPECT_EQ(out.requests[1].body, "abc");
      EXPECT_EQ(out.requests[2].body, "hi");
      EXPECT_EQ(out.requests[3].method, Method::kDelete);
      EXPECT_EQ(out.error, 0);
    }
  }
}

TEST(RequestParser, ConnectionFieldDecidesKeepAlive) {
  EXPECT_FALSE(parse(get("Connection: close\r\n")).facts.at(0).keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").facts.at(0).keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").facts.at(0).keep_alive);
}

TEST(RequestParser, ExpectationNeedsVersion11) {
  EXPECT_TRUE(parse(post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "x"))
                  .facts.at(0)
                  .expects_continue);
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")
                   .facts.at(0)
                   .expects_continue);
}

TEST(RequestParser, TargetFormsOfTheRfc) {
  EXPECT_EQ(parse(get("", "GET http://host:1/x?y HTTP/1.1")).requests.at(0).target, "/x?y");
  EXPECT_EQ(parse(get("", "GET HTTPS://host HTTP/1.1")).requests.at(0).target, "/");
  EXPECT_EQ(parse(get("", "GET http://host?q HTTP/1.1")).requests.at(0).target, "/?q");
  EXPECT_EQ(parse(get("", "OPTIONS * HTTP/1.1")).requests.at(0).target, "*");
  EXPECT_EQ(status_of(get("", "GET * HTTP/1.1")), 400);
  EXPECT_EQ(status_of(get("", "GET x HTTP/1.1")), 400);
  EXPECT_EQ(status_of(get("", "CONNECT host:1 HTTP/1.1")), 400);
  EXPECT_EQ(status_of(get("", "GET http:///x HTTP/1.1")), 400);
}

TEST(RequestParser, OtherVersionsAre505AndNonsenseIs400) {
  EXPECT_EQ(status_of(get("", "GET / HTTP/2.0")), 505);
  EXPECT_EQ(status_of(get("", "GET / HTTP/0.9")), 505);
  EXPECT_EQ(status_of(get("", "PRI * HTTP/2.0")), 505);
  EXPECT_EQ(status_of(get("", "GET / HTTP/11")), 400);
  EXPECT_EQ(status_of(get("", "GET / FTP/1.1")), 400);
  EXPECT_EQ(status_of(get("", "GET /")), 400);
  EXPECT_EQ(status_of("\x16\x03\x01"), 400);  // TLS on the plain port
  EXPECT_EQ(status_of(get("", "G@T / HTTP/1.1")), 400);
}

TEST(RequestParser, HostIsRequiredOnceAndClean) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0);
  EXPECT_EQ(status_of(get("Host: b\r\n")), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: [::1]:7001\r\n\r\n"), 0);
}

TEST(RequestParser, FieldsWithStrangeBytesAreRefused) {
  EXPECT_EQ(status_of(get("Na me: x\r\n")), 400);
  EXPECT_EQ(status_of(get("Name : x\r\n")), 400);
  EXPECT_EQ(status_of(get("N\x80: x\r\n")), 400);
  EXPECT_EQ(status_of(get(": x\r\n")), 400);
  EXPECT_EQ(status_of(get("Name\r\n")), 400);
  EXPECT_EQ(status_of(get(std::string_view("A: x\0y\r\n", 8))), 400);
  EXPECT_EQ(status_of(get("A: x\ry\r\n")), 400);
  EXPECT_EQ(status_of(get("A: x\ny: z\r\n")), 400);
  EXPECT_EQ(status_of(get("A: x\r\n folded\r\n")), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: a\n\n"), 400);
}

TEST(RequestParser, LengthsThatSmuggleAreRefused) {
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 3, 4\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: +3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: -3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 0x3\r\n", "abc")), 400);
  EXPECT_EQ(status_of(post("Content-Length: \r\n", "")), 400);
  EXPECT_EQ(status_of(post("Content-Length: 99999999999999999999\r\n", "")), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestParser, OnlyChunkedIsATransferCoding) {
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip\r\n", "")), 501);
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")), 501);
  EXPECT_EQ(status_of(post("Transfer-Encoding: identity\r\n", "")), 501);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked, gzip\r\n", "")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked, chunked\r\n", "")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "")),
            400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: \r\n", "")), 400);
  EXPECT_EQ(status_of(post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n")), 0);
}

TEST(RequestParser, BodyLimitIsExact) {
  const std::string full(kBodyLimit, 'x');
  EXPECT_EQ(parse(post("Content-Length: 100\r\n", full)).requests.at(0).body, full);
  EXPECT_EQ(status_of(post("Content-Length: 101\r\n", "")), 413);
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", "64\r\n" + full + "\r\n0\r\n\r\n"))
                .requests.at(0)
                .body,
            full);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", "65\r\n")), 413);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", "64\r\n" + full + "\r\n1\r\n")), 413);
}

TEST(RequestParser, HeaderLimitIsExact) {
  const std::string fixed = get("A: \r\n");
  const std::string fits = get("A: " + std::string(kMaxHeader - fixed.size(), 'x') + "\r\n");
  ASSERT_EQ(fits.size(), kMaxHeader);
  EXPECT_EQ(status_of(fits), 0);
  EXPECT_EQ(status_of(get("A: " + std::string(kMaxHeader - fixed.size() + 1, 'x') + "\r\n")), 431);
  EXPECT_EQ(status_of("GET /" + std::string(kMaxHeader, 'x')), 431);
}

TEST(RequestParser, OneEmptyLineBeforeARequestIsForgiven) {
  const auto out = parse(post("Content-Length: 1\r\n", "x") + "\r\n" + get(""), 1);
  EXPECT_EQ(out.requests.size(), 2u);
  EXPECT_EQ(parse("\r\n").phase, RequestParser::Phase::kIdle);
  EXPECT_EQ(status_of("\r\n\r\n" + get("")), 400);
}

TEST(RequestParser, PhaseSaysWhatIsAwaited) {
  EXPECT_EQ(parse("").phase, RequestParser::Phase::kIdle);
  EXPECT_EQ(parse("G").phase, RequestParser::Phase::kHead);
  EXPECT_EQ(parse(get("") + "GET").phase, RequestParser::Phase::kHead);
  EXPECT_EQ(parse(post("Content-Length: 2\r\n", "x")).phase, RequestParser::Phase::kBody);
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", "2\r\nx")).phase,
            RequestParser::Phase::kBody);
}

}  // namespace
}  // namespace qn::net
