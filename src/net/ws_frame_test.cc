#include "net/ws_frame.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "net/ws_deflate.h"
#include "net/ws_utf8.h"

namespace qn::net {
namespace {

TEST(WsFrame, HasTheShortestHeader) {
  EXPECT_EQ(WsFrame::text("Hello")->bytes(), "\x81\x05Hello");
  EXPECT_EQ(WsFrame::text("")->bytes(), std::string_view("\x81\x00", 2));
  EXPECT_EQ(WsFrame::binary("x")->bytes(), "\x82\x01x");
  EXPECT_EQ(WsFrame::text(std::string(125, 'x'))->bytes().substr(0, 2), "\x81\x7d");
  EXPECT_EQ(WsFrame::text(std::string(126, 'x'))->bytes().substr(0, 4),
            std::string_view("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(WsFrame::text(std::string(65'535, 'x'))->bytes().substr(0, 4), "\x81\x7e\xff\xff");
  EXPECT_EQ(WsFrame::text(std::string(65'536, 'x'))->bytes().substr(0, 10),
            std::string_view("\x81\x7f\0\0\0\0\0\x01\0\0", 10));
  EXPECT_EQ(WsFrame::text(std::string(70'000, 'x'))->payload(), std::string(70'000, 'x'));
}

TEST(WsFrame, DeflatesOnceAndOnlyWhereItHelps) {
  const auto frame = WsFrame::text(std::string(500, 'x'));
  const auto small = frame->deflated();
  EXPECT_EQ(static_cast<unsigned char>(small[0]), 0xc1);
  EXPECT_LT(small.size(), 30U);
  EXPECT_EQ(frame->deflated().data(), small.data());
  std::string back;
  WsInflater inflater;
  EXPECT_EQ(inflater.inflate(small.substr(2), 500, back), WsInflater::Result::kOk);
  EXPECT_EQ(back, frame->payload());
  EXPECT_EQ(WsFrame::text("xxxxxxxxxxxxxx")->deflated(), "");
  EXPECT_EQ(make_ws_ping(1)->deflated(), "");
}

TEST(WsFrame, RoundTripsThroughDeflateAtEverySize) {
  WsInflater inflater;
  std::string text;
  for (std::size_t i = 0; text.size() < 100'000; ++i) {
    std::string back;
    ASSERT_EQ(inflater.inflate(ws_deflate(text), text.size(), back), WsInflater::Result::kOk);
    ASSERT_EQ(back, text);
    text += std::to_string(i * i) + std::string(i % 700, static_cast<char>('a' + i % 26));
  }
}

TEST(WsFrame, ControlFrames) {
  EXPECT_EQ(make_ws_ping(0x0102)->bytes(), std::string_view("\x89\x08\0\0\0\0\0\0\x01\x02", 10));
  EXPECT_EQ(make_ws_close(0, "ignored")->bytes(), std::string_view("\x88\x00", 2));
  EXPECT_EQ(make_ws_close(1000, "")->bytes(), "\x88\x02\x03\xe8");
  EXPECT_EQ(make_ws_close(4001, "bye")->bytes(),
            "\x88\x05\x0f\xa1"
            "bye");
}

TEST(WsFrame, LongReasonsAreCutBetweenCharacters) {
  std::string reason;
  for (int i = 0; i < 60; ++i) reason += "\xe4\xbd\xa0";
  const auto payload = std::string(make_ws_close(1000, reason)->payload().substr(2));
  EXPECT_EQ(payload.size(), 123U);
  EXPECT_TRUE(is_utf8(payload));
  const auto shifted = std::string(make_ws_close(1000, "x" + reason)->payload().substr(2));
  EXPECT_EQ(shifted.size(), 121U);
  EXPECT_TRUE(is_utf8(shifted));
}

TEST(Utf8Checker, AgreesWithTheWholeTextCheckWhateverTheCut) {
  const std::string samples[] = {"",
                                 "plain text of more than eight bytes",
                                 "\xce\xba\xe1\xbd\xb9",
                                 "\xf0\x9f\x98\x80",
                                 "\xf4\x8f\xbf\xbf",
                                 "\xf4\x90\x80\x80",
                                 "\xed\x9f\xbf\xee\x80\x80",
                                 "\xed\xa0\x80",
                                 "\xc0\xaf",
                                 "\xc1\xbf",
                                 "\xe0\x80\xaf",
                                 "\xe0\x9f\xbf",
                                 "\xf0\x8f\xbf\xbf",
                                 "\xf5\x80\x80\x80",
                                 "\x80",
                                 "abcdefgh\xff",
                                 "\xe4\xbd",
                                 "\xe4\xbd x"};
  for (const auto& sample : samples) {
    for (std::size_t cut = 0; cut <= sample.size(); ++cut) {
      Utf8Checker checker;
      const bool ok = checker.feed(sample.substr(0, cut)) && checker.feed(sample.substr(cut));
      EXPECT_EQ(ok && checker.is_complete(), is_utf8(sample)) << sample << " at " << cut;
    }
  }
}

TEST(Utf8Checker, KnowsEveryCodePointAndNothingElse) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const char* rest : {"", "\x80", "\x80\x80", "\xbf\x7f"}) {
        std::string text{static_cast<char>(first), static_cast<char>(second)};
        text += rest;
        Utf8Checker checker;
        const bool ok = checker.feed(text) && checker.is_complete();
        ASSERT_EQ(ok, is_utf8(text)) << first << ' ' << second;
      }
    }
  }
}

}  // namespace
}  // namespace qn::net
