#include "chat/page_links.h"

#include <gtest/gtest.h>

namespace qn::chat {
namespace {

TEST(PageLinks, ComponentsAreEncodedAsJavaScriptDoes) {
  EXPECT_EQ(encode_component("aZ09-_.!~*'()"), "aZ09-_.!~*'()");
  EXPECT_EQ(encode_component("加群申请"), "%E5%8A%A0%E7%BE%A4%E7%94%B3%E8%AF%B7");
  EXPECT_EQ(encode_component("a/b c&d\"+"), "a%2Fb%20c%26d%22%2B");
}

TEST(PageLinks, OnlyWhatBreaksAnAddressIsEncoded) {
  EXPECT_EQ(encode_breaking("老王 & Co. #1?=50%+x"), "老王%20%26%20Co.%20%231%3F%3D50%25%2Bx");
  EXPECT_EQ(encode_breaking("https://a.example/b.png"), "https://a.example/b.png");
}

}  // namespace
}  // namespace qn::chat
