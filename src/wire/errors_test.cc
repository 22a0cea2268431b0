#include "wire/errors.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

struct Row {
  ErrorCode code;
  int status;
  std::string_view general;
};

constexpr Row kRows[] = {
    {ErrorCode::kInvalid, 422, "请求格式错误"},
    {ErrorCode::kRefused, 400, "操作失败"},
    {ErrorCode::kMalformed, 400, "请求格式错误"},
    {ErrorCode::kNotFound, 404, "404 错误"},
    {ErrorCode::kTooLarge, 413, "请求体过大"},
    {ErrorCode::kConflict, 400, "操作失败"},
    {ErrorCode::kOverloaded, 503, "服务器繁忙，请稍后再试"},
    {ErrorCode::kUnavailable, 503, "服务暂时不可用，请稍后再试"},
    {ErrorCode::kDeadline, 503, "服务器繁忙，请稍后再试"},
    {ErrorCode::kInternal, 500, "Internal Server Error"},
};

TEST(Errors, EveryCodeHasItsStatusAndGeneralText) {
  for (const auto& row : kRows) {
    const WireError error = to_wire(Error{row.code, {}, "secret detail"});
    EXPECT_EQ(error.status, row.status) << to_string(row.code);
    EXPECT_EQ(error.text, row.general) << to_string(row.code);
  }
}

TEST(Errors, TheErrorsOwnTextWinsAndItsDetailStays) {
  for (const auto& row : kRows) {
    EXPECT_EQ(to_wire(Error{row.code, "账户或密码错误", "secret detail"}).text, "账户或密码错误");
  }
}

TEST(Errors, EveryStatusOfTheTransportHasAText) {
  for (const int status : {400, 404, 405, 408, 413, 431, 500, 501, 503, 505}) {
    EXPECT_FALSE(text_for_status(status).empty()) << status;
  }
  EXPECT_EQ(text_for_status(404), "404 错误");
  EXPECT_EQ(text_for_status(500), "Internal Server Error");
  EXPECT_EQ(text_for_status(418), text_for_status(400));
  EXPECT_EQ(text_for_status(599), text_for_status(500));
}

}  // namespace
}  // namespace qn::wire
