#include "chat/profiles.h"

#include "base/text.h"
#include "chat/avatars.h"
#include "chat/profile_marker.h"
#include "chat/texts.h"
#include "chat/userset.h"

namespace qn::chat {
namespace {

constexpr std::size_t kNicknameUnits = 30;  // UTF-16 units, as the reference counts

}  // namespace

Task<Result<std::vector<model::User>>> ProfileService::search(Caller caller, std::string keyword,
                                                              Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kSearchUser, std::to_string(caller.user.value)));
  std::string key = fold_name(keyword);
  co_return co_await users_.search(std::move(key), caller.user, kSearchCap, by);
}

Task<Result<model::Profile>> ProfileService::public_profile(std::string uuid, Origin origin,
                                                            Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kProfileAddress, std::move(origin.address)));
  CO_TRY(auto profile, co_await users_.find_profile(std::move(uuid), by));
  if (!profile) co_return refused(texts::kNoUser);
  profile->user.userset = public_userset(profile->user.userset);
  co_return std::move(*profile);
}

Task<Result<ContactSettings>> ProfileService::contact_settings(Caller caller, UserId target,
                                                               Deadline by) {
  CO_TRY(auto user, co_await users_.find(target, by));
  if (!user || !user->may_act() || user->role != model::Role::kUser) {
    co_return refused(texts::kNoUserToAdd);
  }
  CO_TRY(const auto flags, co_await friends_.find_standing(target, caller.user, by));
  ContactSettings settings;
  settings.user = std::move(*user);
  settings.is_friend = flags.has_value();
  settings.is_friend_in_good = !flags || (!flags->is_black && flags->status == 1);
  co_return std::move(settings);
}

Task<Result<std::string_view>> ProfileService::update_field(Caller caller, std::string field,
                                                            std::string value, Deadline by) {
  if (field == "username") co_return refused(texts::kNameFixed);
  CO_TRY(const auto text, co_await set_field(caller.user, field, std::move(value), by));
  // Lost with the cache: then nobody is greeted on account of the change.
  if (!text.empty()) {
    static_cast<void>(
        co_await cache_.set(profile_marker_key(caller.user), std::move(field), kProfileMarkerTime));
  }
  co_return text;
}

Task<Result<std::string_view>> ProfileService::set_field(UserId user, std::string_view field,
                                                         std::string value, Deadline by) {
  if (field == "nickname") co_return co_await set_nickname(user, std::move(value), by);
  if (field == "avatar") co_return co_await set_avatar(user, std::move(value), by);
  if (field == "invite_confirm") co_return co_await set_invite_confirm(user, std::move(value), by);
  co_return std::string_view();
}

Task<Result<std::string_view>> ProfileService::set_nickname(UserId user, std::string value,
                                                            Deadline by) {
  if (count_utf16_units(value) > kNicknameUnits) co_return refused(texts::kNicknameTooLong);
  if (reserved_.contains(value)) co_return refused(texts::kNicknameReserved);
  CO_CHECK_OK(co_await users_.set_nickname(user, std::move(value), clock_.now(), by));
  co_return texts::kNicknameChanged;
}

Task<Result<std::string_view>> ProfileService::set_avatar(UserId user, std::string value,
                                                          Deadline by) {
  CO_CHECK_OK(check_avatar(value));
  CO_CHECK_OK(co_await users_.set_avatar(user, std::move(value), clock_.now(), by));
  co_return texts::kAvatarChanged;
}

Task<Result<std::string_view>> ProfileService::set_invite_confirm(UserId user, std::string value,
                                                                  Deadline by) {
  if (value != "0" && value != "1") co_return refused(texts::kBadInviteConfirm);
  CO_CHECK_OK(co_await users_.set_invite_confirm(user, value == "1" ? 1 : 0, clock_.now(), by));
  co_return texts::kInviteConfirmChanged;
}

Task<Result<void>> ProfileService::set_userset(Caller caller, std::string userset, Deadline by) {
  if (userset.size() > kUsersetLimit || !is_userset(userset)) {
    co_return refused(texts::kBadUserset);
  }
  co_return co_await users_.set_userset(caller.user, std::move(userset), clock_.now(), by);
}

}  // namespace qn::chat
