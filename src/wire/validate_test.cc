#include "wire/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qn::wire {
namespace {

using testing::ElementsAre;

// The rules behind the recorded texts.
constexpr Rule kUsername{.name = "username", .required = true, .min = 4, .max = 20, .desc = "账号"};
constexpr Rule kUuid{.name = "uuid", .required = true, .min = 36, .max = 36, .desc = "uuid值"};
constexpr Rule kUserset{.name = "userset", .required = true, .min = 2, .desc = "用户设置"};
constexpr Rule kMaxOnly{.name = "note", .required = true, .max = 30, .desc = "备注"};
constexpr Rule kOptional{.name = "note", .min = 1, .max = 5, .desc = "备注"};
constexpr Rule kAnyText{.name = "data", .required = true, .desc = "消息内容"};
constexpr Rule kPage{
    .name = "page", .type = Type::kInt, .required = true, .min = 1, .desc = "页码"};
constexpr Rule kStamp{.name = "timestamp", .type = Type::kInt, .required = true, .desc = "时间戳"};
constexpr Rule kTen{.name = "value",
                    .type = Type::kInt,
                    .required = true,
                    .min = 0,
                    .max = 10,
                    .desc = "进群设置属性值"};
constexpr Rule kSent{.name = "create_time",
                     .type = Type::kInt,
                     .required = true,
                     .min = 1'000'000'000'000,
                     .max = 1'795'333'447'454,
                     .desc = "消息发送时间"};
constexpr Rule kFlag{.name = "lookhim",
                     .type = Type::kInt,
                     .required = true,
                     .in = "0|1",
                     .desc = "朋友是否可以看我的动态"};
constexpr Rule kState{
    .name = "status", .required = true, .in = "pending|refuse|agree|ignore", .desc = "处理状态"};
constexpr Rule kUserIds{.name = "userIds", .type = Type::kArray, .required = true};
constexpr Rule kNumber{
    .name = "n", .type = Type::kNumber, .required = true, .min = -1, .max = 100, .desc = "数"};
constexpr Rule kBool{.name = "b", .type = Type::kBool, .required = true, .desc = "开关"};
constexpr Rule kWide{.name = "w",
                     .type = Type::kInt,
                     .required = true,
                     .min = -std::int64_t{4'000'000'000'000'000'000},
                     .max = 4'000'000'000'000'000'000,
                     .desc = "宽"};

Result<Values> check(const Rule& rule, std::string_view body_json) {
  const auto body = parse_json(body_json);
  EXPECT_TRUE(body.has_value()) << body_json;
  return validate({&rule, 1}, {.body = &body->get_object()});
}

// The body {"<name>": <value>}; "absent" leaves the key out.
Result<Values> check_value(const Rule& rule, std::string_view value) {
  if (value == "absent") return check(rule, "{}");
  return check(rule, "{\"" + std::string(rule.name) + "\":" + std::string(value) + "}");
}

struct Refused {
  const Rule& rule;
  std::string_view value;
  std::string_view text;
};

constexpr Refused kRefused[] = {
    // Rule 1, missing.
    {kUsername, "absent", "账号不能为空"},
    {kUsername, "\"\"", "账号不能为空"},
    {kPage, "absent", "页码不能为空"},
    {kPage, "\"\"", "页码不能为空"},
    {kUserIds, "absent", "userIds不能为空"},
    {kUserIds, "\"\"", "userIds不能为空"},
    // Rule 2, type int.
    {kPage, "null", "页码 的值 `null` 的类型不是 `int`"},
    {kPage, "true", "页码 的值 `true` 的类型不是 `int`"},
    {kPage, "1.5", "页码 的值 `1.5` 的类型不是 `int`"},
    {kPage, "\"1.0\"", "页码 的值 `1.0` 的类型不是 `int`"},
    {kPage, "\"1e3\"", "页码 的值 `1e3` 的类型不是 `int`"},
    {kPage, "\"0x10\"", "页码 的值 `0x10` 的类型不是 `int`"},
    {kPage, "\" 5\"", "页码 的值 ` 5` 的类型不是 `int`"},
    {kPage, "\"5 \"", "页码 的值 `5 ` 的类型不是 `int`"},
    {kPage, "\"5\\n\"", "页码 的值 `5\n` 的类型不是 `int`"},
    {kPage, "\"abc\"", "页码 的值 `abc` 的类型不是 `int`"},
    {kPage, "\" \"", "页码 的值 ` ` 的类型不是 `int`"},
    {kPage, "\"+\"", "页码 的值 `+` 的类型不是 `int`"},
    {kPage, "\"-+1\"", "页码 的值 `-+1` 的类型不是 `int`"},
    {kPage, "[]", "页码 的值 `[]` 的类型不是 `int`"},
    {kPage, "[1]", "页码 的值 `[1]` 的类型不是 `int`"},
    {kPage, "{}", "页码 的值 `{}` 的类型不是 `int`"},
    {kPage, "{\"a\":1}", "页码 的值 `{\"a\":1}` 的类型不是 `int`"},
    {kPage, "1e21", "页码 的值 `1e+21` 的类型不是 `int`"},
    {kPage, "1e400", "页码 的值 `Infinity` 的类型不是 `int`"},
    // Rule 3, length.
    {kUsername, "\"aaa\"", "账号 的长度 必须 在 4 和 20 之间"},
    {kUsername, "\"aaaaaaaaaaaaaaaaaaaaa\"", "账号 的长度 必须 在 4 和 20 之间"},
    {kUsername, "\"汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉\"",
     "账号 的长度 必须 在 4 和 20 之间"},
    {kUsername, "12", "账号 的长度 必须 在 4 和 20 之间"},
    {kUsername, "[1]", "账号 的长度 必须 在 4 和 20 之间"},
    {kUsername, "\" \"", "账号 的长度 必须 在 4 和 20 之间"},
    {kUuid, "null", "uuid值 的长度 必须 在 36 和 36 之间"},
    {kUserset, "\" \"", "用户设置 的长度 必须 在 2 和 10000000 之间"},
    {kOptional, "\"123456\"", "备注 的长度 必须 在 1 和 5 之间"},
    // Rules 4 and 5, value.
    {kPage, "0", "页码 的数值 必须 在 1 和 10000000000000000 之间"},
    {kPage, "-1", "页码 的数值 必须 在 1 和 10000000000000000 之间"},
    {kPage, "\"99999999999999999\"", "页码 的数值 必须 在 1 和 10000000000000000 之间"},
    {kPage, "\"-99999999999999999999999999\"", "页码 的数值 必须 在 1 和 10000000000000000 之间"},
    {kStamp, "\"99999999999999999\"",
     "时间戳 的数值 必须 在 -10000000000000000 和 10000000000000000 之间"},
    {kStamp, "\"99999999999999999999999999999999\"",
     "时间戳 的数值 必须 在 -10000000000000000 和 10000000000000000 之间"},
    {kWide, "10000000000000001", "宽 的数值 必须 在 -10000000000000000 和 10000000000000000 之间"},
    {kTen, "11", "进群设置属性值 的数值 必须 大于等于 `0` 小于等于 `10`"},
    {kTen, "\"+99999\"", "进群设置属性值 的数值 必须 大于等于 `0` 小于等于 `10`"},
    {kSent, "-1", "消息发送时间 的数值 必须 在 1000000000000 和 1795333447454 之间"},
    // Rule 6, length from zero.
    {kMaxOnly, "\"汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉\"",
     "备注 的长度 必须 大于等于 `0` 小于等于 `30`"},
    // Rule 7, not in the set. The raw text is compared.
    {kFlag, "9", "朋友是否可以看我的动态 的值 `9` 必须在 [`0`、`1`] 中"},
    {kFlag, "\"2\"", "朋友是否可以看我的动态 的值 `2` 必须在 [`0`、`1`] 中"},
    {kFlag, "\"+1\"", "朋友是否可以看我的动态 的值 `+1` 必须在 [`0`、`1`] 中"},
    {kFlag, "\"01\"", "朋友是否可以看我的动态 的值 `01` 必须在 [`0`、`1`] 中"},
    {kFlag, "\"a\"", "朋友是否可以看我的动态 的值 `a` 的类型不是 `int`"},
    {kFlag, "\"99999999999999999\"",
     "朋友是否可以看我的动态 的数值 必须 在 -10000000000000000 和 10000000000000000 之间"},
    {kState, "\"zzz\"", "处理状态 的值 `zzz` 必须在 [`pending`、`refuse`、`agree`、`ignore`] 中"},
    {kState, "null", "处理状态 的值 `null` 必须在 [`pending`、`refuse`、`agree`、`ignore`] 中"},
    {kState, "{\"a\":1}",
     "处理状态 的值 `{\"a\":1}` 必须在 [`pending`、`refuse`、`agree`、`ignore`] 中"},
    // Rules 8 and 9, arrays.
    {kUserIds, "5", "userIds 的值 `5` 的类型不是 `json`"},
    {kUserIds, "\"5\"", "userIds 的值 `5` 的类型不是 `json`"},
    {kUserIds, "true", "userIds 的值 `true` 的类型不是 `json`"},
    {kUserIds, "null", "userIds 的值 `null` 的类型不是 `json`"},
    {kUserIds, "\"\\\"a\\\"\"", "userIds 的值 `\"a\"` 的类型不是 `json`"},
    {kUserIds, "{}", "userIds 的值 `{}` 与指定结构 (`{\"type\":\"array\"}`) 冲突"},
    {kUserIds, "{\"a\":1}", "userIds 的值 `{\"a\":1}` 与指定结构 (`{\"type\":\"array\"}`) 冲突"},
    {kUserIds, "\"{ }\"", "userIds 的值 `{ }` 与指定结构 (`{\"type\":\"array\"}`) 冲突"},
    // Rule 11, other types.
    {kNumber, "\"abc\"", "数 的值 `abc` 的类型不是 `number`"},
    {kNumber, "\".\"", "数 的值 `.` 的类型不是 `number`"},
    {kNumber, "\"e5\"", "数 的值 `e5` 的类型不是 `number`"},
    {kNumber, "\"1e\"", "数 的值 `1e` 的类型不是 `number`"},
    {kNumber, "\"1.2.3\"", "数 的值 `1.2.3` 的类型不是 `number`"},
    {kNumber, "\"inf\"", "数 的值 `inf` 的类型不是 `number`"},
    {kNumber, "100.5", "数 的数值 必须 在 -1 和 100 之间"},
    {kNumber, "\"1e400\"", "数 的数值 必须 在 -1 和 100 之间"},
    {kBool, "\"yes\"", "开关 的值 `yes` 的类型不是 `bool`"},
    {kBool, "\"True\"", "开关 的值 `True` 的类型不是 `bool`"},
};

TEST(Validate, RefusesWithTheRecordedText) {
  for (const auto& row : kRefused) {
    const auto values = check_value(row.rule, row.value);
    ASSERT_FALSE(values.has_value()) << row.rule.name << " " << row.value;
    EXPECT_EQ(values.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(values.error().text, row.text);
  }
}

struct Text {
  const Rule& rule;
  std::string_view value;
  std::string_view text;
};

TEST(Validate, AStringTakesTheTextOfAnyValue) {
  const Text rows[] = {
      {kUsername, "null", "null"},
      {kUsername, "true", "true"},
      {kUsername, "{\"a\":1}", "{\"a\":1}"},
      {kUsername, "\"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀\"", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"},
      {kAnyText, "12", "12"},
      {kAnyText, "1.5", "1.5"},
      {kAnyText, "1e21", "1e+21"},
      {kAnyText, "-0.0", "0"},
      {kAnyText, "\" \"", " "},
      {kAnyText, "[ 1, {\"b\": \"鸟\\n\"} ]", "[1,{\"b\":\"鸟\\n\"}]"},
      {kMaxOnly, "\"a\"", "a"},
      {kState, "\"agree\"", "agree"},
  };
  for (const auto& row : rows) {
    const auto values = check_value(row.rule, row.value);
    ASSERT_TRUE(values.has_value()) << row.value << values.error().text;
    EXPECT_EQ(values->text(row.rule.name), row.text);
  }
}

struct Integer {
  const Rule& rule;
  std::string_view value;
  std::int64_t integer;
};

TEST(Validate, AnIntAcceptsSignsAndLeadingZeros) {
  const Integer rows[] = {
      {kPage, "12", 12},
      {kPage, "\"12\"", 12},
      {kPage, "\"+7\"", 7},
      {kPage, "\"07\"", 7},
      {kPage, "7.0", 7},
      {kPage, "1e3", 1000},
      {kPage, "\"10000000000000000\"", 10'000'000'000'000'000},
      {kStamp, "\"-10000000000000000\"", -10'000'000'000'000'000},
      {kStamp, "-0", 0},
      {kTen, "\"0\"", 0},
      {kTen, "10", 10},
      {kFlag, "1", 1},
      {kFlag, "\"0\"", 0},
  };
  for (const auto& row : rows) {
    const auto values = check_value(row.rule, row.value);
    ASSERT_TRUE(values.has_value()) << row.value << values.error().text;
    EXPECT_EQ(values->integer(row.rule.name), row.integer);
    EXPECT_TRUE(values->has(row.rule.name));
  }
}

TEST(Validate, ANumberAcceptsEveryDecimalForm) {
  constexpr std::pair<std::string_view, double> kRows[] = {
      {"1", 1}, {"1.5", 1.5}, {"\"1.\"", 1}, {"\".5\"", 0.5}, {"\"+2.5e1\"", 25}, {"\"-1\"", -1}};
  for (const auto& [value, expected] : kRows) {
    const auto values = check_value(kNumber, value);
    ASSERT_TRUE(values.has_value()) << value << values.error().text;
    EXPECT_EQ(values->number("n"), expected) << value;
  }
}

TEST(Validate, ABoolIsTrueFalseOneOrZero) {
  for (const auto value : {"true", "\"true\"", "1", "\"1\""}) {
    EXPECT_TRUE(check_value(kBool, value)->boolean("b")) << value;
  }
  for (const auto value : {"false", "\"false\"", "0", "\"0\""}) {
    EXPECT_FALSE(check_value(kBool, value)->boolean("b")) << value;
  }
}

TEST(Validate, AnArrayMayBeTextOfSeveralKinds) {
  constexpr std::pair<std::string_view, std::string_view> kRows[] = {
      {"[1,\"2\"]", "[1,\"2\"]"},
      {"[]", "[]"},
      {"[[1]]", "[[1]]"},
      {"\"[1, 2]\"", "[1,2]"},
      {"\" [] \"", "[]"},
      {"\"abc\"", "[\"abc\"]"},
      {"\"1,2\"", "[\"1\",\"2\"]"},
      {"\"a,,b,\"", "[\"a\",\"\",\"b\",\"\"]"},
      {"\"[1,2\"", "[\"[1\",\"2\"]"},
      {"false", "[\"false\"]"},
      {"0", "[\"0\"]"},
      {"\"0\"", "[\"0\"]"},
      {"\"-0.0\"", "[\"-0.0\"]"},
      {"\"null\"", "[\"null\"]"},
      {"\"\\\"\\\"\"", "[\"\\\"\\\"\"]"},
  };
  for (const auto& [value, expected] : kRows) {
    const auto values = check_value(kUserIds, value);
    ASSERT_TRUE(values.has_value()) << value << values.error().text;
    EXPECT_EQ(to_json(values->array("userIds")), expected) << value;
  }
}

TEST(Validate, AnOptionalFieldMayBeMissingButNotInvalid) {
  const auto absent = check_value(kOptional, "absent");
  ASSERT_TRUE(absent.has_value());
  EXPECT_FALSE(absent->has("note"));
  EXPECT_EQ(absent->text("note"), "");
  EXPECT_EQ(absent->integer("note"), 0);
  EXPECT_TRUE(check_value(kOptional, "\"\"").has_value());
  EXPECT_FALSE(check_value(kOptional, "\"123456\"").has_value());
}

TEST(Validate, AnOptionalFieldWithADefaultNeverFails) {
  constexpr Rule kNickname{.name = "nickname", .max = 50, .fallback = "", .desc = "昵称"};
  const std::string too_long = '"' + std::string(51, 'a') + '"';
  for (const std::string& value : {too_long, std::string("absent"), std::string("\"\"")}) {
    const auto values = check_value(kNickname, value);
    ASSERT_TRUE(values.has_value());
    EXPECT_TRUE(values->has("nickname"));
    EXPECT_EQ(values->text("nickname"), "");
  }
  EXPECT_EQ(check_value(kNickname, "\"鸟\"")->text("nickname"), "鸟");
}

TEST(Validate, ADefaultIsConvertedWithoutItsLimits) {
  constexpr Rule kLimit{
      .name = "limit", .type = Type::kInt, .min = 1, .max = 5, .fallback = "10", .desc = "条数"};
  EXPECT_EQ(check_value(kLimit, "\"abc\"")->integer("limit"), 10);
  EXPECT_EQ(check_value(kLimit, "6")->integer("limit"), 10);
  EXPECT_EQ(check_value(kLimit, "absent")->integer("limit"), 10);
  EXPECT_EQ(check_value(kLimit, "3")->integer("limit"), 3);

  constexpr Rule kImages{.name = "images", .type = Type::kArray, .fallback = ""};
  EXPECT_TRUE(check_value(kImages, "5")->array("images").empty());
  constexpr Rule kIds{.name = "ids", .type = Type::kArray, .fallback = "[1]"};
  EXPECT_EQ(to_json(check_value(kIds, "{}")->array("ids")), "[1]");
}

TEST(Validate, ARequiredFieldWithADefaultStillFailsWhenMissing) {
  constexpr Rule kKeyvalue{
      .name = "keyvalue", .type = Type::kInt, .required = true, .in = "0|1", .fallback = "0"};
  for (const auto value : {"absent", "\"\""}) {
    const auto values = check_value(kKeyvalue, value);
    ASSERT_FALSE(values.has_value());
    EXPECT_EQ(values.error().text, "keyvalue不能为空");
  }
  EXPECT_EQ(check_value(kKeyvalue, "\"x\"")->integer("keyvalue"), 0);
  EXPECT_EQ(check_value(kKeyvalue, "1")->integer("keyvalue"), 1);
}

TEST(Validate, ReportsTheFirstFailingFieldInDeclarationOrder) {
  constexpr Rule kRules[] = {
      {.name = "username", .required = true, .min = 4, .max = 20, .desc = "账号"},
      {.name = "password", .required = true, .min = 6, .max = 20, .desc = "密码"},
  };
  const auto text = [&](std::string_view body_json) {
    const auto body = parse_json(body_json);
    const auto values = validate(kRules, {.body = &body->get_object()});
    return values ? std::string("ok") : values.error().text;
  };
  EXPECT_EQ(text("{}"), "账号不能为空");
  EXPECT_EQ(text(R"({"password":"1"})"), "账号不能为空");
  EXPECT_EQ(text(R"({"username":"lihua01","password":"1"})"), "密码 的长度 必须 在 6 和 20 之间");
  EXPECT_EQ(text(R"({"username":"lihua01","password":"123456","x":{}})"), "ok");
}

struct Lookup {
  std::vector<std::pair<std::string, std::string>> path, query;
  json::object body;

  std::optional<std::string> find(bool query_first) const {
    return find_text({.path = path, .query = query, .body = &body, .query_first = query_first},
                     "id");
  }
};

TEST(FindText, ThePathWinsThenTheMethodDecides) {
  Lookup lookup{{{"id", "path"}}, {{"id", "query"}, {"id", "second"}}, {{"id", "body"}}};
  EXPECT_EQ(lookup.find(false), "path");
  EXPECT_EQ(lookup.find(true), "path");
  lookup.path.clear();
  EXPECT_EQ(lookup.find(false), "body");
  EXPECT_EQ(lookup.find(true), "query");
  lookup.body.clear();
  EXPECT_EQ(lookup.find(false), "query");
  lookup.query.clear();
  lookup.body["id"] = 8;
  EXPECT_EQ(lookup.find(true), "8");
}

TEST(FindText, AnEmptyTextIsMissingAndHidesTheOtherPlaces) {
  Lookup lookup{{}, {{"id", "query"}}, {{"id", ""}}};
  EXPECT_EQ(lookup.find(false), std::nullopt);
  EXPECT_EQ(lookup.find(true), "query");
  EXPECT_EQ(find_text({}, "id"), std::nullopt);
}

TEST(FindText, IsAlwaysUtf8) {
  const Lookup lookup{{{"id", "a\xff"}}, {}, {}};
  EXPECT_EQ(lookup.find(false), "a\uFFFD");
}

}  // namespace
}  // namespace qn::wire
