#include "chat/payload.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "chat/texts.h"

namespace qn::chat {
namespace {

namespace json = boost::json;

Payload read(const std::string& data) {
  auto payload = read_payload(data, {});
  EXPECT_TRUE(payload) << data;
  return payload ? *payload : Payload();
}

MessageOptions options(std::string_view text) {
  return read_options(text, {});
}

TEST(Payload, WhatClientsSendIsPassedThroughUnchanged) {
  for (const char* data :
       {R"({"data":"你好","dataType":false,"otherData":null})",
        R"({ "otherData" : {"duration":3.50} , "dataType":"audio", "data":"/public/a.mp3" } )",
        R"({"data":"/c.png","dataType":"video","otherData":{"duration":"0:07","showPoster":true}})",
        R"({"data":"\ud83d\ude00","dataType":"emoji","otherData":null,"extra":[1]})",
        R"({"data":5,"dataType":false,"otherData":null})"}) {
    EXPECT_EQ(read(data).json, data);
  }
}

// Defect S25: what is no JSON object would break the recipient's page for good.
TEST(Payload, EverythingElseIsText) {
  for (const char* data :
       {"hi", "5", "true", "null", "[1,2]", " ", "{", R"("text")", R"({"a":1})", "{}",
        R"({"data":null,"dataType":false,"otherData":null})", R"({"data":{"data":"x"}})",
        R"({"data":"x"}})", "a\"b\\c\nd", "汉字😀", "\x01"}) {
    const Payload payload = read(data);
    EXPECT_EQ(json::parse(payload.json),
              (json::object{{"data", data}, {"dataType", false}, {"otherData", nullptr}}));
    EXPECT_EQ(payload.text, data);
  }
}

TEST(Payload, MissingKeysAreFilledIn) {
  EXPECT_EQ(read(R"({"data":"a"})").json, R"({"data":"a","dataType":false,"otherData":null})");
  EXPECT_EQ(read("{\"data\":\"}\",\"dataType\":\"image\"} \n").json,
            R"({"data":"}","dataType":"image","otherData":null})");
}

TEST(Payload, InnerTextIsWhatPeopleRead) {
  EXPECT_EQ(read(R"({"data":"怎么\"收费\"","dataType":false,"otherData":null})").text,
            "怎么\"收费\"");
  EXPECT_EQ(read(R"({"data":5,"dataType":false,"otherData":null})").text, "");
}

TEST(Payload, LongOnesAreRefused) {
  const PayloadLimits limits{.data = 100};
  EXPECT_TRUE(read_payload(std::string(50, 'x'), limits));
  for (const auto& data : {std::string(100, 'x'), std::string(50, '\x01'), std::string(200, 'x')}) {
    const auto refused = read_payload(data, limits);
    ASSERT_FALSE(refused) << data.size();
    EXPECT_EQ(refused.error().text, texts::kMessageTooLong);
  }
}

TEST(Payload, DeepNestingIsText) {
  const std::string deep =
      R"({"data":"x","otherData":)" + std::string(1000, '[') + std::string(1000, ']') + "}";
  EXPECT_EQ(read(deep).text, deep);
}

TEST(Payload, AnAnswerReplacesTheInnerData) {
  const Payload question =
      read(R"({"data":"收费","dataType":false,"otherData":{"a":1},"more":true})");
  EXPECT_EQ(
      json::parse(with_inner_data(question, "每月\"十元\"")),
      json::parse(R"({"data":"每月\"十元\"","dataType":false,"otherData":{"a":1},"more":true})"));
}

TEST(Payload, OptionsAreDecodedAndEchoed) {
  EXPECT_EQ(options("%7B%7D").json, "{}");
  EXPECT_EQ(options("{}").json, "{}");
  EXPECT_EQ(options(R"({"x":1})").json, R"({"x":1})");
  EXPECT_EQ(options("%7B%22path%22%3A%22%2Fpublic%2Fx.png%22%2C%22%E4%B8%AD%22%3A%22%E6%96%87"
                    "%22%7D")
                .json,
            R"({"path":"/public/x.png","中":"文"})");
  EXPECT_EQ(options("%7B%22a%22:%22b+c%22%7D").json, R"({"a":"b+c"})");
  EXPECT_EQ(options(R"({"share":"100%"})").json, R"({"share":"100%"})");
  EXPECT_EQ(options(R"({"quote":"%22"})").json, R"({"quote":"%22"})");
}

TEST(Payload, OptionsThatCannotBeReadAreNull) {
  for (const char* text : {"", "{bad", "%E0%A4%A", "%7Bbad", "5", "null", "[]", "%5B1%5D", "\"x\"",
                           "%FF%FE", "%7B%22a%22:%22%FF%22%7D"}) {
    EXPECT_EQ(options(text).json, std::nullopt) << text;
    EXPECT_FALSE(options(text).wants_answer) << text;
  }
}

TEST(Payload, AskanswerCountsAsInJavaScript) {
  for (const char* yes : {"true", "1", "-1", "0.5", R"("0")", R"("false")", "{}", "[]"}) {
    EXPECT_TRUE(options(std::string(R"({"askanswer":)") + yes + "}").wants_answer) << yes;
  }
  for (const char* no : {"false", "0", "0.0", "-0.0", R"("")", "null"}) {
    EXPECT_FALSE(options(std::string(R"({"askanswer":)") + no + "}").wants_answer) << no;
  }
  EXPECT_FALSE(options("{}").wants_answer);
}

// Defect S27.
TEST(Payload, LargeMembersAreDroppedFromLongOptions) {
  const std::string thumbnail(9'000, 'x');
  const auto kept =
      options(R"({"path":"/a.png","thumb":")" + thumbnail + R"(","askanswer":1,"size":3})");
  EXPECT_EQ(kept.json, R"({"path":"/a.png","askanswer":1,"size":3})");
  EXPECT_TRUE(kept.wants_answer);
  const auto allowed = options(R"({"thumb":")" + std::string(8'000, 'x') + "\"}");
  EXPECT_TRUE(allowed.json);
}

TEST(Payload, OptionsOfManyMembersAreNull) {
  json::object many;
  for (int i = 0; i < 2'000; ++i) many["key" + std::to_string(i)] = i;
  EXPECT_EQ(options(json::serialize(many)).json, std::nullopt);
  EXPECT_EQ(options(std::string(300'000, ' ') + "{}").json, std::nullopt);
}

}  // namespace
}  // namespace qn::chat
