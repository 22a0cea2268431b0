#include "wire/errors.h"

namespace qn::wire {
namespace {

constexpr std::string_view kMalformedText = "请求格式错误";
constexpr std::string_view kRefusedText = "操作失败";
constexpr std::string_view kNotFoundText = "404 错误";
constexpr std::string_view kTooLargeText = "请求体过大";
constexpr std::string_view kBusyText = "服务器繁忙，请稍后再试";
constexpr std::string_view kUnavailableText = "服务暂时不可用，请稍后再试";
constexpr std::string_view kInternalText = "Internal Server Error";

struct Row {
  int status;
  std::string_view text;  // when the error carries none
};

// The whole table. No default: a new code does not compile until it has a row.
Row row_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return {422, kMalformedText};
    case ErrorCode::kRefused:
      return {400, kRefusedText};
    case ErrorCode::kMalformed:
      return {400, kMalformedText};
    case ErrorCode::kNotFound:
      return {404, kNotFoundText};
    case ErrorCode::kTooLarge:
      return {413, kTooLargeText};
    case ErrorCode::kConflict:
      return {400, kRefusedText};
    case ErrorCode::kOverloaded:
      return {503, kBusyText};
    case ErrorCode::kUnavailable:
      return {503, kUnavailableText};
    case ErrorCode::kDeadline:
      return {503, kBusyText};
    case ErrorCode::kInternal:
      return {500, kInternalText};
  }
  return {500, kInternalText};
}

}  // namespace

WireError to_wire(const Error& error) {
  const Row row = row_of(error.code);
  return {row.status, error.text.empty() ? std::string(row.text) : error.text};
}

std::string_view text_for_status(int status) {
  switch (status) {
    case 400:
      return kMalformedText;
    case 404:
      return kNotFoundText;
    case 405:
      return "不支持的请求方法";
    case 408:
      return "请求超时";
    case 413:
      return kTooLargeText;
    case 431:
      return "请求头过大";
    case 500:
      return kInternalText;
    case 501:
      return "不支持的请求";
    case 503:
      return kBusyText;
    case 505:
      return "不支持的 HTTP 版本";
    default:
      return status >= 400 && status < 500 ? kMalformedText : kInternalText;
  }
}

}  // namespace qn::wire
