#include "net/access_log.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

TEST(RedactTarget, HidesEveryToken) {
  EXPECT_EQ(redact_target("/ws?token=abc.def-g"), "/ws?token=[redacted]");
  EXPECT_EQ(redact_target("/a?x=1&token=abc&y=2"), "/a?x=1&token=[redacted]&y=2");
  EXPECT_EQ(redact_target("/a?TOKEN=abc&Token=def"), "/a?TOKEN=[redacted]&Token=[redacted]");
  EXPECT_EQ(redact_target("/a?token="), "/a?token=[redacted]");
}

TEST(RedactTarget, SeesThroughEscapes) {
  EXPECT_EQ(redact_target("/a?%74oken=abc"), "/a?%74oken=[redacted]");
  EXPECT_EQ(redact_target("/a?to%6Ben=abc;def&b=1"), "/a?to%6Ben=[redacted]&b=1");
  EXPECT_EQ(redact_target("/a?b=1;token=abc"), "/a?b=1;token=[redacted]");
  EXPECT_EQ(redact_target("/a?token=a=b?c"), "/a?token=[redacted]");
}

TEST(RedactTarget, LeavesTheRest) {
  for (const std::string_view target : {"/", "/token=abc", "/a?", "/a?tokens=1", "/a?mytoken=1",
                                        "/a?x=token", "/a?token", "/a?&&"}) {
    EXPECT_EQ(redact_target(target), target);
  }
}

TEST(AccessLog, WritesOneLineWithoutSecrets) {
  AccessLine line;
  line.method = "GET";
  line.target = "/ws?token=abc";
  line.status = 200;
  line.bytes = 7;
  line.micros = 42;
  line.address = "192.0.2.1";
  line.id = "0123456789abcdef";
  line.route = "/ws";
  testing::internal::CaptureStderr();
  log_access(line);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("http method=GET path=\"/ws?token=[redacted]\" status=200 bytes=7 us=42 "
                      "addr=192.0.2.1 id=0123456789abcdef route=/ws\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace qn::net
