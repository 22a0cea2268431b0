#include "base/initials.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace qn {
namespace {

TEST(Initials, LettersStandForThemselves) {
  EXPECT_EQ(initial_of("alice"), 'A');
  EXPECT_EQ(initial_of("Zoe"), 'Z');
  EXPECT_EQ(initial_of("bob张"), 'B');
}

TEST(Initials, ChineseNamesHaveTheirPinyin) {
  EXPECT_EQ(initial_of("张三"), 'Z');
  EXPECT_EQ(initial_of("老鲍"), 'L');
  EXPECT_EQ(initial_of("游客一号"), 'Y');
  EXPECT_EQ(initial_of("戴夫😀"), 'D');
  EXPECT_EQ(initial_of("艾米"), 'A');
  EXPECT_EQ(initial_of("鄂"), 'E') << "the vowel carries the tone";
  EXPECT_EQ(initial_of("嗯"), 'N') << "a consonant carries it";
  EXPECT_EQ(initial_of("王Bob"), 'W');
}

TEST(Initials, TheNextCharactersDecideOnTheReading) {
  EXPECT_EQ(initial_of("重庆"), 'C');
  EXPECT_EQ(initial_of("重"), 'Z');
}

// Defect C19: some of these matched the letter A, others broke the whole list.
TEST(Initials, EverythingElseIsListedUnderTheHash) {
  for (const char* name :
       {"",   "123", "*",      "(",  "[", "+", "?",  "\\", ".", "^", "$",        "|",
        " a", "_a",  "éclair", "Ａ", "Ж", "😀", "々", "{",  "@", "`", "\xff\xfe", "\xe4\xb8"}) {
    EXPECT_EQ(initial_of(name), '#') << name;
  }
}

TEST(Initials, SeveralThreadsAsk) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      prepare_initials();
      for (int n = 0; n < 50; ++n) EXPECT_EQ(initial_of("欧阳娜娜"), 'O');
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace qn
