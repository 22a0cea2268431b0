#include "net/ws_parser.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/ws_client.h"

namespace qn::net {
namespace {

using test::WsTestFrame;

constexpr std::size_t kLimit = 1000;

std::string frame(unsigned opcode, std::string_view payload, bool is_final = true,
                  unsigned reserved = 0) {
  return test::encode({opcode, is_final, reserved, true, std::string(payload)});
}

// "text …", "binary …", "ping …", "pong …", "close CODE …", "failed CODE".
std::vector<std::string> parse(std::string bytes, std::size_t step,
                               WsInflater* inflater = nullptr) {
  WsParser parser(kLimit);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    parser.feed(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)), inflater);
    for (;;) {
      const auto event = parser.next();
      const std::string payload(parser.payload());
      if (event == WsParser::Event::kNeedMore) break;
      if (event == WsParser::Event::kText) out.push_back("text " + payload);
      if (event == WsParser::Event::kBinary) out.push_back("binary " + payload);
      if (event == WsParser::Event::kPing) out.push_back("ping " + payload);
      if (event == WsParser::Event::kPong) out.push_back("pong " + payload);
      if (event == WsParser::Event::kClose) {
        out.push_back("close " + std::to_string(parser.code()) + " " + payload);
      }
      if (event == WsParser::Event::kFailed)
        out.push_back("failed " + std::to_string(parser.code()));
    }
  }
  return out;
}

// However the bytes are cut, the same comes out.
std::vector<std::string> parse(const std::string& bytes, WsInflater* inflater = nullptr) {
  auto whole = parse(bytes, bytes.size() + 1, inflater);
  for (const std::size_t step : {1, 2, 3, 7, 64}) EXPECT_EQ(parse(bytes, step, inflater), whole);
  return whole;
}

using Events = std::vector<std::string>;

TEST(WsParser, ReadsMessagesOfEveryLengthForm) {
  for (const std::size_t size : {0, 1, 2, 3, 7, 8, 9, 125, 126, 127, 1000}) {
    const std::string text(size, 'a');
    EXPECT_EQ(parse(frame(1, text)), Events{"text " + text}) << size;
    EXPECT_EQ(parse(frame(2, text) + frame(1, "b")), (Events{"binary " + text, "text b"}));
  }
}

TEST(WsParser, JoinsFragmentsAroundControlFrames) {
  const std::string bytes = frame(1, "one ", false) + frame(9, "p") + frame(0, "", false) +
                            frame(0, "two ", false) + frame(10, "q") + frame(0, "three") +
                            frame(2, "four", false) + frame(0, "");
  EXPECT_EQ(parse(bytes), (Events{"ping p", "pong q", "text one two three", "binary four"}));
}

TEST(WsParser, RefusesWhatAFrameMustNotBe) {
  EXPECT_EQ(parse(frame(1, "x", true, 1)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, "x", true, 2)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, "x", true, 4)), Events{"failed 1002"});  // nobody agreed to compress
  EXPECT_EQ(parse(frame(9, "x", true, 4)), Events{"failed 1002"});
  for (const unsigned opcode : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
    EXPECT_EQ(parse(frame(opcode, "x")), Events{"failed 1002"}) << opcode;
  }
  EXPECT_EQ(parse(frame(9, "x", false)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(8, "", false)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(9, std::string(126, 'x'))), Events{"failed 1002"});
  EXPECT_EQ(parse(test::encode({1, true, 0, false, "no mask"})), Events{"failed 1002"});
}

TEST(WsParser, RefusesLengthsThatAreNotTheShortest) {
  EXPECT_EQ(parse(std::string("\x81\xfe\x00\x7d", 4)), Events{"failed 1002"});
  EXPECT_EQ(parse(std::string("\x81\xff\0\0\0\0\0\0\xff\xff", 10)), Events{"failed 1002"});
  EXPECT_EQ(parse(std::string("\x81\xff\x80\0\0\0\0\0\0\0", 10)), Events{"failed 1002"});
}

TEST(WsParser, RefusesFragmentsOutOfOrder) {
  EXPECT_EQ(parse(frame(0, "x")), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(0, "x", false)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, "x", false) + frame(1, "y")), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, "x", false) + frame(2, "y", false)), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, "x") + frame(0, "y")), (Events{"text x", "failed 1002"}));
}

TEST(WsParser, RefusesMessagesThatAreTooLongAtTheirHeader) {
  EXPECT_EQ(parse(frame(1, std::string(kLimit, 'x'))).size(), 1U);
  EXPECT_EQ(parse(frame(1, std::string(kLimit + 1, 'x')).substr(0, 4)), Events{"failed 1009"});
  EXPECT_EQ(parse(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10)),
            Events{"failed 1009"});
  const std::string half(kLimit / 2, 'x');
  const std::string rest(kLimit / 2 + 1, 'x');
  EXPECT_EQ(parse(frame(1, half, false) + frame(0, rest).substr(0, 4)), Events{"failed 1009"});
}

