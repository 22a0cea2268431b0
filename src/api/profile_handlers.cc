#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "wire/user_json.h"

namespace qn::api {
namespace {}  // namespace

ApiTask update_userinfo(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kProfileFieldRules));
  CO_TRY(const auto text,
         co_await api.services.profiles.update_field(request.caller, in.text("fieldname"),
                                                     in.text("fieldValue"), request.by));
  co_return ok_text(text);
}

ApiTask search_user(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kProfileKeywordRules));
  CO_TRY(const auto users,
         co_await api.services.profiles.search(request.caller, in.text("keyword"), request.by));
  wire::json::array hits;
  for (const auto& user : users) hits.push_back(wire::search_hit(user));
  co_return ok(wire::json::value(hits));
}

ApiTask public_profile(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kProfileUuidRules));
  CO_TRY(const auto profile, co_await api.services.profiles.public_profile(
                                 in.text("uuid"), request.origin(), request.by));
  co_return ok(wire::profile(profile));
}

ApiTask contact_settings(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kProfileUserIdRules));
  const UserId target(in.integer("userid"));
  CO_TRY(const auto settings,
         co_await api.services.profiles.contact_settings(request.caller, target, request.by));
  co_return ok({{"id", settings.user.id.value},
                {"userset", settings.user.userset},
                {"invite_confirm", settings.user.invite_confirm},
                {"uuid", settings.user.uuid},
                {"isgoodfriend", settings.is_friend},
                {"isgoodfriend_status", settings.is_friend_in_good}});
}

ApiTask set_userset(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kProfileUsersetRules));
  CO_CHECK_OK(
      co_await api.services.profiles.set_userset(request.caller, in.text("userset"), request.by));
  co_return ok_text("ok");
}

}  // namespace qn::api
