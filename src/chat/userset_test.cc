#include "chat/userset.h"

#include <gtest/gtest.h>

namespace qn::chat {
namespace {

TEST(Userset, OnlyJsonObjectsAreDocuments) {
  EXPECT_TRUE(is_userset("{}"));
  EXPECT_TRUE(is_userset(R"({"chatset":{"user":{"sendCount":1}}})"));
  for (const char* text : {"", "hello", "null", "12", "true", "[1]", "{", R"({"a":})", "{}x"}) {
    EXPECT_FALSE(is_userset(text)) << text;
  }
}

// Defect S18: the public profile exposed the raw document.
TEST(Userset, StrangersSeeTheChatsetOnly) {
  EXPECT_EQ(public_userset(R"({"secret":1,"chatset":{"user":{"sendCount":2,"needFollow":false}}})"),
            R"({"chatset":{"user":{"sendCount":2,"needFollow":false}}})");
  EXPECT_EQ(public_userset(R"({"secret":1})"), "");
  EXPECT_EQ(public_userset(""), "");
  EXPECT_EQ(public_userset("not json"), "");
}

}  // namespace
}  // namespace qn::chat
