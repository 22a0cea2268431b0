#include "net/byte_range.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

using Kind = ByteRange::Kind;

void expect_part(std::string_view field, std::uint64_t first, std::uint64_t length) {
  const auto range = parse_range(field, 1000);
  EXPECT_EQ(range.kind, Kind::kPart) << field;
  EXPECT_EQ(range.first, first) << field;
  EXPECT_EQ(range.length, length) << field;
}

TEST(ByteRange, ReadsTheThreeForms) {
  expect_part("bytes=0-0", 0, 1);
  expect_part("bytes=10-19", 10, 10);
  expect_part("bytes=990-", 990, 10);
  expect_part("bytes=-10", 990, 10);
}

TEST(ByteRange, StopsAtTheEndOfTheFile) {
  expect_part("bytes=990-5000", 990, 10);
  expect_part("bytes=-5000", 0, 1000);
  expect_part("bytes=0-18446744073709551615", 0, 1000);
}

TEST(ByteRange, WhatCannotBeSatisfied) {
  for (const std::string_view field :
       {"bytes=1000-", "bytes=5-4", "bytes=-0", "bytes=", "bytes=-", "bytes=a-b", "bytes=1",
        "bytes=1-x", "bytes= 1 - 2", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(parse_range(field, 1000).kind, Kind::kUnsatisfiable) << field;
  }
  EXPECT_EQ(parse_range("bytes=0-", 0).kind, Kind::kUnsatisfiable);
  EXPECT_EQ(parse_range("bytes=-1", 0).kind, Kind::kUnsatisfiable);
}

TEST(ByteRange, SeveralRangesAndOtherUnitsMeanEverything) {
  for (const std::string_view field : {"", "bytes=0-1,5-6", "items=0-1", "0-1"}) {
    EXPECT_EQ(parse_range(field, 1000).kind, Kind::kWhole) << field;
  }
}

}  // namespace
}  // namespace qn::net
