#include "base/log.h"

#include <gtest/gtest.h>

namespace qn::log {
namespace {

// Restores the defaults for the tests after it.
class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { configure(Level::kInfo, Format::kText); }

  std::string line(Format format, std::string_view value) {
    configure(Level::kInfo, format);
    ::testing::internal::CaptureStderr();
    info("http.request", {{"status", 200}, {"path", value}});
    return ::testing::internal::GetCapturedStderr();
  }
};

TEST_F(LogTest, TextQuotesWhatCouldBeMisread) {
  EXPECT_NE(line(Format::kText, "/a").find("info http.request status=200 path=/a\n"),
            std::string::npos);
  EXPECT_NE(line(Format::kText, "a b=\"c\"\n").find(R"(path="a b=\"c\"\u000a")"),
            std::string::npos);
}

TEST_F(LogTest, JsonIsOneObjectPerLine) {
  const std::string out = line(Format::kJson, "\"\x1b[31m");
  EXPECT_NE(
      out.find(R"("level":"info","event":"http.request","status":200,"path":"\"\u001b[31m"})"),
      std::string::npos)
      << out;
}

TEST_F(LogTest, LevelsBelowTheSettingAreSilent) {
  configure(Level::kError, Format::kText);
  ::testing::internal::CaptureStderr();
  warn("quiet");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_FALSE(enabled(Level::kWarn));
  EXPECT_TRUE(enabled(Level::kError));
}

}  // namespace
}  // namespace qn::log