TEST(WsParser, RefusesTextThatIsNotUtf8AtTheFirstWrongByte) {
  EXPECT_EQ(parse(frame(1, "\xce\xba\xe1\xbd\xb9\xcf\x83")),
            Events{"text \xce\xba\xe1\xbd\xb9\xcf\x83"});
  EXPECT_EQ(parse(frame(1, "ok \xed\xa0\x80 more that never comes").substr(0, 11)),
            Events{"failed 1007"});
  EXPECT_EQ(parse(frame(1, "\xf4\x90\x80\x80", false)), Events{"failed 1007"});
  EXPECT_EQ(parse(frame(1, "cut \xe4\xbd")), Events{"failed 1007"});
  EXPECT_EQ(
      parse(frame(1, "\xe4", false) + frame(9, "") + frame(0, "\xbd", false) + frame(0, "\xa0")),
      (Events{"ping ", "text \xe4\xbd\xa0"}));
  EXPECT_EQ(parse(frame(2, "\xff")), Events{"binary \xff"});
}

TEST(WsParser, ReadsCloseFramesAndNothingAfterThem) {
  EXPECT_EQ(parse(test::close_frame(0) + frame(1, "late")), Events{"close 1005 "});
  EXPECT_EQ(parse(test::close_frame(1000, "bye")), Events{"close 1000 bye"});
  EXPECT_EQ(parse(frame(1, "half", false) + test::close_frame(1001)), Events{"close 1001 "});
  for (const std::uint16_t code : {1003, 1007, 1011, 1014, 3000, 4999}) {
    EXPECT_EQ(parse(test::close_frame(code)), Events{"close " + std::to_string(code) + " "});
  }
  for (const std::uint16_t code : {1, 999, 1004, 1005, 1006, 1015, 1100, 2999, 5000, 65535}) {
    EXPECT_EQ(parse(test::close_frame(code)), Events{"failed 1002"}) << code;
  }
  EXPECT_EQ(parse(frame(8, "x")), Events{"failed 1002"});
  EXPECT_EQ(parse(test::close_frame(1000, "\xff")), Events{"failed 1007"});
}

TEST(WsParser, IsIdleOnlyBetweenMessages) {
  WsParser parser(kLimit);
  std::string bytes = frame(1, "abc", false) + frame(0, "d");
  EXPECT_TRUE(parser.is_idle());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    parser.feed(std::span(bytes).subspan(i, 1), nullptr);
    while (parser.next() != WsParser::Event::kNeedMore) {
    }
    EXPECT_EQ(parser.is_idle(), i + 1 == bytes.size()) << i;
  }
}

TEST(WsParser, InflatesMessages) {
  WsInflater inflater;
  const std::string text = "Hello Hello Hello Hello \xe4\xbd\xa0\xe5\xa5\xbd";
  const std::string small = ws_deflate(text);
  EXPECT_EQ(parse(frame(1, small, true, 4) + frame(1, "plain"), &inflater),
            (Events{"text " + text, "text plain"}));
  EXPECT_EQ(parse(frame(1, small.substr(0, 3), false, 4) + frame(9, "") + frame(0, small.substr(3)),
                  &inflater),
            (Events{"ping ", "text " + text}));
  // RFC 7692 §7.2.3.1 and §7.2.3.4: "Hello", then a final block with more behind it.
  EXPECT_EQ(parse(frame(1, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), true, 4), &inflater),
            Events{"text Hello"});
  EXPECT_EQ(parse(frame(1, std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8), true, 4), &inflater),
            Events{"text Hello"});
  EXPECT_EQ(parse(frame(2, std::string(1, '\0'), true, 4), &inflater), Events{"binary "});
}

TEST(WsParser, RefusesCompressedMessagesThatAreWrong) {
  WsInflater inflater;
  EXPECT_EQ(parse(frame(1, "\xff\xff\xff", true, 4), &inflater), Events{"failed 1007"});
  EXPECT_EQ(parse(frame(1, ws_deflate("\xff not text"), true, 4), &inflater),
            Events{"failed 1007"});
  EXPECT_EQ(parse(frame(1, "x", false) + frame(0, "y", true, 4), &inflater), Events{"failed 1002"});
  EXPECT_EQ(parse(frame(1, ws_deflate(std::string(kLimit, 'x')), true, 4), &inflater).size(), 1U);
  EXPECT_EQ(parse(frame(1, ws_deflate(std::string(kLimit + 1, 'x')), true, 4), &inflater),
            Events{"failed 1009"});
  EXPECT_EQ(
      parse(frame(1, ws_deflate(std::string(50'000'000, 'x')).substr(0, 900), true, 4), &inflater),
      Events{"failed 1009"});
}

}  // namespace
}  // namespace qn::net
