#include "wire/envelope.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

TEST(Envelope, SuccessIsMsgThenData) {
  EXPECT_EQ(ok_envelope("修改成功"), R"({"msg":"ok","data":"修改成功"})");
  EXPECT_EQ(ok_envelope(true), R"({"msg":"ok","data":true})");
  EXPECT_EQ(ok_envelope(nullptr), R"({"msg":"ok","data":null})");
  const json::value row{{"id", 1}, {"uuid", "x"}};
  EXPECT_EQ(ok_envelope(row), R"({"msg":"ok","data":{"id":1,"uuid":"x"}})");
}

TEST(Envelope, RawDataIsNotTouched) {
  EXPECT_EQ(ok_envelope_raw(R"([{"id":1}])"), R"({"msg":"ok","data":[{"id":1}]})");
}

TEST(Envelope, FailureEscapesItsText) {
  EXPECT_EQ(fail_envelope("账号不能为空"), R"({"msg":"fail","data":"账号不能为空"})");
  EXPECT_EQ(fail_envelope("a\"\n"), R"({"msg":"fail","data":"a\"\n"})");
}

}  // namespace
}  // namespace qn::wire
