#include "wire/user_json.h"

#include "base/time_text.h"

namespace qn::wire {
namespace {

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::value or_null(const std::optional<Time>& time) {
  return time ? json::value(iso_utc(*time)) : json::value(nullptr);
}

}  // namespace

json::object user_row(const model::User& u, std::chrono::minutes utc_offset) {
  return {{"create_time", local_time(u.create_time, utc_offset)},
          {"id", u.id.value},
          {"uuid", u.uuid},
          {"username", u.username},
          {"nickname", u.nickname},
          {"avatar", u.avatar},
          {"devicefingeruuid", u.device_id},
          {"uniplatform", u.platform},
          {"devicemodel", u.device_model},
          {"deviceos", u.device_os},
          {"devicebrand", u.device_brand},
          {"userset", u.userset},
          {"invite_confirm", u.invite_confirm},
          {"mobile", or_null(u.mobile)},
          {"email", or_null(u.email)},
          {"status", static_cast<int>(u.status)},
          {"last_login", or_null(u.last_login)},
          // The reference never fills these two and its clients never read them.
          {"last_login_ip", nullptr},
          {"register_time", iso_utc(u.register_time)},
          {"register_ip", nullptr},
          {"is_deleted", u.is_deleted ? 1 : 0},
          {"wechat_openid", or_null(u.wechat_openid)},
          {"qq_openid", or_null(u.qq_openid)},
          {"weibo_uid", or_null(u.weibo_uid)},
          {"role", model::to_string(u.role)},
          {"is_email_verified", u.is_email_verified ? 1 : 0},
          {"is_mobile_verified", u.is_mobile_verified ? 1 : 0},
          {"order", u.order},
          {"update_time", iso_utc(u.update_time)}};
}

json::object search_hit(const model::User& u) {
  return {{"id", u.id.value},   {"username", u.username},
          {"avatar", u.avatar}, {"role", model::to_string(u.role)},
          {"uuid", u.uuid},     {"nickname", u.nickname}};
}

json::object user_info(const model::UserInfo& info) {
  return {{"id", info.id.value},
          {"gender", info.gender},
          {"birthday", or_null(info.birthday)},
          {"bio", or_null(info.bio)},
          {"location", or_null(info.location)},
          {"website", or_null(info.website)}};
}

json::object profile(const model::Profile& p) {
  return {{"id", p.user.id.value},       {"uuid", p.user.uuid},
          {"username", p.user.username}, {"nickname", p.user.nickname},
          {"avatar", p.user.avatar},     {"role", model::to_string(p.user.role)},
          {"userset", p.user.userset},   {"userinfo", user_info(p.info)}};
}

}  // namespace qn::wire
