#include "wire/message_content.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

std::string text(std::string_view body) {
  const auto content = message_content(body);
  EXPECT_EQ(content.url, "");
  return content.text;
}
std::string url(std::string_view body) {
  const auto content = message_content(body);
  EXPECT_EQ(content.text, "");
  return content.url;
}

TEST(MessageContent, ATextIsInsideTheJsonThatTheClientSent) {
  EXPECT_EQ(text(R"({"type":"text","data":"{\"data\":\"晚上吃什么\",\"dataType\":false}"})"),
            "晚上吃什么");
  EXPECT_EQ(text(R"({"type":"text","data":"{\"data\":42}"})"), "42");
  EXPECT_EQ(text(R"({"type":"text","data":"{\"data\":null}"})"), "");
}

TEST(MessageContent, ANoticeHasAnObject) {
  EXPECT_EQ(text(R"({"type":"systemNotice","data":{"data":"A撤回了一条消息","dataType":false}})"),
            "A撤回了一条消息");
}

TEST(MessageContent, MediaHaveAnAddress) {
  EXPECT_EQ(url(R"({"type":"image","data":"{\"data\":\"/public/a.png\"}"})"), "/public/a.png");
  EXPECT_EQ(url(R"({"type":"audio","data":"{\"data\":\"/public/a.mp3\"}"})"), "/public/a.mp3");
  EXPECT_EQ(url(R"({"type":"video","data":"{\"data\":\"/cover.png\",)"
                R"(\"otherData\":{\"videoData\":\"/film.mp4\"}}"})"),
            "/film.mp4");
  EXPECT_EQ(url(R"({"type":"video","data":"{\"data\":\"/cover.png\",\"otherData\":null}"})"),
            "/cover.png");
}

TEST(MessageContent, AnEmojiIsATextOrAPicture) {
  EXPECT_EQ(text(R"({"type":"iconMenus","data":"{\"data\":\"😀\",\"dataType\":\"emoji\"}"})"), "😀");
  EXPECT_EQ(url(R"({"type":"iconMenus","data":"{\"data\":\"/e.png\",\"dataType\":\"image\"}"})"),
            "/e.png");
}

TEST(MessageContent, WhatCannotBeReadIsShownAsItIs) {
  EXPECT_EQ(text("not json"), "not json");
  EXPECT_EQ(text("[1]"), "[1]");
  EXPECT_EQ(text("{}"), "");
  EXPECT_EQ(text(R"({"type":"text","data":"plain"})"), "plain");
  EXPECT_EQ(text(R"({"type":"text","data":[1]})"), "[1]");
  EXPECT_EQ(text(R"({"type":"text","data":{"x":1}})"), R"({"x":1})");
}

}  // namespace
}  // namespace qn::wire
