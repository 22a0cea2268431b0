#include "gateway/frames.h"

#include <gtest/gtest.h>

namespace qn::gateway {
namespace {

using Kind = ClientFrame::Kind;

TEST(Frames, AMessageKeepsItsBodyAsItIs) {
  EXPECT_EQ(chat_frame(R"({"id":1})", time_from_millis(42))->payload(),
            R"({"type":"singleChat","data":{"id":1},"timestamp":42})");
}

TEST(Frames, NumbersComeOnTop) {
  const auto plain = chat_frame("{}", time_from_millis(42));
  const std::string expected =
      R"({"type":"singleChat","data":{},"timestamp":42,"conversation":3,"seq":9})";
  EXPECT_EQ(number_frame(*plain, model::ConversationId(3), 9)->payload(), expected);
  EXPECT_EQ(numbered_frame("{}", model::ConversationId(3), 9, time_from_millis(42))->payload(),
            expected);
}

TEST(Frames, PingsComeInThreeForms) {
  EXPECT_EQ(parse_client_frame("ping").kind, Kind::kPing);
  EXPECT_EQ(parse_client_frame(R"({"type":"ping"})").kind, Kind::kPing);
  const auto frame = parse_client_frame(R"({"type":"ping","token":"abc","timestamp":1})");
  EXPECT_EQ(frame.kind, Kind::kPing);
  EXPECT_TRUE(frame.has_token);
  EXPECT_EQ(frame.token, "abc");
}

TEST(Frames, ATokenThatIsNoTextCannotBeValid) {
  const auto frame = parse_client_frame(R"({"type":"ping","token":5})");
  EXPECT_TRUE(frame.has_token);
  EXPECT_EQ(frame.token, "");
  EXPECT_FALSE(parse_client_frame(R"({"type":"ping","token":null})").has_token);
  EXPECT_FALSE(parse_client_frame(R"({"type":"ping","token":""})").has_token);
}

TEST(Frames, WhatIsUnknownIsIgnored) {
  for (const auto* text : {"", "hello", "[]", "{", "{}", "5", R"({"type":"pong"})", R"({"type":7})",
                           R"({"type":"chat"})"}) {
    EXPECT_EQ(parse_client_frame(text).kind, Kind::kIgnored) << text;
  }
}

TEST(Frames, AcknowledgementsThatMakeNoSenseAreLeftOut) {
  const auto frame = parse_client_frame(
      R"({"type":"ack","acks":[[1,2],[0,2],[1,-1],[1],"x",[1,1.5],[1,99999999999999999],[3,4]]})");
  ASSERT_EQ(frame.acks.size(), 2u);
  EXPECT_EQ(frame.acks[0].second, 2);
  EXPECT_EQ(frame.acks[1].first, model::ConversationId(3));
}

TEST(Frames, AcknowledgementsAreBounded) {
  std::string text = R"({"type":"ack","acks":[[1,1])";
  for (std::size_t i = 0; i < kMaxAcks; ++i) text += ",[1,1]";
  EXPECT_EQ(parse_client_frame(text + "]}").acks.size(), kMaxAcks);
}

}  // namespace
}  // namespace qn::gateway
