#include "net/chunk_decoder.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

using State = ChunkDecoder::State;

struct Outcome {
  State state = State::kMore;
  std::string body;
  std::string rest;
};

Outcome decode(std::string_view input, std::size_t step) {
  ChunkDecoder decoder(20, 16);
  Outcome out;
  while (!input.empty() && out.state == State::kMore) {
    auto piece = input.substr(0, step);
    const std::size_t size = piece.size();
    out.state = decoder.decode(piece, out.body);
    input.remove_prefix(size - piece.size());
  }
  out.rest = input;
  return out;
}

Outcome decode(std::string_view input) {
  const auto whole = decode(input, input.size() + 1);
  const auto bytewise = decode(input, 1);
  EXPECT_EQ(whole.state, bytewise.state) << input;
  EXPECT_EQ(whole.body, bytewise.body) << input;
  return whole;
}

TEST(ChunkDecoder, JoinsChunksAndLeavesWhatFollows) {
  const auto out = decode("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\nGET");
  EXPECT_EQ(out.state, State::kDone);
  EXPECT_EQ(out.body, "abc0123456789");
  EXPECT_EQ(out.rest, "GET");
}

TEST(ChunkDecoder, DropsExtensionsAndTrailers) {
  const auto out = decode("3;a=\"b\"\r\nabc\r\n0;z\r\nX: y\r\n\r\n");
  EXPECT_EQ(out.state, State::kDone);
  EXPECT_EQ(out.body, "abc");
}

TEST(ChunkDecoder, BoundsContentAndOverhead) {
  EXPECT_EQ(decode("15\r\n").state, State::kBodyTooLarge);
  EXPECT_EQ(decode("14\r\n").state, State::kMore);
  EXPECT_EQ(decode("1;" + std::string(17, 'x')).state, State::kOverheadTooLarge);
  EXPECT_EQ(decode("0\r\nA: " + std::string(14, 'x')).state, State::kOverheadTooLarge);
  EXPECT_EQ(decode("ffffffffffffffff\r\n").state, State::kMalformed);
  EXPECT_EQ(decode("fffffffffffffff\r\n").state, State::kBodyTooLarge);
}

TEST(ChunkDecoder, RefusesWhatOthersMightReadDifferently) {
  for (const std::string_view input :
       {"\r\n", "g\r\n", " 3\r\n", "3 \r\n", "0x3\r\n", "-1\r\n", "3\nabc", "3\r\rabc", "3;\n",
        "3\r\nabcX", "3\r\nabc\rX", "3\r\nabc\n", "0\r\nX: y\n", "0\r\n folded\r\n", "0\r\n\rX"}) {
    EXPECT_EQ(decode(input).state, State::kMalformed) << input;
  }
  EXPECT_EQ(decode(std::string_view("3;\0\r\n", 5)).state, State::kMalformed);
}

}  // namespace
}  // namespace qn::net
