#include "console/label.h"

#include <gtest/gtest.h>

#include "console/english.h"

namespace qn::console {
namespace {

TEST(Labels, AreChineseByThemselves) {
  EXPECT_EQ(translate(Label("删除"), Language::kChinese), "删除");
  EXPECT_EQ(translate(Label("删除"), Language::kEnglish), "Delete");
}

TEST(Labels, UnknownWordsStayAsTheyAre) {
  EXPECT_EQ(translate(std::string_view("没有翻译"), Language::kEnglish), "没有翻译");
}

TEST(Phrases, PutDataIntoPlaces) {
  const Phrase phrase(Label("已删除 {} 个用户"), {"3"});
  EXPECT_EQ(translate(phrase, Language::kChinese), "已删除 3 个用户");
  EXPECT_EQ(translate(phrase, Language::kEnglish), "3 users deleted");
}

TEST(Phrases, DataIsNotReadAgain) {
  EXPECT_EQ(translate(Phrase(Label("昵称：{}"), {"{}{}"}), Language::kChinese), "昵称：{}{}");
  EXPECT_EQ(translate(Phrase::data("删除"), Language::kEnglish), "删除");
}

TEST(Phrases, WithoutEnoughDataKeepTheirPlaces) {
  EXPECT_EQ(translate(Phrase(Label("共 {} 条")), Language::kChinese), "共 {} 条");
}

}  // namespace
}  // namespace qn::console
