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

TEST(Userset, StrangersMayWriteWhatTheChatsetSays) {
  const auto allowed = [](const std::string& chatset) {
    return may_strangers_write(R"({"chatset":)" + chatset + "}", model::Role::kUser);
  };
  EXPECT_EQ(allowed(R"({"user":{"sendCount":0}})"), StrangersMayWrite::kNothing);
  EXPECT_EQ(allowed(R"({"user":{"sendCount":2},"visitor":{"sendCount":0}})"),
            StrangersMayWrite::kAnything);
  EXPECT_EQ(allowed(R"({"user":2})"), StrangersMayWrite::kAnything) << "of the oldest clients";
  EXPECT_EQ(allowed(R"({"visitor":{"sendCount":2}})"), StrangersMayWrite::kOneMessage);
  EXPECT_EQ(allowed("[]"), StrangersMayWrite::kOneMessage);
}

}  // namespace
}  // namespace qn::chat
