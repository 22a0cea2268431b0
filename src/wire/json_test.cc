#include "wire/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace qn::wire {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse_json(text);
  return value ? to_json(*value) : "error: " + value.error().detail;
}

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

struct NumberRow {
  double value;
  std::string_view text;
};

TEST(JsNumber, PrintsAsJavaScriptDoes) {
  constexpr NumberRow kRows[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {1.5, "1.5"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {116.39747200000001, "116.39747200000001"},
      {123456789, "123456789"},
      {100, "100"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.5e21, "1.5e+21"},
      {1e-6, "0.000001"},
      {1.5e-6, "0.0000015"},
      {1e-7, "1e-7"},
      {1.25e-7, "1.25e-7"},
      {1e300, "1e+300"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {2251799813685249.5, "2251799813685249.5"},
      {9007199254740993.0, "9007199254740992"},
      {std::numeric_limits<double>::infinity(), "Infinity"},
      {-std::numeric_limits<double>::infinity(), "-Infinity"},
      {std::numeric_limits<double>::quiet_NaN(), "NaN"},
  };
  for (const auto& row : kRows) EXPECT_EQ(js_number(row.value), row.text);
}

TEST(ToJson, WritesWhatJsonStringifyWrites) {
  constexpr std::pair<std::string_view, std::string_view> kRows[] = {
      {"null", "null"},
      {" true ", "true"},
      {"false", "false"},
      {"-0", "0"},
      {"-0.0", "0"},
      {"1.0", "1"},
      {"1e3", "1000"},
      {"1E21", "1e+21"},
      {"1.50", "1.5"},
      {"0.12345678901234566", "0.12345678901234566"},
      {"116.39747200000001", "116.39747200000001"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551615", "18446744073709551615"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"},
      {"1e400", "null"},
      {"-1e400", "null"},
      {"1e-400", "0"},
      {"\"\"", "\"\""},
      {R"("\u9752鸟\ud83d\ude00")", "\"青鸟😀\""},
      {R"("\u0000\u001F\/")", R"("\u0000\u001f/")"},
      {" [ 1 , \"2\" , [ ] , { } ] ", R"([1,"2",[],{}])"},
      {R"({"b":1,"a":{"z":null,"y":[true]}})", R"({"b":1,"a":{"z":null,"y":[true]}})"},
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
  };
  for (const auto& [text, expected] : kRows) EXPECT_EQ(round_trip(text), expected) << text;
}

TEST(ToJson, InfinityFromAComputationIsNull) {
  EXPECT_EQ(to_json(json::array{std::numeric_limits<double>::infinity(), std::nan("")}),
            "[null,null]");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  constexpr std::string_view kRows[] = {
      "",
      " ",
      "{bad",
      "{",
      "[1,]",
      "{\"a\":1,}",
      "// c\n1",
      "1 2",
      "nul",
      "'a'",
      "01",
      "+1",
      "1.",
      ".5",
      "0x10",
      "NaN",
      "\"\t\"",
      "\"\\x\"",
      "\"\\ud800\"",
      "\"\\udc00\"",
      "\"\xff\"",
      "\"\xed\xa0\x80\"",
      "\"\xc0\x80\"",
      "\"abc",
      "{\"\xf8\":1}",
      "\xef\xbb\xbf{}",
      "1e99999999999",
  };
  for (const auto text : kRows) {
    const auto value = parse_json(text);
    ASSERT_FALSE(value.has_value()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::kMalformed);
    EXPECT_FALSE(value.error().detail.empty());
  }
}

TEST(ParseJson, AllowsThirtyTwoLevels) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(round_trip(nested(32)), nested(32));
  EXPECT_FALSE(parse_json(nested(33)).has_value());
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).has_value());
}

TEST(ParseJson, ReadsNumbersExactlyAtTheEndOfTheText) {
  const auto value = parse_json("0.30000000000000004");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->as_double(), 0.1 + 0.2);
}

TEST(AppendJsonString, EscapesControlCharactersQuotesAndBackslashes) {
  EXPECT_EQ(escaped(""), "\"\"");
  EXPECT_EQ(escaped("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(escaped("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(escaped(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(escaped("青鸟😀 \u2028"), "\"青鸟😀 \u2028\"");
}

TEST(AppendJsonString, FindsTheSpecialByteAtEveryPosition) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, '\x80');
      text[at] = '"';
      std::string expected = text;
      expected.insert(at, 1, '\\');
      EXPECT_EQ(escaped(text), '"' + expected + '"');
    }
  }
}

TEST(AppendJsonString, EveryByteIsEscapedLikeTheSlowWay) {
  for (int first = 0; first < 256; ++first) {
    std::string text(8, 'x');
    text[0] = static_cast<char>(first);
    text[1] = '!';
    const bool special = first < 0x20 || first == '"' || first == '\\';
    EXPECT_EQ(escaped(text).size() > text.size() + 2, special) << first;
  }
}

}  // namespace
}  // namespace qn::wire
