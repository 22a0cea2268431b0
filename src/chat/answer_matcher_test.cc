#include "chat/answer_matcher.h"

#include <gtest/gtest.h>

#include <chrono>

namespace qn::chat {
namespace {

using namespace std::chrono_literals;

const Time kNow = time_from_millis(1'760'000'000'000);

model::AskAnswer entry(std::string ask, std::string answer) {
  model::AskAnswer entry;
  entry.type = "single";
  entry.ask = std::move(ask);
  entry.answer = std::move(answer);
  entry.create_time = entry.update_time = kNow;
  return entry;
}

std::optional<AnswerMatcher::Match> match(std::string_view question,
                                          const std::vector<model::AskAnswer>& entries) {
  AnswerMatcher matcher(question, kNow);
  for (const auto& entry : entries) matcher.look_at(entry);
  return matcher.best();
}

// The answer, or "" for none.
std::string answer(std::string_view question, const std::vector<model::AskAnswer>& entries) {
  const auto found = match(question, entries);
  return found ? found->entry.answer : "";
}

const std::vector<model::AskAnswer> kShop = {entry("how to login", "press the login button"),
                                             entry("怎么收费？", "每月二十元")};

TEST(AnswerMatcher, TheScoreIsTheContracts) {
  // contained 100, in ask 10 + 2, of equal length 10, new 5
  EXPECT_DOUBLE_EQ(match("怎么收费？", kShop)->score, 127);
  // three units shorter: 10 - 3 / 5
  EXPECT_DOUBLE_EQ(match("收费", kShop)->score, 126.4);
  // in ask and answer: 100 + (10 + 2) + (5 + 1) + (10 - 7 / 5) + 5
  EXPECT_DOUBLE_EQ(match("LOGIN", kShop)->score, 131.6);
}

TEST(AnswerMatcher, EveryOccurrenceCounts) {
  EXPECT_DOUBLE_EQ(match("ab", {entry("abxabxab", "xab")})->score,
                   100 + (10 + 3 * 2) + (5 + 1) + (10 - 6 / 5.0) + 5);
}

TEST(AnswerMatcher, AgeAndLikesDecideBetweenEquals) {
  auto old = entry("价格表", "old");
  old.update_time = kNow - 24h * 20;
  EXPECT_DOUBLE_EQ(match("价格表", {old})->score, 100 + 12 + 10 + 3);
  EXPECT_EQ(answer("价格表", {old, entry("价格表", "new")}), "new");
  old.like_count = 50;
  EXPECT_DOUBLE_EQ(match("价格表", {old})->score, 100 + 12 + 10 + 3 + 10);
  EXPECT_EQ(answer("价格表", {entry("价格表", "new"), old}), "old");
  old.update_time = kNow - 24h * 2'000;
  EXPECT_DOUBLE_EQ(match("价格表", {old})->score, 100 + 12 + 10 + 0 + 10);
}

TEST(AnswerMatcher, OfEqualScoresTheFirstWins) {
  EXPECT_EQ(answer("价格", {entry("价格甲", "first"), entry("价格乙", "second")}), "first");
}

// Defect C28: nearly every question matched something.
TEST(AnswerMatcher, WithoutCommonWordsThereIsNoMatch) {
  for (const char* question : {"天气", "weather", "zzzz yyyy xxxx", "", " ", "?", "？", "a", "5",
                               "...", "。", "有没有别的颜色"}) {
    EXPECT_EQ(answer(question, kShop), "") << question;
  }
  EXPECT_FALSE(match("收费", {}).has_value());
}

TEST(AnswerMatcher, CaseAndWidthDoNotMatter) {
  EXPECT_EQ(answer("How To LOGIN", kShop), "press the login button");
  EXPECT_EQ(answer("ＬＯＧＩＮ", kShop), "press the login button");
}

TEST(AnswerMatcher, HalfOfTheLongWordsSufficeWhenTheScoreDoesNot) {
  const auto found = match("button colour of it is my", kShop);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->by_score);
  EXPECT_EQ(found->entry.answer, "press the login button");
  EXPECT_EQ(answer("button colour shape of it", kShop), "");
}

TEST(AnswerMatcher, PunctuationAndSynonymsDoNotMatter) {
  EXPECT_EQ(answer("如何收费", kShop), "每月二十元");
  EXPECT_EQ(answer("怎么，收费。", kShop), "每月二十元");
  EXPECT_EQ(answer("忘记密码如何处理", {entry("忘记密码怎么办？", "点找回")}), "点找回");
  EXPECT_EQ(answer("为何登录失败", {entry("为什么登录失败", "网络")}), "网络");
}

TEST(AnswerMatcher, AQuestionMayHoldTheEntrys) {
  EXPECT_EQ(answer("请问你们是如何收费的呀", kShop), "每月二十元");
  EXPECT_EQ(answer("价", {entry("价", "x")}), "x");
}

// Defect S23: a question was a regular expression.
TEST(AnswerMatcher, QuestionsAreNoPatterns) {
  for (const char* question : {"(a+)+$", "[", "\\", ".*", "(?:"}) {
    EXPECT_EQ(answer(question, kShop), "") << question;
  }
  EXPECT_EQ(answer("c++ (2)", {entry("c++ (2)", "yes")}), "yes");
}

TEST(AnswerMatcher, OfALongQuestionTheBeginningIsRead) {
  const std::string words = "收费 ";
  std::string question;
  for (int i = 0; i < 200'000; ++i) question += words;
  EXPECT_EQ(answer(question, kShop), "每月二十元");
  EXPECT_EQ(answer(std::string(600, 'z') + " 收费", kShop), "");
}

}  // namespace
}  // namespace qn::chat
