#include "chat/rate_limits.h"

namespace qn::chat {
namespace {

bool is_per_address(Limit limit) {
  switch (limit) {
    case Limit::kLoginAddress:
    case Limit::kRegisterAddress:
    case Limit::kVisitorAddress:
    case Limit::kProfileAddress:
    case Limit::kAdminLoginAddress:
      return true;
    case Limit::kLoginAccount:
    case Limit::kVisitorDevice:
    case Limit::kSearchUser:
    case Limit::kUploadUser:
    case Limit::kSendUser:
    case Limit::kComplaintUser:
    case Limit::kAskSearch:
    case Limit::kAdminLoginAccount:
      return false;
  }
  return false;
}

std::string key(Limit limit, const std::string& subject) {
  return "rate:" + std::to_string(static_cast<int>(limit)) + ':' + subject;
}

std::string span(std::chrono::milliseconds window) {
  using namespace std::chrono;
  if (window < minutes(1)) return std::to_string(ceil<seconds>(window).count()) + "秒";
  const auto whole_hours = duration_cast<hours>(window).count();
  return window == hours(whole_hours) && whole_hours > 0
             ? std::to_string(whole_hours) + "个小时"
             : std::to_string(ceil<minutes>(window).count()) + "分钟";
}

std::string text(std::chrono::milliseconds window) {
  return "请求过于频繁，请" + span(window) + "后再试";
}

}  // namespace

RateLimits::RateLimits(bus::Cache& cache, RateOptions options, Metrics& metrics)
    : cache_(cache),
      options_(options),
      refused_(metrics.counter("qn_rate_limited_total", "Requests refused by a rate limit.")) {}

Task<Result<void>> RateLimits::check(Limit limit, std::string subject) {
  if (is_per_address(limit) && !options_.per_address) co_return Result<void>();
  const Rate& allowed = rate(limit);
  const auto used = co_await cache_.increment(key(limit, subject), allowed.window);
  if (!used.has_value() || *used <= allowed.count) co_return Result<void>();
  refused_.add();
  co_return refused(text(allowed.window));
}

Task<void> RateLimits::reset(Limit limit, std::string subject) {
  // Without an answer the counter just runs out with its window.
  static_cast<void>(co_await cache_.erase(key(limit, subject)));
}

const Rate& RateLimits::rate(Limit limit) const {
  switch (limit) {
    case Limit::kLoginAddress:
      return options_.login_per_address;
    case Limit::kLoginAccount:
      return options_.login_per_account;
    case Limit::kRegisterAddress:
      return options_.register_per_address;
    case Limit::kVisitorDevice:
      return options_.visitor_per_device;
    case Limit::kVisitorAddress:
      return options_.visitor_per_address;
    case Limit::kSearchUser:
      return options_.search_per_user;
    case Limit::kProfileAddress:
      return options_.profile_per_address;
    case Limit::kUploadUser:
      return options_.upload_per_user;
    case Limit::kSendUser:
      return options_.send_per_user;
    case Limit::kComplaintUser:
      return options_.complaint_per_user;
    case Limit::kAskSearch:
      return options_.qa_search_per_user;
    case Limit::kAdminLoginAddress:
      return options_.admin_login_per_address;
    case Limit::kAdminLoginAccount:
      return options_.admin_login_per_account;
  }
  return options_.login_per_address;
}

}  // namespace qn::chat
