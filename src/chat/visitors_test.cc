#include "chat/visitors.h"

#include <gtest/gtest.h>

namespace qn::chat {
namespace {

// The contract's test vector, chat-http-api.md §2.1.
TEST(VisitorSignature, MatchesTheContractsVector) {
  EXPECT_EQ(visitor_signature("3f2a9c10-7b44-5d1e-9a6b-0c8d2e4f6a71",
                              "45ncashdaksh2!#@3nxjdas*_259", 1'760'000'000'000),
            "499533634838908dae9f1e73ca933ddba3cad965c4f065af3de5f49bd3c72799");
}

TEST(ReservedNames, SeesThroughSpellings) {
  const ReservedNames names({"系统消息", "Admin"});
  EXPECT_TRUE(names.contains("系统消息"));
  EXPECT_TRUE(names.contains("ADMIN"));
  EXPECT_TRUE(names.contains("ａｄｍｉｎ"));  // full width
  EXPECT_TRUE(names.contains(" ad min "));
  EXPECT_TRUE(names.contains("ad\u200bmin"));  // zero width space
  EXPECT_FALSE(names.contains("admin2"));
  EXPECT_FALSE(names.contains("系统消息小助手"));
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace qn::chat
